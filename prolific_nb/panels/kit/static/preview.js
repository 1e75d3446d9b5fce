/* The participant's view of a task in a frame that runs no scripts. Python puts page_moving.js and page_editing.js, with
 * which it is edited there, before this text.
 *
 * The first document of a row loads in a second, hidden frame, which replaces the first as soon as its text is loaded,
 * so the view is never blank. While the task is edited, only the changed parts of the document are replaced; that takes
 * a third of the time of a reload. In both cases everything typed or selected for a row is kept. The frame has the
 * notebook's origin, so that this module can measure it and read its inputs. It lacks allow-scripts, so that its content
 * cannot access the notebook.
 */

const SANDBOX = "allow-forms allow-same-origin";
const TALLEST = 660; // px; a longer document scrolls in its frame
const DESKTOP = 640; // px; in a narrower frame the document would use its phone layout
const TRIES = 120; // animation frames (two seconds) to wait for the text only; after that, wait for the load event
const FIELDS = "input[name], textarea[name], select[name]";
const NOT_ENTRIES = new Set(["file", "hidden", "submit", "button", "reset", "image"]);

/** The fields of a document, by a key that stays the same in the next version of the document. */
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

function setEntry(field, value) {
  if (isTicked(field)) field.checked = value;
  else if (field.options) choose([...field.options], value);
  else field.value = value;
}

function choose(options, values) {
  if (!options.some((option) => values.includes(option.value))) return; // keep the new default
  for (const option of options) option.selected = values.includes(option.value);
}

function entries(page) {
  return new Map([...fields(page)].map(([key, field]) => [key, entry(field)]));
}

function restore(page, kept) {
  for (const [key, field] of fields(page)) if (kept.has(key)) setEntry(field, kept.get(key));
}

/** The key and text selection of the field that has the focus. */
function focused(page) {
  const held = [...fields(page)].find(([, field]) => field === page.activeElement);
  return held ? { key: held[0], from: held[1].selectionStart, to: held[1].selectionEnd } : null;
}

/** Restore the focus if the field was replaced. */
function refocus(focus, page) {
  const field = focus && fields(page).get(focus.key);
  if (!field || field === page.activeElement) return;
  field.focus({ preventScroll: true });
  if (typeof focus.from === "number") field.setSelectionRange(focus.from, focus.to);
}

/** Whether two documents have the same styles and meta elements, so that only the body needs patching. */
function sameStyles(page, next) {
  const rules = (each) => [...each.head.querySelectorAll("style, meta, base, link")].map((node) => node.outerHTML);
  return JSON.stringify(rules(page)) === JSON.stringify(rules(next));
}

/** The frame's document once its text is loaded; null before that, and after a link has been followed. */
function pageOf(frame) {
  const page = frame?.contentDocument;
  return page?.URL.startsWith("about:srcdoc") && page.readyState !== "loading" && page.body ? page : null;
}

/** Make a node of the shown document equal to that of the next one; equal parts are not touched. */
function patch(old, next) {
  if (old.isEqualNode(next)) return;
  const inParts = old.nodeType === Node.ELEMENT_NODE && old.nodeName === next.nodeName && old.hasChildNodes();
  if (!inParts) return old.replaceWith(old.ownerDocument.importNode(next, true)); // `restore` sets values again
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  patchChildren(old, [...next.childNodes]);
}

function patchChildren(old, next) {
  const before = [...old.childNodes];
  for (const node of before.slice(next.length)) node.remove();
  next.forEach((node, place) => {
    if (before[place]) patch(before[place], node);
    else old.append(old.ownerDocument.importNode(node, true));
  });
}

class ParticipantScreen {
  constructor(model, el) {
    this.model = model;
    this.shown = null; // the visible frame
    this.loading = null; // the frame that will replace it
    this.html = ""; // of the visible frame
    this.about = ""; // the row that it shows
    this.kept = new Map(); // by row, the entered values
    this.build(el);
    this.editing = new PageEditing(
      model,
      () => this.updateSoon(),
      (words) => (this.live.textContent = words),
    );
    this.sizes = new ResizeObserver(() => this.fit());
    this.room = new ResizeObserver(() => this.fit());
    this.room.observe(this.stage);
    this.watched = { width: () => this.applySettings(), title: () => this.applySettings() };
    this.watched.html = this.watched.about = () => this.updateSoon();
    for (const [name, call] of Object.entries(this.watched)) model.on(`change:${name}`, call);
    this.applySettings();
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
    this.live = document.createElement("p");
    this.live.className = "pnb-preview-live";
    this.live.setAttribute("role", "status");
    el.append(this.empty, this.stage, this.live);
  }

