/* A list whose entries can be moved by mouse, keyboard or button.
 *
 * Python owns the list, and may change its ids after a move, so entries are identified by position here. Each action
 * is shown at once, queued, and sent to Python one move at a time, in the ids of Python's latest answer.
 */

const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const LEVELS = { error: ["✕", "Error"], warning: ["!", "Warning"], note: ["i", "Note"] };
const DRAG_TYPE = "application/x-pnb-entry"; // not text/plain, which a code cell would insert as text
const SPOKEN = 60; // characters of a title that are read aloud after a move

function make(tag, className, attributes = {}) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function clipped(text) {
  return text.length > SPOKEN ? `${text.slice(0, SPOKEN)}…` : text;
}

/** The list after an action: {at} selects, {from, to} moves an entry and selects it. */
function applied({ items }, action) {
  if (action.to === undefined) return { items, at: action.at };
  const moved = [...items];
  moved.splice(action.to, 0, ...moved.splice(action.from, 1));
  return { items: moved, at: action.to };
}

/** One line of the list; reused when the list changes, since removing a focused node would lose the focus. */
class Row {
  constructor() {
    this.node = make("li", "pnb-entry", { draggable: "true" });
    this.title = make("span", "pnb-entry-title");
    this.kind = make("span", "pnb-entry-kind");
    this.problem = make("span", "pnb-entry-problem");
    this.entry = make("button", "pnb-entry-pick", { type: "button", "data-part": "entry" });
    this.up = make("button", "pnb-entry-move", { type: "button", "data-part": "up", title: "Move up (Alt+↑)" });
    this.down = make("button", "pnb-entry-move", { type: "button", "data-part": "down", title: "Move down (Alt+↓)" });
    this.moves = make("span", "pnb-entry-moves");
    this.entry.append(this.title, this.kind, this.problem);
    this.up.textContent = "▲";
    this.down.textContent = "▼";
    this.moves.append(this.up, this.down);
    this.node.append(make("span", "pnb-entry-grip", { "aria-hidden": "true" }), this.entry, this.moves);
  }

  fill(item, rowState) {
    const content = JSON.stringify([item, rowState]);
    if (content === this.content) return; // most rows stay as they are while one is edited
    this.content = content;
    this.refill(item, rowState);
  }

  refill(item, { selected, tabbable, first, last }) {
    this.node.classList.toggle("pnb-divider", Boolean(item.divider));
    this.node.classList.toggle("pnb-beside", Boolean(item.beside));
    this.node.classList.toggle("pnb-selected", selected);
    this.title.textContent = item.title ?? "";
    this.kind.textContent = item.beside ? `beside · ${item.kind ?? ""}` : (item.kind ?? "");
    this.entry.title = item.title ?? "";
    this.entry.tabIndex = tabbable ? 0 : -1;
    this.entry.setAttribute("aria-current", String(selected));
    this.moves.hidden = !selected;
    this.up.setAttribute("aria-label", `Move up: ${clipped(this.title.textContent)}`);
    this.down.setAttribute("aria-label", `Move down: ${clipped(this.title.textContent)}`);
    // aria-disabled: disabling a button that has the focus would lose the focus
    this.up.setAttribute("aria-disabled", String(first));
    this.down.setAttribute("aria-disabled", String(last));
    this.fillProblem(item);
  }

  fillProblem({ problem, level }) {
    this.problem.hidden = !problem;
    this.problem.dataset.level = level ?? "";
    const [sign, word] = LEVELS[level] ?? ["", ""];
    const icon = make("span", "pnb-entry-icon", { "aria-hidden": "true" });
    icon.textContent = sign;
    this.problem.replaceChildren(...(sign ? [icon] : []), word ? `${word}: ${problem}` : (problem ?? ""));
  }
}

