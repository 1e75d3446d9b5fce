/* What desks have in common: their head, their traits, acts that wait for Python, focus and keys.
 *
 * A desk extends this class by `refresh`, `opened`, `handled` and its `frames`. Python puts this text before its own.
 */

const TYPED_INTO = "input, textarea, select";
const PLAYED = "audio, video"; // arrow keys move within them

class FramedDesk {
  constructor(model, el, watched) {
    this.model = model;
    this.el = el;
    this.watched = watched; // names of the traits that are drawn
    this.live = make("p", "pnb-desk-live", { role: "status" });
  }

  // --- the document ------------------------------------------------------------------------------------------------

  /** Make the desk one stop of the keyboard. */
  dress(label, attributes = {}) {
    const focus = { tabindex: "0", role: "group", "aria-label": label, ...attributes };
    // Without the last of these, JupyterLab would take keys for commands.
    for (const [name, value] of Object.entries({ ...focus, "data-lm-suppress-shortcuts": "true" })) this.el.setAttribute(name, value);
    this.el.classList.add("pnb-desk");
  }

  /** How much is done, in words and as a bar, and what stands beside it. */
  progressHead(label, beside) {
    this.fill = make("b");
    this.bar = make("div", "pnb-desk-bar", { role: "progressbar", "aria-label": label, "aria-valuemin": "0" }, this.fill);
    this.words = make("span", "pnb-desk-progress");
    return make("div", "pnb-desk-head", {}, make("div", "pnb-desk-done", {}, this.words, this.bar), beside);
  }

  drawProgress(done) {
    const [total, progress] = [this.model.get("total"), this.model.get("progress")];
    this.words.textContent = progress;
    this.fill.style.width = `${total ? (100 * done) / total : 0}%`;
    for (const [name, value] of [["valuemax", total], ["valuenow", done], ["valuetext", progress]]) this.bar.setAttribute(`aria-${name}`, value);
  }

  listen() {
    this.ending = new AbortController();
    this.on(this.el, "keydown", (event) => this.key(event));
    this.changed = () => this.refreshSoon();
    for (const name of this.watched) this.model.on(`change:${name}`, this.changed);
    this.seen = new ResizeObserver(() => this.opened());
    this.seen.observe(this.el);
  }

  /** Listen until the desk is removed. */
  on(node, type, handle) {
    node.addEventListener(type, handle, { signal: this.ending.signal });
  }

  remove() {
    this.removed = true;
    this.ending.abort();
    this.seen.disconnect();
    this.frames.remove();
    for (const name of this.watched) this.model.off(`change:${name}`, this.changed);
    this.el.replaceChildren();
  }

  // --- Python --------------------------------------------------------------------------------------------------------

  /** One message can change several traits; draw once for all of them. */
  refreshSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (!this.removed) this.refresh();
    });
  }

  /** What was done here and is not carried out yet. */
  waiting() {
    return this.model.get("acts").filter((act) => act.n > this.model.get("applied"));
  }

  send(act) {
    const waiting = this.waiting();
    const n = Math.max(waiting.at(-1)?.n ?? 0, this.model.get("applied")) + 1;
    this.model.set("acts", [...waiting, { ...act, n }]);
    this.model.save_changes();
  }

  say(words) {
    if (this.live.textContent !== words) this.live.textContent = words;
  }

  // --- focus and keys ------------------------------------------------------------------------------------------------

  get active() {
    return this.el.getRootNode().activeElement;
  }

  focusDesk() {
    this.el.focus({ preventScroll: true });
  }

  /** Unless someone types, or moves by keyboard in the panel. */
  mayTakeFocus() {
    const active = this.active;
    if (!active || active.matches("body")) return true;
    if (active.matches(`${TYPED_INTO}, [contenteditable=true]`) || this.el.contains(active)) return false;
    return !active.closest(".pnb-panel") || !active.matches(":focus-visible");
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    if (!this.handled(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }
}

