/* A participant's screen in a frame that runs no scripts.
 *
 * The next document loads in a second frame, out of sight, and is swapped in when it can be read: no blank moment, and
 * nothing that was typed or ticked is lost. The frame has the notebook's origin, so that this module can measure it and
 * read its inputs, and no allow-scripts, so that nothing in it can do the same to the notebook.
 */

const SANDBOX = "allow-forms allow-same-origin";
const TALLEST = 720; // px; a longer document scrolls in its frame
const TRIES = 120; // frames of the screen (two seconds) to wait for the text alone, before waiting for pictures as well
const FIELDS = "input[name], textarea[name], select[name]";
const NOT_ENTRIES = new Set(["file", "hidden", "submit", "button", "reset", "image"]);

/** The fields of a document, each under a key that is the same in the next version of the document. */
function fields(page) {
  const found = new Map();
  for (const field of page.querySelectorAll(FIELDS)) {
    if (NOT_ENTRIES.has(field.type)) continue;
    const own = [field.name, field.type, isTicked(field) ? field.value : ""];
    let nth = 0;
    while (found.has(JSON.stringify([...own, nth]))) nth += 1;
    found.set(JSON.stringify([...own, nth]), field);
  }
  return found;
}

function isTicked(field) {
  return field.type === "radio" || field.type === "checkbox";
}

function entry(field) {
  if (isTicked(field)) return field.checked;
  if (field.options) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

function enter(field, value) {
  if (isTicked(field)) field.checked = value;
  else if (field.options) choose([...field.options], value);
  else field.value = value;
}

function choose(options, values) {
  if (!options.some((option) => values.includes(option.value))) return; // the choice is gone: keep the new default
  for (const option of options) option.selected = values.includes(option.value);
}

function entries(page) {
  return new Map([...fields(page)].map(([key, field]) => [key, entry(field)]));
}

function restore(page, kept) {
  for (const [key, field] of fields(page)) if (kept.has(key)) enter(field, kept.get(key));
}

/** Give the focus to the field that had it in the old document, with its selection. */
function refocus(from, to) {
  const held = [...fields(from)].find(([, field]) => field === from.activeElement);
  const field = held && fields(to).get(held[0]);
  if (!field) return;
  field.focus({ preventScroll: true });
  const { selectionStart, selectionEnd } = held[1];
  if (typeof selectionStart === "number") field.setSelectionRange(selectionStart, selectionEnd);
}

/** The frame's own document once its text is there; null before, and after a link has led elsewhere. */
function pageOf(frame) {
  const page = frame?.contentDocument;
  return page?.URL.startsWith("about:srcdoc") && page.readyState !== "loading" && page.body ? page : null;
}

class ParticipantScreen {
  constructor(model, el) {
    this.model = model;
    this.shown = null; // the frame in sight
    this.loading = null; // the frame that will take its place
    this.kept = new Map();
    this.build(el);
    this.sizes = new ResizeObserver(() => this.fit());
    this.watched = { html: () => this.update(), width: () => this.dress(), title: () => this.dress() };
    for (const [name, call] of Object.entries(this.watched)) model.on(`change:${name}`, call);
    this.dress();
    this.update();
  }

  build(el) {
    el.classList.add("pnb-preview");
    this.el = el;
    this.empty = document.createElement("p");
    this.empty.className = "pnb-preview-empty";
    this.empty.textContent = "Nothing to show yet.";
    this.stage = document.createElement("div");
    this.stage.className = "pnb-preview-stage";
    el.append(this.empty, this.stage);
  }

  remove() {
    this.removed = true;
    this.sizes.disconnect();
    for (const [name, call] of Object.entries(this.watched)) this.model.off(`change:${name}`, call);
    this.el.replaceChildren();
  }

  dress() {
    this.el.dataset.width = this.model.get("width");
    for (const frame of [this.shown, this.loading]) if (frame) frame.title = this.model.get("title");
  }

  /** Load what Python says now; while a frame loads, changes wait, and only the last of them is loaded after it. */
  update() {
    const html = this.model.get("html");
    this.empty.hidden = html !== "";
    this.stage.hidden = html === "";
    if (this.loading || this.shown?.srcdoc === html) return;
    this.load(html);
  }

  load(html) {
    const frame = document.createElement("iframe");
    frame.className = "pnb-preview-loading";
    frame.setAttribute("sandbox", SANDBOX);
    frame.srcdoc = html;
    frame.addEventListener("load", () => this.arrived(frame));
    this.loading = frame;
    this.dress();
    this.stage.append(frame);
    this.watch(frame, TRIES);
  }

  /** A slow picture delays the load event by seconds; the text need not wait for it. */
  watch(frame, tries) {
    if (this.removed || frame !== this.loading || tries === 0) return;
    if (pageOf(frame)) this.swap(frame);
    else requestAnimationFrame(() => this.watch(frame, tries - 1));
  }

  arrived(frame) {
    if (this.removed) return;
    if (frame === this.loading && pageOf(frame)) this.swap(frame);
    else if (frame === this.shown) this.arrivedAgain(frame);
  }

  /** The frame in sight has loaded anew: a link was followed in it, or the notebook took it out and put it back. */
  arrivedAgain(frame) {
    const page = pageOf(frame);
    if (!page) frame.srcdoc = frame.srcdoc; // eslint-disable-line no-self-assign -- brings the document back
    else if (page !== this.page) this.settle(page);
  }

  swap(frame) {
    const [old, oldPage, page] = [this.shown, pageOf(this.shown), pageOf(frame)];
    if (oldPage) this.kept = new Map([...this.kept, ...entries(oldPage)]);
    const hadFocus = old !== null && old === this.el.getRootNode().activeElement;
    this.shown = frame;
    this.loading = null;
    this.settle(page);
    frame.className = "pnb-preview-shown";
    if (oldPage) frame.contentWindow.scrollTo(0, old.contentWindow.scrollY);
    if (oldPage && hadFocus) refocus(oldPage, page);
    old?.remove();
    this.update();
  }

  settle(page) {
    this.page = page;
    restore(page, this.kept);
    this.sizes.disconnect();
    this.sizes.observe(page.documentElement);
    this.fit();
  }

  fit() {
    const page = pageOf(this.shown);
    if (!page) return;
    const height = Math.ceil(page.documentElement.getBoundingClientRect().height);
    this.shown.style.height = `${Math.min(height, TALLEST)}px`;
  }
}

function render({ model, el }) {
  const screen = new ParticipantScreen(model, el);
  return () => screen.remove();
}

export default { render };
