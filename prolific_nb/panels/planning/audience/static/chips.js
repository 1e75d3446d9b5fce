/* The audience as chips: one tab stop, arrow keys move, Enter edits, Delete removes.
 *
 * Python owns the tree. A press is sent as `pressed`, a removal as `removed`, each with a number so that the same one
 * can be sent twice.
 */

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function make(tag, className, attributes = {}) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

class Chips {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.at = 0;
    this.build();
    this.changed = () => this.drawSoon();
    this.focused = () => this.focusOn(this.model.get("_focus")[0]);
    for (const name of ["nodes", "current", "label"]) model.on(`change:${name}`, this.changed);
    model.on("change:_focus", this.focused);
    this.draw();
  }

  build() {
    this.el.classList.add("pnb-chips");
    this.bar = make("div", "pnb-chips-bar", { role: "toolbar" });
    this.hint = make("p", "pnb-chips-hint");
    this.hint.textContent = "Enter edits, Delete removes, arrow keys move.";
    this.live = make("p", "pnb-chips-live", { "aria-live": "polite", role: "status" });
    this.bar.addEventListener("keydown", (event) => this.pressed(event));
    this.bar.addEventListener("click", (event) => this.clicked(event));
    this.bar.addEventListener("focusin", (event) => this.arrived(event.target));
    this.el.append(this.bar, this.hint, this.live);
  }

  remove() {
    for (const name of ["nodes", "current", "label"]) this.model.off(`change:${name}`, this.changed);
    this.model.off("change:_focus", this.focused);
    this.gone = true;
    this.el.replaceChildren();
  }

  /** One message can change several traits; draw once for all of them. */
  drawSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (!this.gone) this.draw();
    });
  }

  draw() {
    const had = this.bar.contains(this.el.getRootNode().activeElement);
    this.buttons = [];
    this.bar.setAttribute("aria-label", this.model.get("label"));
    this.bar.replaceChildren(...this.row(this.model.get("nodes"), "and"));
    this.bar.hidden = this.buttons.length === 0;
    this.hint.hidden = this.buttons.length === 0;
    this.at = Math.max(0, Math.min(this.at, this.buttons.length - 1));
    this.settle();
    if (had && this.buttons.length) this.buttons[this.at].focus();
  }

  /** The chips of one level with the word that combines them; a group is a box with chips of its own. */
  row(nodes, word) {
    const parts = nodes.map((node) => (node.children ? this.group(node) : this.chip(node)));
    return parts.flatMap((part, index) => (index ? [this.word(word), part] : [part]));
  }

  word(word) {
    const node = make("span", "pnb-chips-word");
    node.textContent = word;
    return node;
  }

  group(node) {
    const box = make("span", "pnb-chips-group", { role: "group", "aria-label": node.text });
    box.append(...this.row(node.children, node.word));
    return box;
  }

  chip({ id, text, code, editable, fixed }) {
    const chip = make("span", "pnb-chip");
    const current = id === this.model.get("current");
    chip.classList.toggle("pnb-chip-current", current);
    const words = make("button", "pnb-chip-words", { type: "button", "data-id": id, tabindex: "-1", title: code });
    words.textContent = text;
    words.setAttribute("aria-label", editable ? `Edit: ${text}` : text);
    words.setAttribute("aria-pressed", String(current));
    if (!editable) words.setAttribute("aria-disabled", "true");
    chip.append(words);
    if (!editable && code) {
      const kept = make("code", "pnb-chip-code");
      kept.textContent = code.length > 60 ? `${code.slice(0, 59)}…` : code;
      words.append(" ", kept);
    }
    if (!fixed) {
      const cross = make("button", "pnb-chip-remove", { type: "button", "data-remove": id, tabindex: "-1" });
      cross.setAttribute("aria-label", `Remove: ${text}`);
      cross.title = "Remove (Delete)";
      cross.textContent = "×";
      chip.append(cross);
    }
    this.buttons.push(words);
    return chip;
  }

  settle() {
    this.buttons.forEach((button, index) => (button.tabIndex = index === this.at ? 0 : -1));
  }

  arrived(target) {
    const index = this.buttons.indexOf(target);
    if (index < 0) return;
    this.at = index;
    this.settle();
  }

  focusOn(id) {
    queueMicrotask(() => {
      const index = this.buttons.findIndex((button) => button.dataset.id === id);
      if (index < 0) return;
      this.at = index;
      this.settle();
      this.buttons[index].focus();
    });
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.remove) this.send("removed", button.dataset.remove);
    else if (button.getAttribute("aria-disabled") !== "true") this.send("pressed", button.dataset.id);
  }

  pressed(event) {
    // Leave Ctrl+S etc. to the notebook, but no single keys: many are notebook shortcuts.
    if (!(event.ctrlKey || event.metaKey)) event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.buttons.indexOf(event.target);
    const ends = { Home: 0, End: this.buttons.length - 1 };
    if (event.key in STEPS || event.key in ends) {
      event.preventDefault();
      const to = event.key in ends ? ends[event.key] : at + STEPS[event.key];
      this.buttons[Math.max(0, Math.min(to, this.buttons.length - 1))].focus();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      if (at >= 0 && event.target.parentNode.querySelector("[data-remove]")) this.send("removed", event.target.dataset.id);
    }
  }

  send(name, id) {
    if (name === "removed") {
      const gone = this.buttons.find((button) => button.dataset.id === id);
      this.live.textContent = `Removed: ${gone.textContent}`;
    }
    this.model.set(name, [id, this.model.get(name)[1] + 1]);
    this.model.save_changes();
  }
}

function render({ model, el }) {
  const chips = new Chips(model, el);
  return () => chips.remove();
}

export default { render };
