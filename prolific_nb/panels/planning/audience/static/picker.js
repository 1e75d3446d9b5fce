/* A search field over a list: to choose one entry, or several.
 *
 * The list is searched here, without Python. If nothing is found, the words are sent as `asked` after a pause, and
 * Python may answer with ids in `found`.
 */

const SHOWN = 60; // entries at once
const PAUSE = 400; // milliseconds without a keystroke before the server is asked
const SHORT = 8; // entries that need no search field

function make(tag, className, attributes = {}) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function folded(text) {
  return (text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** How well an entry fits the words: 0 not at all; matching inner words come last. */
function rank(entry, words) {
  const title = folded(entry.title);
  const own = `${title} ${folded(entry.detail)} ${folded(entry.id)}`;
  const text = `${own} ${folded((entry.inner ?? []).join(" "))}`;
  if (!words.every((word) => text.includes(word))) return 0;
  if (title.startsWith(words[0] ?? "")) return 4;
  if (words.every((word) => title.includes(word))) return 3;
  return words.every((word) => own.includes(word)) ? 2 : 1;
}

class Picker {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    // Random: every widget has a module of its own, so none could count.
    this.id = `pnb-picker-${Math.random().toString(36).slice(2)}`;
    this.active = -1;
    this.open = false;
    this.build();
    this.changed = () => this.drawSoon();
    this.focused = () => queueMicrotask(() => this.target().focus());
    this.watched = ["items", "chosen", "description", "placeholder", "note", "busy", "found", "free", "multiple"];
    for (const name of this.watched) model.on(`change:${name}`, this.changed);
    model.on("change:_focus", this.focused);
    model.on("change:_cleared", (this.cleared = () => this.clear()));
    this.draw();
  }

  build() {
    this.el.classList.add("pnb-picker");
    this.label = make("label", "pnb-picker-label", { for: `${this.id}-input` });
    this.input = make("input", "pnb-picker-input", {
      id: `${this.id}-input`, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-controls": `${this.id}-list`,
    });
    this.list = make("ul", "pnb-picker-list", { id: `${this.id}-list`, role: "listbox" });
    this.chosen = make("p", "pnb-picker-chosen");
    this.note = make("p", "pnb-picker-note");
    this.live = make("p", "pnb-picker-live", { role: "status", "aria-live": "polite" });
    const head = make("div", "pnb-picker-head");
    head.append(this.label, this.input);
    this.el.append(head, this.chosen, this.list, this.note, this.live);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("focus", () => this.opened());
    this.input.addEventListener("click", () => this.unfold());
    for (const node of [this.input, this.list]) node.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  remove() {
    for (const name of this.watched) this.model.off(`change:${name}`, this.changed);
    this.model.off("change:_focus", this.focused);
    this.model.off("change:_cleared", this.cleared);
    clearTimeout(this.waiting);
    this.gone = true;
    this.el.replaceChildren();
  }

  drawSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (!this.gone) this.draw();
    });
  }

  get several() {
    return this.model.get("multiple");
  }

  /** Without a search field the list itself takes the focus. */
  target() {
    return this.input.parentNode.hidden ? this.list : this.input;
  }

  opened() {
    this.model.set("opened", this.model.get("opened") + 1);
    this.model.save_changes();
  }

  unfold() {
    if (this.several || this.open) return;
    this.open = true;
    this.draw();
  }

  typed() {
    this.open = true;
    this.active = -1;
    this.draw();
    clearTimeout(this.waiting);
    if (this.shown.length || this.model.get("busy") || !this.input.value.trim()) return;
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  ask() {
    this.model.set("asked", this.input.value.trim());
    this.model.save_changes();
  }

  clear() {
    this.input.value = "";
    this.open = false;
    this.active = -1;
    clearTimeout(this.waiting);
    this.draw();
  }

  matches() {
    const items = this.model.get("items");
    const query = this.input.value.trim();
    const words = folded(query).split(/\s+/).filter(Boolean);
    const found = this.model.get("found");
    const also = found.words === query ? found.ids : [];
    const ranked = items.map((entry) => [rank(entry, words) || (also.includes(entry.id) ? 1 : 0), entry]);
    const kept = ranked.filter(([score]) => score > 0);
    if (words.length) kept.sort((one, other) => other[0] - one[0]); // stable: the catalogue's order within a rank
    const entries = kept.map(([, entry]) => entry);
    if (query && !entries.length && this.model.get("free")) {
      entries.push({ id: query, title: `Use “${query}” as an ID`, detail: "", isNew: true });
    }
    return entries;
  }

  draw() {
    const { several } = this;
    const items = this.model.get("items");
    this.label.textContent = this.model.get("description");
    this.list.setAttribute("aria-label", this.model.get("description"));
    this.input.placeholder = this.model.get("placeholder");
    const short = several && items.length <= SHORT;
    this.input.parentNode.hidden = short;
    if (short) this.input.value = "";
    this.list.tabIndex = short ? 0 : -1;
    if (several) this.list.setAttribute("aria-multiselectable", "true");
    else this.list.removeAttribute("aria-multiselectable");
    this.drawList(several || this.open);
  }

  drawList(visible) {
    const all = visible ? this.matches() : [];
    const busy = visible ? this.model.get("busy") : "";
    this.shown = all.slice(0, SHOWN);
    if (this.active < 0 && this.input.value.trim()) this.active = 0; // entries may arrive after the words
    this.active = Math.min(this.active, this.shown.length - 1);
    const chosen = this.model.get("chosen");
    this.list.replaceChildren(...this.shown.map((entry, index) => this.option(entry, index, chosen)));
    this.list.hidden = !this.shown.length;
    this.input.setAttribute("aria-expanded", String(this.shown.length > 0));
    this.point();
    const query = this.input.value.trim();
    const more = all.length > SHOWN ? `${(all.length - SHOWN).toLocaleString("en")} more: type to narrow the list.` : "";
    const none = visible && !busy && !all.length ? (query ? `Nothing is called “${query}”.` : "The list is empty.") : "";
    this.note.textContent = [busy, none, more, visible ? this.model.get("note") : ""].filter(Boolean).join(" ");
    this.note.hidden = !this.note.textContent;
    const names = Object.fromEntries(this.model.get("items").map(({ id, title }) => [id, title]));
    this.chosen.textContent = this.several && this.shown.length < this.model.get("items").length + 1 && chosen.length
      ? `Chosen: ${chosen.map((id) => names[id] ?? id).join(", ")}` : "";
    this.chosen.hidden = !this.chosen.textContent;
    const said = query && visible ? busy || none || `${all.length} found` : "";
    if (this.live.textContent !== said) this.live.textContent = said;
  }

  option(entry, index, chosen) {
    const picked = this.several && chosen.includes(entry.id);
    const node = make("li", "pnb-picker-option", {
      role: "option", id: `${this.id}-${index}`, "data-index": index, "aria-selected": String(picked),
    });
    const title = make("span", "pnb-picker-title");
    title.textContent = entry.title;
    if (this.several) node.append(make("span", "pnb-picker-box", { "aria-hidden": "true" }));
    node.append(title);
    const words = folded(this.input.value).split(/\s+/).filter(Boolean);
    const inside = words.length ? (entry.inner ?? []).filter((name) => words.some((word) => folded(name).includes(word))) : [];
    const detail = inside.length ? `has ${inside.slice(0, 3).join(", ")}` : entry.detail;
    if (detail) {
      const node2 = make("span", "pnb-picker-detail");
      node2.textContent = detail;
      node.append(node2);
    }
    return node;
  }

  /** Mark the active option; the focus stays in the field. */
  point() {
    [...this.list.children].forEach((node, index) => node.classList.toggle("pnb-picker-active", index === this.active));
    const active = this.list.children[this.active];
    for (const node of [this.input, this.list]) {
      if (active) node.setAttribute("aria-activedescendant", active.id);
      else node.removeAttribute("aria-activedescendant");
    }
    if (!active) return;
    const [inner, outer] = [active.getBoundingClientRect(), this.list.getBoundingClientRect()];
    if (inner.top < outer.top) this.list.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) this.list.scrollTop += inner.bottom - outer.bottom;
  }

  clicked(event) {
    const node = event.target.closest("[role=option]");
    if (!node) return;
    this.active = Number(node.dataset.index);
    this.pick(this.shown[this.active]);
  }

  pressed(event) {
    if (event.isComposing) return;
    // Leave Ctrl+S etc. to the notebook, but no single keys: many are notebook shortcuts.
    if (!(event.ctrlKey || event.metaKey)) event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1), Enter: () => this.enter(),
      Escape: () => this.clear(), " ": event.target === this.list ? () => this.enter() : undefined,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  step(by) {
    this.unfold();
    this.active = Math.max(0, Math.min(this.active + by, this.shown.length - 1));
    this.point();
  }

  enter() {
    if (this.shown[this.active]) this.pick(this.shown[this.active]);
    else this.unfold();
  }

  pick(entry) {
    const before = this.model.get("chosen");
    if (!this.several) this.clear();
    const kept = before.includes(entry.id) ? before.filter((id) => id !== entry.id) : [...before, entry.id];
    this.model.set("chosen", this.several ? kept : [entry.id]);
    this.model.save_changes();
    if (this.several) this.draw();
  }
}

function render({ model, el }) {
  const picker = new Picker(model, el);
  return () => picker.remove();
}

export default { render };
