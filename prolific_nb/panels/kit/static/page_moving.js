/* Moving entries on the page itself: with Alt+↑ and Alt+↓, or by the handle of an entry. */

const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const EDGE = 40; // px from the edge of the frame within which dragging scrolls it

class PageMoving {
  constructor(model, redraw, say) {
    this.model = model;
    this.redraw = redraw;
    this.say = say; // for screen readers
    this.drag = null; // the entry under the pointer, and where it would be dropped
  }

  set(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === false || value === undefined) node.removeAttribute(name);
      else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    }
  }

  movable() {
    return [...this.page.querySelectorAll("[data-pnb-entry]")].filter((each) => /^\d+$/.test(each.dataset.pnbEntry));
  }

  move(event, entry, part) {
    event.preventDefault();
    const to = Number(entry.dataset.pnbEntry) + STEPS[event.key];
    this.moveTo(entry, to, part && { ...part.dataset, part: part.dataset.pnbPart, caret: caretIn(part) });
  }

  moveTo(entry, to, at) {
    const [entries, from] = [this.movable(), Number(entry.dataset.pnbEntry)];
    const places = entries.map((each) => Number(each.dataset.pnbEntry));
    if (!entries.includes(entry) || to < 0 || to > Math.max(...places)) return;
    this.wanted = { ...at, moved: true };
    this.send({ entry: String(from), to });
    this.say(`Moved to ${to + 1} of ${Math.max(...places) + 1}`);
    // What follows is about the new order, which the document shows once Python has answered.
    entries.forEach((each, n) => {
      const shift = places[n] > from && places[n] <= to ? -1 : places[n] < from && places[n] >= to ? 1 : 0;
      each.dataset.pnbEntry = String(each === entry ? to : places[n] + shift);
    });
  }

  grabbed(event) {
    const grip = event.target.closest?.(".grip");
    if (!grip || !this.model.get("editing")) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    this.drag = { entry: this.entry(grip), at: null };
    this.drag.entry.toggleAttribute("data-pnb-dragged", true);
  }

  dragged(event) {
    if (!this.drag) return;
    const view = this.page.defaultView;
    if (event.clientY < EDGE || event.clientY > view.innerHeight - EDGE) view.scrollBy(0, event.clientY < EDGE ? -12 : 12);
    const entries = this.movable();
    const above = entries.filter((each) => {
      const box = each.getBoundingClientRect();
      return event.clientY > box.top + box.height / 2;
    }).length;
    this.drag.at = above;
    const own = entries.indexOf(this.drag.entry);
    const stays = above === own || above === own + 1;
    entries.forEach((each, n) => {
      const edge = stays ? false : n === above ? "before" : n === above - 1 && above === entries.length && "after";
      this.set(each, { "data-pnb-edge": edge });
    });
  }

  released() {
    const { entry, at } = this.drag ?? {};
    const entries = entry ? this.movable() : [];
    this.cancelled();
    const own = entries.indexOf(entry);
    if (own < 0 || at === null || at === own || at === own + 1) return;
    const target = entries[at > own ? at - 1 : at];
    this.moveTo(entry, Number(target.dataset.pnbEntry));
  }

  cancelled() {
    if (!this.drag) return;
    this.drag.entry.removeAttribute("data-pnb-dragged");
    for (const each of this.movable()) each.removeAttribute("data-pnb-edge");
    this.drag = null;
    this.redraw();
  }
}

