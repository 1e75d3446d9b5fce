/* Names and keys for the widgets of one panel.
 *
 * ipywidgets cannot set ARIA attributes from Python, and knows no keys. This module finds the panel that it stands in,
 * completes its elements whenever they change, and listens for keys. It holds no state: what a key does is a click on a
 * button, or an undo in the kernel.
 */

const PRESSED = "button.jupyter-button.widget-toggle-button";
const GROUPS = ".widget-toggle-buttons";
const TYPED = "input:not([type=checkbox], [type=radio], [type=button], [type=range]), textarea, [contenteditable=true]";

const OWN_HISTORY = ".pnb-rich"; // fields that undo what is typed in them

/** Set an attribute only if it changes: the observer below would otherwise be called for ever. */
function set(element, name, value) {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function press(root) {
  for (const button of root.querySelectorAll(PRESSED)) {
    const on = String(button.classList.contains("mod-active"));
    const folds = button.classList.contains("pnb-fold");
    set(button, folds ? "aria-expanded" : "aria-pressed", on);
  }
}

/** A group of toggle buttons is one tab stop; the arrow keys choose. */
function group(root) {
  for (const each of root.querySelectorAll(GROUPS)) {
    const tabs = each.classList.contains("pnb-tabs");
    const inner = each.querySelector(".widget-toggle-button")?.parentElement;
    if (!inner) continue;
    set(inner, "role", tabs ? "tablist" : "radiogroup");
    const label = each.querySelector(".widget-label")?.textContent.trim();
    if (label) set(inner, "aria-label", label);
    for (const button of inner.querySelectorAll("button")) {
      const on = button.classList.contains("mod-active");
      button.removeAttribute("aria-pressed");
      set(button, "role", tabs ? "tab" : "radio");
      set(button, tabs ? "aria-selected" : "aria-checked", String(on));
      set(button, "tabindex", on ? "0" : "-1");
    }
  }
}

function progress(root) {
  for (const bar of root.querySelectorAll(".widget-hprogress .progress")) {
    set(bar, "role", "progressbar");
    const label = bar.closest(".widget-hprogress").querySelector(".widget-label")?.textContent.trim();
    set(bar, "aria-label", label || "Progress");
    const filled = parseFloat(bar.querySelector(".progress-bar")?.style.width);
    if (!Number.isNaN(filled)) set(bar, "aria-valuenow", String(Math.round(filled)));
  }
}

function nameAll(root, names) {
  for (const [mark, [role, label]] of Object.entries(names)) {
    for (const element of root.getElementsByClassName(mark)) {
      const inner = element.matches("button") ? element : (element.querySelector("input, select, textarea") ?? element);
      const target = role ? element : inner;
      if (role) set(target, "role", role);
      set(target, "aria-label", label);
    }
  }
}

/** Move to another button of a group. */
function step(event) {
  const button = event.target.closest(`${GROUPS} button`);
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!button || !by) return false;
  const all = [...button.parentElement.querySelectorAll("button:not([disabled])")];
  const next = all[(all.indexOf(button) + by + all.length) % all.length];
  next.click();
  next.focus();
  return true;
}

function isShown(element) {
  return element.isConnected && element.checkVisibility({ visibilityProperty: true });
}

/** Whether an element can keep the focus; one that is disabled gets no keys. */
function isUsable(element) {
  return isShown(element) && !element.disabled;
}

/** The elements around one, up to the outermost panel. */
function ancestors(element) {
  const found = [];
  for (let each = element.parentElement; each?.closest(".pnb-panel"); each = each.parentElement) found.push(each);
  return found;
}

