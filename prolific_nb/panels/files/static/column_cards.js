/* One card for each column: its kind, which can be changed here, and what is in it.
 *
 * Pictures, sounds and videos are loaded only after "Show media" was clicked, and only over https: loading them tells
 * their servers that somebody looks at the data.
 */

const MEDIA = {
  image: (url) => make("img", "pnb-media-item", { src: url, alt: url, loading: "lazy", referrerpolicy: "no-referrer" }),
  audio: (url) => make("audio", "pnb-media-item", { src: url, controls: "", preload: "none", "aria-label": url }),
  video: (url) => make("video", "pnb-media-item", { src: url, controls: "", preload: "metadata", "aria-label": url }),
};

function make(tag, className, attributes = {}, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}

const count = (number) => number.toLocaleString("en-US");

/** A histogram as bars of CSS; its numbers are in words for those who do not see it. */
function histogram({ bins, shortest, median, longest }) {
  const unit = longest === 1 ? "character" : "characters";
  const range = `${count(shortest)} to ${count(longest)} ${unit}, median ${count(median)}`;
  const words = shortest === longest ? `${count(longest)} ${unit} each` : range;
  const most = Math.max(...bins);
  const label = `Lengths of cells: ${words}. Cells in ${bins.length} equal ranges: ${bins.map(count).join(", ")}.`;
  const bars = make("div", "pnb-lengths", { role: "img", "aria-label": label });
  for (const cells of bins) {
    const bar = make("span", "pnb-length");
    bar.style.height = cells ? `${Math.max((100 * cells) / most, 4)}%` : "0";
    bars.append(bar);
  }
  const figure = make("div", "pnb-histogram");
  figure.append(bars, make("div", "pnb-card-small", {}, words));
  return figure;
}

function example({ text, times }) {
  const line = make("li", "pnb-example");
  line.append(make("bdi", "pnb-example-text", { title: text }, text));
  if (times > 1) line.append(make("span", "pnb-example-times", {}, ` × ${count(times)}`));
  return line;
}

class Card {
  constructor(cards, index) {
    this.cards = cards;
    this.index = index;
    this.node = make("li", "pnb-column");
    this.name = make("h4", "pnb-column-name");
    this.kind = make("select", "pnb-column-kind");
    this.head = make("div", "pnb-column-head");
    this.head.append(this.name, this.kind);
    this.counts = make("div", "pnb-card-small");
    this.about = make("div", "pnb-column-about");
    this.node.append(this.head, this.counts, this.about);
    this.kind.addEventListener("change", () => cards.choose(this.index, this.kind.value));
  }

  fill(column, kinds) {
    const content = JSON.stringify([column, kinds]);
    if (content === this.content) return; // most cards stay as they are while one kind is changed
    this.content = content;
    this.name.replaceChildren(make("bdi", "", {}, column.name));
    this.name.title = column.name;
    this.kind.setAttribute("aria-label", `Kind of ${column.name}`);
    this.kind.replaceChildren(...kinds.map(([value, words]) => make("option", "", { value }, words)));
    this.kind.value = column.kind;
    this.fillAbout(column);
  }

  fillAbout(column) {
    const { distinct, empty, profiled } = column;
    const blanks = empty ? `${count(empty)} empty` : "none empty";
    this.counts.textContent = profiled ? `${count(distinct)} distinct, ${blanks}` : "Counting…";
    this.counts.classList.toggle("pnb-has-empty", empty > 0);
    const parts = column.bins.length ? [histogram(column)] : [];
    const examples = make("ul", "pnb-examples", { role: "list", "aria-label": `Examples of ${column.name}` });
    examples.append(...column.examples.map(example));
    if (column.examples.length) parts.push(examples);
    if (column.media.length) parts.push(this.media(column));
    this.about.replaceChildren(...parts);
  }

  media(column) {
    const place = make("div", "pnb-media");
    const label = `Show ${column.media.length === 1 ? "it" : `the first ${column.media.length}`}`;
    const about = { type: "button", title: "Loads them from their servers", "aria-label": `${label} of ${column.name}` };
    const button = make("button", "pnb-media-show pnb-button jupyter-button", about, label);
    button.addEventListener("click", () => {
      const items = column.media.filter((url) => url.startsWith("https://")).map((url) => this.item(column.kind, url));
      place.replaceChildren(...items);
      place.tabIndex = -1;
      place.focus(); // the button that had the focus is gone
    });
    place.append(button);
    return place;
  }

  item(kind, url) {
    const item = MEDIA[kind](url);
    item.addEventListener("error", () => {
      item.replaceWith(make("span", "pnb-media-broken", { title: url }, "✕ does not load"));
    });
    return item;
  }
}

class ColumnCards {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.shown = [];
    el.classList.add("pnb-columns");
    this.list = make("ul", "pnb-columns-list", { role: "list", "aria-label": "Columns", tabindex: "0" });
    el.append(this.list);
    this.changed = () => this.draw();
    model.on("change:columns", this.changed);
    this.ending = new AbortController();
    // Single keys must not become shortcuts of the notebook; Ctrl+Z is the panel's.
    const keep = (event) => event.ctrlKey || event.metaKey || event.stopPropagation();
    el.addEventListener("keydown", keep, { signal: this.ending.signal });
    this.draw();
  }

  draw() {
    const columns = this.model.get("columns");
    while (this.shown.length < columns.length) {
      this.shown.push(new Card(this, this.shown.length));
      this.list.append(this.shown.at(-1).node);
    }
    while (this.shown.length > columns.length) this.shown.pop().node.remove();
    this.shown.forEach((card, index) => card.fill(columns[index], this.model.get("kinds")));
  }

  choose(index, kind) {
    this.model.send({ column: this.model.get("columns")[index].name, kind });
  }

  remove() {
    this.ending.abort();
    this.model.off("change:columns", this.changed);
    this.el.replaceChildren();
  }
}

function render({ model, el }) {
  const cards = new ColumnCards(model, el);
  return () => cards.remove();
}

export default { render };