class SortableList {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.rows = [];
    this.queue = []; // actions not sent to Python yet
    this.waiting = null; // the number of the move that Python has not acknowledged yet
    this.dragged = null; // the position of the entry under the pointer
    this.build();
    this.listen();
    this.refresh();
  }

  build() {
    this.el.classList.add("pnb-sortable");
    this.list = make("ol", "pnb-entries", { role: "list" }); // Safari drops the role of a list without numbers
    this.empty = make("p", "pnb-entries-note");
    this.empty.textContent = "Nothing here yet. Items that you add appear in this list.";
    this.hint = make("p", "pnb-entries-note");
    this.hint.textContent = "To reorder: drag, or Alt+↑ and Alt+↓.";
    this.live = make("p", "pnb-entries-live", { "aria-live": "polite", role: "status" });
    this.el.append(this.list, this.empty, this.hint, this.live);
  }

  listen() {
    this.ending = new AbortController();
    const on = (type, handle) =>
      this.list.addEventListener(type, handle.bind(this), { signal: this.ending.signal });
    on("click", this.clicked);
    on("keydown", this.pressed);
    on("dragstart", this.dragStarted);
    on("dragover", this.draggedOver);
    on("dragleave", this.dragLeft);
    on("drop", this.dropped);
    on("dragend", this.dragEnded);
    this.changed = () => this.refreshSoon();
    this.watched = ["items", "selected", "label", "_answered"].map((name) => `change:${name}`);
    for (const name of this.watched) this.model.on(name, this.changed);
  }

  remove() {
    this.ending.abort();
    for (const name of this.watched) this.model.off(name, this.changed);
    this.el.replaceChildren();
  }

  /** One message can change several traits; draw once for all of them. */
  refreshSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (!this.ending.signal.aborted) this.refresh();
    });
  }

  /** Take Python's list, and reapply the actions that have not been sent yet. */
  refresh() {
    if (this.waiting !== null && this.model.get("_answered") !== this.waiting) return;
    this.waiting = null;
    this.shown = this.latestFromPython();
    this.flush();
    for (const action of this.queue) this.shown = applied(this.shown, action);
    this.draw();
  }

  latestFromPython() {
    const items = this.model.get("items");
    return { items, at: items.findIndex((item) => item.id === this.model.get("selected")) };
  }

  enqueue(action, part) {
    this.queue.push(action);
    this.shown = applied(this.shown, action);
    this.flush();
    this.draw(part);
    if (action.to !== undefined) this.announce(action.to);
  }

  flush() {
    while (this.waiting === null && this.queue.length) this.send(this.queue.shift());
  }

  send(action) {
    const after = applied(this.latestFromPython(), action);
    this.model.set("selected", after.items[after.at]?.id ?? "");
    if (action.to !== undefined) {
      this.waiting = this.model.get("_asked") + 1;
      this.model.set("order", after.items.map((item) => item.id));
      this.model.set("_asked", this.waiting);
      this.shown = after;
    }
    this.model.save_changes();
  }

  announce(to) {
    const { items } = this.shown;
    this.live.textContent = `${clipped(items[to].title ?? "")} moved to ${to + 1} of ${items.length}`;
  }

  /** Draw the list; if the focus was in it, move it to `part` of the selected entry. */
  draw(part = this.focused()?.part) {
    const { items, at } = this.shown;
    this.list.setAttribute("aria-label", this.model.get("label"));
    this.empty.hidden = items.length > 0;
    this.hint.hidden = items.length < 2;
    while (this.rows.length < items.length) this.addRow();
    while (this.rows.length > items.length) this.rows.pop().node.remove();
    this.rows.forEach((row, index) => row.fill(items[index], this.rowState(index)));
    if (part && at >= 0) this.rows[at][part].focus();
    if (at >= 0 && at !== this.revealed) this.reveal(this.rows[at].node);
    this.revealed = at;
  }

  rowState(index) {
    const { items, at } = this.shown;
    const last = items.length - 1;
    return {
      selected: index === at,
      tabbable: index === Math.max(at, 0),
      first: index === 0,
      last: index === last,
    };
  }

  addRow() {
    const row = new Row();
    this.rows.push(row);
    this.list.append(row.node);
  }

  /** Scroll the list only; the notebook must not scroll when Python selects an entry. */
  reveal(node) {
    const [inner, outer] = [node.getBoundingClientRect(), this.list.getBoundingClientRect()];
    if (inner.top < outer.top) this.list.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) this.list.scrollTop += inner.bottom - outer.bottom;
  }

  focused() {
    const active = this.el.getRootNode().activeElement;
    const index = this.position(active);
    return index < 0 ? null : { index, part: active.dataset.part };
  }

  position(node) {
    return node ? this.rows.findIndex((row) => row.node.contains(node)) : -1;
  }

  select(at) {
    if (at >= 0 && at < this.rows.length) this.enqueue({ at }, "entry");
  }

  move(from, to, part) {
    if (to >= 0 && to < this.rows.length && to !== from) this.enqueue({ from, to }, part);
  }

  clicked(event) {
    const button = event.target.closest("button");
    const index = this.position(button);
    if (index < 0) return;
    if (button.dataset.part === "entry") this.select(index);
    else this.move(index, index + (button.dataset.part === "up" ? -1 : 1), button.dataset.part);
  }

  pressed(event) {
    const step = STEPS[event.key];
    const ends = { Home: 0, End: this.rows.length - 1 };
    const at = this.focused()?.index ?? -1;
    const withKey = event.altKey || event.ctrlKey;
    if (event.key === "Delete" || event.key === "Backspace") return; // the panel around the list removes the entry
    // Leave Ctrl+S etc. to the notebook, but no single keys: many are notebook shortcuts.
    if (step || !(event.ctrlKey || event.metaKey)) event.stopPropagation();
    if (at < 0 || event.metaKey || event.shiftKey || (step === undefined && (withKey || !(event.key in ends)))) return;
    event.preventDefault();
    if (step && withKey) this.move(at, at + step, "entry");
    else this.select(step ? at + step : ends[event.key]);
  }

  dragStarted(event) {
    this.dragged = this.position(event.target);
    event.dataTransfer.setData(DRAG_TYPE, "");
    event.dataTransfer.effectAllowed = "move";
    event.stopPropagation();
  }

  draggedOver(event) {
    if (this.dragged === null) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "move";
    this.mark(this.dropIndex(event.clientY));
  }

  dragLeft(event) {
    if (!this.list.contains(event.relatedTarget)) this.mark(null);
  }

  dropped(event) {
    if (this.dragged === null) return;
    event.preventDefault();
    event.stopPropagation();
    const dropIndex = this.dropIndex(event.clientY);
    this.move(this.dragged, dropIndex > this.dragged ? dropIndex - 1 : dropIndex, "entry");
  }

  dragEnded() {
    this.dragged = null;
    this.mark(null);
  }

  /** The number of entries above the drop position; a pointer near the middle of an entry counts as past it. */
  dropIndex(y) {
    return this.rows.filter(({ node }, index) => {
      const box = node.getBoundingClientRect();
      return y > box.top + box.height * (index > this.dragged ? 0.4 : 0.6);
    }).length;
  }

  mark(dropIndex) {
    this.rows.forEach(({ node }, index) => {
      node.classList.toggle("pnb-drop-before", index === dropIndex);
      node.classList.toggle("pnb-drop-after", dropIndex === this.rows.length && index === dropIndex - 1);
      node.classList.toggle("pnb-dragged", dropIndex !== null && index === this.dragged);
    });
  }
}

function render({ model, el }) {
  const list = new SortableList(model, el);
  return () => list.remove();
}

export default { render };