class Surface {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.onKey = (event) => this.key(event);
    this.onNames = () => this.complete();
    this.onFocus = (event) => this.focused(event.target);
    this.onBlur = (event) => event.relatedTarget === null && isUsable(event.target) && this.focused(null);
    model.on("change:labels", this.onNames);
    el.style.display = "none";
    this.tries = 0;
    this.attach();
  }

  /** The element is put into the panel after `render` has been called. */
  attach() {
    this.root = this.el.closest(".pnb-panel");
    if (!this.root) {
      if (this.tries++ < 600 && !this.removed) requestAnimationFrame(() => this.attach());
      return;
    }
    // While it goes down the tree, since fields of ipywidgets let no key pass; in a field with its own history on the way
    // back, since what that field undoes is not undone twice.
    this.root.addEventListener("keydown", this.onKey, true);
    this.root.addEventListener("keydown", this.onKey);
    this.root.addEventListener("focusin", this.onFocus);
    this.root.addEventListener("focusout", this.onBlur);
    this.seen = new MutationObserver(() => this.soon());
    const what = ["class", "style", "disabled"];
    this.seen.observe(this.root, { subtree: true, childList: true, attributes: true, attributeFilter: what });
    this.complete();
  }

  soon() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (!this.removed) this.complete();
    });
  }

  complete() {
    if (!this.root) return;
    press(this.root);
    group(this.root);
    progress(this.root);
    nameAll(this.root, this.model.get("labels"));
    // Later: it may be hidden for a moment only.
    if (this.held && !isUsable(this.held[0])) setTimeout(() => this.removed || this.keepFocus(), 60);
  }

  /** Remember what has the focus, and what it is in; the panels in this one remember theirs. */
  focused(element) {
    if (element && element.closest(".pnb-panel") !== this.root) element = null;
    this.held = element && [element, ...ancestors(element)];
  }

  /** What had the focus may be hidden, disabled or removed by what it did; what is around it then gets the focus. */
  keepFocus() {
    const active = this.root.ownerDocument.activeElement;
    if (!this.held || isUsable(this.held[0]) || (active !== active.ownerDocument.body && active !== this.held[0])) return;
    const near = this.held.slice(1).find(isShown);
    this.held = null;
    if (!near) return;
    if (!near.hasAttribute("tabindex")) {
      const its = { tabindex: "-1", "data-lm-suppress-shortcuts": "true" }; // else a typed "dd" would delete the cell
      for (const [name, value] of Object.entries(its)) near.setAttribute(name, value);
      const left = () => Object.keys(its).forEach((name) => near.removeAttribute(name));
      near.addEventListener("focusout", left, { once: true });
    }
    near.focus({ preventScroll: true });
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing || event.target.closest(".pnb-panel") !== this.root) return;
    if ((event.eventPhase === Event.CAPTURING_PHASE) === Boolean(event.target.closest(OWN_HISTORY))) return;
    if (step(event) || this.undo(event) || this.click(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  undo(event) {
    if (!this.model.get("undoes") || !(event.ctrlKey || event.metaKey) || event.altKey) return false;
    const key = event.key.toLowerCase();
    const redo = key === "y" || (key === "z" && event.shiftKey);
    if (key !== "z" && key !== "y") return false;
    if (event.target.matches(TYPED) && event.target.closest(".pnb-draft")) return false; // not yet part of the value
    const trait = redo ? "_redone" : "_undone";
    this.model.set(trait, this.model.get(trait) + 1);
    this.model.save_changes();
    return true;
  }

  click(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const typing = event.target.matches(TYPED);
    for (const [mark, key, button] of this.model.get("shortcuts")) {
      const pressed = key === event.key || (key === "Delete" && event.key === "Backspace");
      if (!pressed || (typing && key === "Delete") || !event.target.closest(`.${mark}`)) continue;
      const found = this.root.getElementsByClassName(button)[0];
      const clicked = found?.matches("button") ? found : found?.querySelector("button");
      if (!clicked || clicked.disabled) return false;
      event.target.dispatchEvent(new Event("change", { bubbles: true })); // a field may sync only when it is left
      clicked.click();
      return true;
    }
    return false;
  }

  remove() {
    this.removed = true;
    this.seen?.disconnect();
    this.root?.removeEventListener("keydown", this.onKey, true);
    this.root?.removeEventListener("keydown", this.onKey);
    this.root?.removeEventListener("focusin", this.onFocus);
    this.root?.removeEventListener("focusout", this.onBlur);
    this.model.off("change:labels", this.onNames);
  }
}

function render({ model, el }) {
  const surface = new Surface(model, el);
  return () => surface.remove();
}

export default { render };
