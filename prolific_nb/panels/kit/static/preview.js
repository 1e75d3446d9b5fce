/* A participant's screen in a frame that runs no scripts.
 *
 * The first document of a row loads in a second frame, out of sight, and is swapped in when it can be read: no blank
 * moment. While the task is edited, only what changed is replaced in the frame's document: it costs a third of loading
 * it anew, however long it is. Nothing that was typed or ticked for a row is lost either way. The frame has the
 * notebook's origin, so that this module can measure it and read its inputs, and no allow-scripts, so that nothing in
 * it can do the same to the notebook, whichever way it came in.
 */

const SANDBOX = "allow-forms allow-same-origin";
const TALLEST = 720; // px; a longer document scrolls in its frame
const DESKTOP = 640; // px; with less, the document would lay itself out as on a phone
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

/** The field that has the focus, by its key, with its selection. */
function focused(page) {
  const held = [...fields(page)].find(([, field]) => field === page.activeElement);
  return held ? { key: held[0], from: held[1].selectionStart, to: held[1].selectionEnd } : null;
}

/** Give the focus back, if the field was replaced meanwhile. */
function refocus(focus, page) {
  const field = focus && fields(page).get(focus.key);
  if (!field || field === page.activeElement) return;
  field.focus({ preventScroll: true });
  if (typeof focus.from === "number") field.setSelectionRange(focus.from, focus.to);
}

/** Whether two documents differ in what stands in them only, not in their look or their rules. */
function alike(page, next) {
  const rules = (each) => [...each.head.querySelectorAll("style, meta, base, link")].map((node) => node.outerHTML);
  return JSON.stringify(rules(page)) === JSON.stringify(rules(next));
}

/** The frame's own document once its text is there; null before, and after a link has led elsewhere. */
function pageOf(frame) {
  const page = frame?.contentDocument;
  return page?.URL.startsWith("about:srcdoc") && page.readyState !== "loading" && page.body ? page : null;
}

/** Make a part of the shown document the same as that of the next one, and leave alone what is the same already. */
function mend(old, next) {
  if (old.isEqualNode(next)) return;
  const inParts = old.nodeType === Node.ELEMENT_NODE && old.nodeName === next.nodeName && old.hasChildNodes();
  if (!inParts) return old.replaceWith(old.ownerDocument.importNode(next, true)); // an input too, with what is in it
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  mendChildren(old, [...next.childNodes]);
}

function mendChildren(old, next) {
  const before = [...old.childNodes];
  for (const node of before.slice(next.length)) node.remove();
  next.forEach((node, place) => {
    if (before[place]) mend(before[place], node);
    else old.append(old.ownerDocument.importNode(node, true));
  });
}

class ParticipantScreen {
  constructor(model, el) {
    this.model = model;
    this.shown = null; // the frame in sight
    this.loading = null; // the frame that will take its place
    this.html = ""; // of the frame in sight
    this.about = ""; // the row that it is about
    this.kept = new Map(); // by row, what was entered
    this.build(el);
    this.sizes = new ResizeObserver(() => this.fit());
    this.room = new ResizeObserver(() => this.fit());
    this.room.observe(this.stage);
    this.watched = { width: () => this.dress(), title: () => this.dress() };
    this.watched.html = this.watched.about = () => this.updateSoon();
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
    this.room.disconnect();
    for (const [name, call] of Object.entries(this.watched)) this.model.off(`change:${name}`, call);
    this.el.replaceChildren();
  }

  dress() {
    this.el.dataset.width = this.model.get("width");
    for (const frame of [this.shown, this.loading]) if (frame) frame.title = this.model.get("title");
    this.fit();
  }

  /** Just before the screen is painted: of several changes until then only the last is worth the work. */
  updateSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (!this.removed) this.update();
    });
  }

  /** Show what Python says now; while a frame loads, changes wait, and only the last of them is shown after it. */
  update() {
    const [html, about] = [this.model.get("html"), this.model.get("about")];
    this.empty.hidden = html !== "";
    this.stage.hidden = html === "";
    if (this.loading || (this.shown && this.html === html && this.about === about)) return;
    if (!this.mended(html, about)) this.load(html, about);
  }

  /** Change the document in sight into the next one; false where it must be loaded: another row, or another look. */
  mended(html, about) {
    const page = pageOf(this.shown);
    if (!page || this.about !== about) return false;
    const next = new DOMParser().parseFromString(html, "text/html");
    if (!alike(page, next)) return false;
    const [kept, hadFocus] = [this.keep(page), this.hasFocus()];
    const focus = hadFocus ? focused(page) : null;
    mend(page.body, next.body);
    restore(page, kept);
    refocus(focus, page);
    this.html = html;
    this.fit();
    return true;
  }

  load(html, about) {
    const frame = document.createElement("iframe");
    frame.className = "pnb-preview-loading";
    frame.setAttribute("sandbox", SANDBOX);
    frame.srcdoc = html;
    frame.addEventListener("load", () => this.arrived(frame));
    this.loading = frame;
    this.coming = { html, about };
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
    if (page === this.page) return;
    if (!page || frame.srcdoc !== this.html) frame.srcdoc = this.html; // brings the document back, as it is now
    else this.settle(page);
  }

  swap(frame) {
    const [old, oldPage, page] = [this.shown, pageOf(this.shown), pageOf(frame)];
    const same = oldPage && this.about === this.coming.about;
    if (oldPage) this.keep(oldPage);
    const focus = same && this.hasFocus() ? focused(oldPage) : null;
    Object.assign(this, this.coming, { shown: frame, loading: null });
    this.settle(page);
    frame.className = "pnb-preview-shown";
    if (oldPage) frame.contentWindow.scrollTo(0, old.contentWindow.scrollY);
    refocus(focus, page);
    old?.remove();
    this.update();
  }

  /** Remember what was entered for the row in sight. */
  keep(page) {
    const kept = new Map([...(this.kept.get(this.about) ?? []), ...entries(page)]);
    this.kept.set(this.about, kept);
    return kept;
  }

  hasFocus() {
    return this.shown !== null && this.shown === this.el.getRootNode().activeElement;
  }

  settle(page) {
    this.page = page;
    restore(page, this.kept.get(this.about) ?? new Map());
    this.sizes.disconnect();
    this.sizes.observe(page.documentElement);
    this.fit();
  }

  /** As wide as the device, made smaller where there is less room, and as high as what stands in it. */
  fit() {
    const room = this.stage.clientWidth;
    const scale = this.model.get("width") === "desktop" && room > 0 ? Math.min(1, room / DESKTOP) : 1;
    for (const { style } of [this.shown, this.loading].filter(Boolean)) {
      style.width = scale < 1 ? `${DESKTOP}px` : "";
      style.transform = scale < 1 ? `scale(${scale})` : "";
    }
    const page = pageOf(this.shown);
    if (!page) return;
    const height = Math.min(Math.ceil(page.documentElement.getBoundingClientRect().height), TALLEST / scale);
    this.shown.style.height = `${height}px`;
    this.stage.style.height = scale < 1 ? `${Math.ceil(height * scale)}px` : "";
  }
}

function render({ model, el }) {
  const screen = new ParticipantScreen(model, el);
  return () => screen.remove();
}

export default { render };
