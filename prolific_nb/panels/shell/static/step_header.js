/* The line of a step: a heading with the button that opens it.
 *
 * Opening is shown at once, by a class of the step; the kernel follows and builds what has not been shown before.
 */

const WORDS = {
  "to do": "To do",
  optional: "Optional",
  "needs attention": "Needs attention",
  running: "Running",
  done: "Done",
};

function element(name, className, parent) {
  const made = document.createElement(name);
  made.className = className;
  parent.append(made);
  return made;
}

class StepHeader {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    el.classList.add("pnb-step-head");
    const heading = element("h3", "pnb-step-title", el);
    this.button = element("button", "pnb-step-button", heading);
    this.button.type = "button";
    this.number = element("span", "pnb-step-number", this.button);
    this.number.setAttribute("aria-hidden", "true");
    this.title = element("span", "pnb-step-name", this.button);
    this.words = element("span", "pnb-step-words", this.button);
    this.state = element("span", "pnb-step-state", this.button);
    this.button.addEventListener("click", () => this.toggle());
    this.onChange = () => this.show();
    this.onAsked = () => this.focus();
    model.on("change", this.onChange);
    model.on("change:asked", this.onAsked);
    this.show();
    this.attach(0);
  }

  /** The element is put into the step after `render` has been called. */
  attach(tries) {
    this.step = this.el.closest(".pnb-step");
    if (this.step) this.show();
    else if (tries < 600 && !this.removed) requestAnimationFrame(() => this.attach(tries + 1));
  }

  toggle() {
    this.model.set("shown", !this.model.get("shown"));
    this.model.save_changes();
    this.show();
  }

  focus() {
    this.button.focus({ preventScroll: true });
    // Once the step before it is folded and this one is open; below the bar, which stays in view.
    const bar = this.el.closest(".pnb-studio")?.querySelector(".pnb-bar");
    const scroll = () => {
      if (!this.step) return;
      this.step.style.scrollMarginTop = `${bar?.offsetHeight ?? 0}px`;
      this.step.scrollIntoView({ block: "start" });
    };
    requestAnimationFrame(() => requestAnimationFrame(scroll));
  }

  show() {
    const get = (name) => this.model.get(name);
    const state = get("state");
    this.number.textContent = state === "done" ? "✓" : String(get("number"));
    this.title.textContent = get("title");
    this.words.textContent = get("words");
    this.state.textContent = WORDS[state] ?? state;
    this.el.dataset.state = state;
    this.button.setAttribute("aria-expanded", String(get("shown")));
    if (!this.step) return;
    this.step.classList.toggle("pnb-folded", !get("shown"));
    this.step.setAttribute("role", "region");
    this.step.setAttribute("aria-label", get("title"));
  }

  remove() {
    this.removed = true;
    this.model.off("change", this.onChange);
    this.model.off("change:asked", this.onAsked);
    this.el.replaceChildren();
  }
}

function render({ model, el }) {
  const header = new StepHeader(model, el);
  return () => header.remove();
}

export default { render };