  remove() {
    this.removed = true;
    this.sizes.disconnect();
    this.room.disconnect();
    this.editing.remove();
    for (const [name, call] of Object.entries(this.watched)) this.model.off(`change:${name}`, call);
    this.el.replaceChildren();
  }

  applySettings() {
    this.el.dataset.width = this.model.get("width");
    for (const frame of [this.shown, this.loading]) if (frame) frame.title = this.model.get("title");
    this.fit();
  }

  /** Update in the next animation frame; of several changes until then, only the last is drawn. */
  updateSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (!this.removed) this.update();
    });
  }

  /** Show the current document; changes that arrive while a frame loads wait, and only the last of them is shown. */
  update() {
    const [html, about] = [this.model.get("html"), this.model.get("about")];
    this.empty.hidden = html !== "";
    this.stage.hidden = html === "";
    if (this.loading || (this.shown && this.editing.busy)) return;
    if (this.shown && this.html === html && this.about === about) this.editing.wanted = null;
    else if (!this.patched(html, about)) this.load(html, about);
  }

  /** As `tryPatch`; a document that cannot be patched is loaded anew, and the browser's log says why. */
  patched(html, about) {
    try {
      return this.tryPatch(html, about);
    } catch (fault) {
      console.error(fault);
      return false;
    }
  }

  /** Patch the visible document; returns false if it must be loaded instead, for another row or other styles. */
  tryPatch(html, about) {
    const page = pageOf(this.shown);
    if (!page || this.about !== about) return false;
    const next = new DOMParser().parseFromString(html, "text/html");
    if (!sameStyles(page, next)) return false;
    const [kept, hadFocus] = [this.keep(page), this.hasFocus()];
    const focus = hadFocus ? focused(page) : null;
    this.editing.prepare(next);
    this.editing.drawing = true;
    try {
      patch(page.body, next.body);
    } finally {
      this.editing.drawing = false;
    }
    restore(page, kept);
    refocus(focus, page);
    this.editing.refocus();
    this.html = html;
    this.fit();
    return true;
  }

  load(html, about) {
    const frame = document.createElement("iframe");
    frame.className = "pnb-preview-loading";
    frame.setAttribute("sandbox", SANDBOX);
    frame.srcdoc = html;
    frame.addEventListener("load", () => this.loaded(frame));
    this.loading = frame;
    this.next = { html, about };
    this.applySettings();
    this.stage.append(frame);
    this.watch(frame, TRIES);
  }

  /** Do not wait for the load event, which a slow image can delay by seconds. */
  watch(frame, tries) {
    if (this.removed || frame !== this.loading || tries === 0) return;
    if (pageOf(frame)) this.swap(frame);
    else requestAnimationFrame(() => this.watch(frame, tries - 1));
  }

  loaded(frame) {
    if (this.removed) return;
    if (frame === this.loading && pageOf(frame)) this.swap(frame);
    else if (frame === this.shown) this.reloaded(frame);
  }

  /** The visible frame has reloaded: a link was followed in it, or the notebook moved it in the page. */
  reloaded(frame) {
    const page = pageOf(frame);
    if (page === this.page) return;
    if (!page || frame.srcdoc !== this.html) frame.srcdoc = this.html; // restores the current document
    else this.settle(page);
  }

  swap(frame) {
    const [old, oldPage, page] = [this.shown, pageOf(this.shown), pageOf(frame)];
    const same = oldPage && this.about === this.next.about;
    if (oldPage) this.keep(oldPage);
    const focus = same && this.hasFocus() ? focused(oldPage) : null;
    Object.assign(this, this.next, { shown: frame, loading: null });
    this.settle(page);
    frame.className = "pnb-preview-shown";
    if (oldPage) frame.contentWindow.scrollTo(0, old.contentWindow.scrollY);
    refocus(focus, page);
    old?.remove();
    this.update();
  }

  /** Remember what was entered for the visible row. */
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
    this.editing.follow(page);
    this.sizes.disconnect();
    this.sizes.observe(page.documentElement);
    this.fit();
  }

  /** As wide as the device, scaled down if there is less space, and as high as its content. */
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
