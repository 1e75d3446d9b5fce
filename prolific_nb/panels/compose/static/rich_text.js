/* A small editor for formatted text; its value is HTML.
 *
 * The browser owns the text while somebody types. It is sent to Python several times a second, and when the focus
 * leaves. A value that comes from Python is shown unless it is the one sent last.
 */

const SEND_EVERY = 150; // ms; the first keystroke after a pause is sent at once
const PICTURES = {
  ul: "M2 3.2h2.6v2.6H2zM7 4h7v1H7zM2 10.2h2.6v2.6H2zM7 11h7v1H7z",
  ol: "M1.8 1.5h2V7H2.6V2.6h-.8zM7 4h7v1H7zM1.4 9h3.2v3.3H2.6v1h2v1.2H1.4v-3.3h2v-1h-2zM7 11h7v1H7z",
};
const BUTTONS = [
  ["bold", "B", "Bold", "Ctrl+B"],
  ["italic", "I", "Italic", "Ctrl+I"],
  ["h1", "H1", "H1: large heading", "# and a space"],
  ["h2", "H2", "H2: heading", "## and a space"],
  ["ul", "", "Bulleted list", "- and a space"],
  ["ol", "", "Numbered list", "1. and a space"],
  ["link", "Link", "Link", "Ctrl+K"],
  ["html", "HTML", "HTML", "Show the text as HTML"],
];
const SHORTCUTS = { b: "bold", i: "italic", k: "link", z: "undo", y: "redo" };
function button(name, text, label, hint) {
  const node = make("button", "pnb-rich-button", { type: "button", "data-act": name, title: `${label} (${hint})` });
  node.setAttribute("aria-label", label);
  if (PICTURES[name]) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", PICTURES[name]);
    picture.setAttribute("viewBox", "0 0 16 16");
    picture.setAttribute("aria-hidden", "true");
    picture.append(path);
    node.append(picture);
  } else node.textContent = text;
  return node;
}

function textButton(text, act) {
  const node = make("button", "pnb-rich-button", { type: "button" });
  node.textContent = text;
  node.addEventListener("click", act);
  return node;
}

class RichText {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.sentAt = 0;
    this.allowed = model.get("_allowed");
    this.build();
    this.listen();
    this.showSettings();
    this.showRaw();
  }

  build() {
    const id = `pnb-rich-${Math.random().toString(36).slice(2)}`; // every field has a module of its own: no counter
    this.el.classList.add("pnb-rich");
    this.el.setAttribute("data-lm-suppress-shortcuts", "true"); // Ctrl+B and Ctrl+K are shortcuts of JupyterLab as well
    this.label = make("span", "pnb-rich-label", { id: `${id}-label` });
    this.frame = make("div", "pnb-rich-frame", { role: "group", tabindex: "-1", "aria-labelledby": `${id}-label` });
    this.toolbar = make("div", "pnb-rich-toolbar", { role: "toolbar", "aria-controls": `${id}-text` });
    this.buttons = Object.fromEntries(BUTTONS.map((each) => [each[0], button(...each)]));
    this.toolbar.append(...Object.values(this.buttons));
    this.buttons.bold.tabIndex = 0;
    for (const each of Object.values(this.buttons).slice(1)) each.tabIndex = -1;
    const field = { id: `${id}-text`, role: "textbox", "aria-multiline": "true", contenteditable: "true" };
    const described = { "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-note` };
    this.text = make("div", "pnb-rich-text", { ...field, ...described });
    this.source = make("textarea", "pnb-rich-source", { rows: "6", spellcheck: "false", ...described });
    this.note = make("p", "pnb-rich-note", { id: `${id}-note`, role: "status" });
    this.frame.append(this.toolbar, this.buildLink(), this.text, this.source);
    this.el.append(this.label, this.frame, this.note);
    this.history = new History(this.text);
  }

  buildLink() {
    this.linkRow = make("div", "pnb-rich-link", { role: "group", "aria-label": "Link" });
    this.url = make("input", "", { type: "text", inputmode: "url", "aria-label": "URL", placeholder: "https://…" });
    this.unlink = textButton("Remove link", () => this.setLink(null));
    this.linkProblem = make("span", "pnb-rich-problem", { role: "alert" });
    const apply = textButton("Set link", () => this.setLink(this.url.value.trim()));
    this.linkRow.append(this.url, apply, this.unlink, textButton("Cancel", () => this.closeLink()), this.linkProblem);
    this.linkRow.hidden = true;
    return this.linkRow;
  }

  listen() {
    this.ending = new AbortController();
    const on = (node, type, handle) => node.addEventListener(type, handle.bind(this), { signal: this.ending.signal });
    on(this.el, "keydown", this.pressed);
    on(this.el, "keyup", (event) => event.stopPropagation());
    on(this.el, "focusout", (event) => this.el.contains(event.relatedTarget) || this.send());
    on(this.toolbar, "mousedown", (event) => event.preventDefault()); // keeps the selection in the text
    on(this.toolbar, "click", (event) => this.act(event.target.closest("button")?.dataset.act));
    on(this.text, "focus", this.entered);
    on(this.text, "beforeinput", this.beforeInput);
    on(this.text, "input", this.typed);
    on(this.text, "compositionend", () => this.edited("insertCompositionText"));
    on(this.text, "paste", (event) => this.pasted(event, event.clipboardData));
    on(this.text, "drop", (event) => event.preventDefault()); // dropped HTML would bypass `pasted`
    on(this.source, "input", () => this.sendSoon());
    on(document, "selectionchange", this.selected);
    this.watched = { value: () => this.take(), removed: () => this.showNote(), raw: () => this.showRaw() };
    this.watched.label = this.watched.placeholder = () => this.showSettings();
    for (const [name, call] of Object.entries(this.watched)) this.model.on(`change:${name}`, call);
  }

  remove() {
    this.send();
    this.ending.abort();
    for (const [name, call] of Object.entries(this.watched)) this.model.off(`change:${name}`, call);
    this.el.replaceChildren();
  }

  // --- between the text and Python ---------------------------------------------------------------------------------

  /** Show the value of Python, unless it comes from here. */
  take() {
    const value = this.model.get("value");
    if (value === this.own) return;
    clearTimeout(this.timer); // unsent words belong to what was shown before, perhaps another item
    Object.assign(this, { own: value, timer: null });
    show(this.text, build(value, this.allowed));
    this.source.value = this.model.get("raw") ? value : readable(value);
    this.pasteNote = "";
    this.settle();
    this.history.reset();
  }

  sendSoon() {
    this.timer ??= setTimeout(() => this.send(), Math.max(0, this.sentAt + SEND_EVERY - Date.now()));
  }

  send() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    Object.assign(this, { timer: null, sentAt: Date.now() });
    this.own = this.asSource ? this.source.value : serialised(this.text, this.allowed);
    this.model.set("value", this.own);
    this.model.save_changes();
  }

  get asSource() {
    return this.frame.dataset.mode === "source";
  }

  showSettings() {
    const [label, placeholder] = ["label", "placeholder"].map((name) => this.model.get(name));
    this.label.textContent = label;
    this.toolbar.setAttribute("aria-label", `Format: ${label}`);
    this.text.dataset.placeholder = placeholder;
    this.text.setAttribute("aria-placeholder", placeholder);
    this.source.placeholder = placeholder;
  }

  showRaw() {
    this.toolbar.hidden = this.model.get("raw");
    this.setMode(this.model.get("raw") ? "source" : "text");
  }

  setMode(mode) {
    this.send();
    this.frame.dataset.mode = mode;
    this.text.hidden = mode === "source";
    this.source.hidden = mode !== "source";
    for (const [name, each] of Object.entries(this.buttons)) {
      if (name !== "html") each.setAttribute("aria-disabled", String(mode === "source"));
    }
    this.own = undefined; // shows the value in the other form
    this.take();
    this.showPressed();
    this.showNote();
  }

  showNote() {
    const removed = this.model.get("removed");
    const edit = this.asSource ? "" : " Editing the text here deletes it; the HTML button shows it.";
    const warning = removed.length ? `Not shown to participants: ${removed.join(", ")}.${edit}` : "";
    this.note.textContent = [warning, this.pasteNote].filter(Boolean).join(" ");
    this.note.hidden = !this.note.textContent;
  }

  // --- typing ------------------------------------------------------------------------------------------------------

  entered() {
    document.execCommand("defaultParagraphSeparator", false, "p");
    document.execCommand("styleWithCSS", false, false);
    if (this.text.textContent === "") toEnd(this.text.querySelector(LEAVES) ?? this.text);
  }

  typed(event) {
    if (event.isComposing) return;
    const turned = event.inputType === "insertText" && turnMarkdown(this.text, event.data, this.history);
    if (event.inputType.startsWith("delete") && isEmpty(this.text)) this.text.replaceChildren(); // no heading is left
    this.edited(turned ? "" : event.inputType);
  }

  /** After every change of the text. */
  edited(kind) {
    for (const node of this.text.querySelectorAll("[style]")) node.removeAttribute("style"); // of joined blocks
    this.settle();
    this.history.record(kind.replace(/Content.*$/, ""));
    this.pasteNote = kind === "paste" ? this.pasteNote : "";
    this.showNote();
    this.selected(); // a range that nodes were moved out of is no longer right, and no event says so
    this.sendSoon();
  }

  settle() {
    const loose = [...this.text.childNodes].some((node) => !node.matches?.(STRUCTURE));
    if (loose && this.text.textContent) keepingCaret(this.text, () => wrapInline(this.text));
    else if (loose || !this.text.hasChildNodes()) {
      const [empty, focused] = [make("p"), this.text === this.el.getRootNode().activeElement];
      empty.append(make("br"));
      this.text.replaceChildren(empty);
      if (focused) toEnd(empty);
    }
    const bare = this.text.childNodes.length === 1 && isEmpty(this.text) && !this.text.querySelector("li, h1, h2");
    this.text.classList.toggle("pnb-rich-empty", bare);
  }

  beforeInput(event) {
    const leaf = selectionIn(this.text) && leafOf(document.getSelection().focusNode, this.text);
    if (event.inputType.startsWith("history")) event.preventDefault();
    if (event.inputType !== "deleteContentBackward" || !leaf || !atStart(this.text, leaf)) return;
    if (!isEntry(leaf) && !leaf.matches("h1, h2, h3, h4, h5, h6")) return;
    event.preventDefault(); // first back to a paragraph, then Backspace joins it with the one before
    keepingCaret(this.text, () => new Map([[leaf, turned(leaf, "p")]]));
    this.edited("");
  }

  pasted(event, data) {
    event.preventDefault();
    const html = data.getData("text/html");
    const { nodes, inline, leftOut } = html ? pasted(html) : pastedText(data.getData("text/plain"));
    insertNodes(this.text, nodes, inline);
    this.pasteNote = leftOut.length ? `Left out of what was pasted: ${leftOut.join(", ")}.` : "";
    this.edited("paste");
  }

  // --- toolbar and keys --------------------------------------------------------------------------------------------

  act(name) {
    if (!name || this.buttons[name]?.getAttribute("aria-disabled") === "true") return;
    if (name === "html") return this.setMode(this.asSource ? "text" : "source");
    this.intoText();
    if (name === "link") return this.openLink();
    const inHeading = selectedLeaves(this.text).some((leaf) => leaf.matches("h1, h2, h3, h4, h5, h6"));
    if (name === "bold" || name === "italic") {
      if (name === "italic" || !inHeading) document.execCommand(name); // headings are bold already
    } else toggleBlocks(this.text, name);
    this.edited("");
  }

  /** The focus and the selection back into the text, after a button had the focus. */
  intoText() {
    const kept = this.range;
    this.text.focus({ preventScroll: true });
    if (!kept || !this.text.contains(kept.startContainer)) return;
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(kept);
  }

  selected() {
    const selection = selectionIn(this.text);
    if (!selection) return;
    this.range = selection.getRangeAt(0).cloneRange();
    this.history.moved();
    this.showPressed();
  }

  showPressed() {
    const at = selectionIn(this.text)?.focusNode;
    const inText = at && this.el.contains(this.el.getRootNode().activeElement) && !this.asSource;
    const on = (tag) => Boolean(inText) && isBlockKind(this.text, tag);
    const state = { h1: on("h1"), h2: on("h2"), ul: on("ul"), ol: on("ol"), html: this.asSource };
    state.bold = Boolean(inText) && document.queryCommandState("bold");
    state.italic = Boolean(inText) && document.queryCommandState("italic");
    state.link = Boolean(inText && this.linkAt());
    for (const [name, each] of Object.entries(this.buttons)) each.setAttribute("aria-pressed", String(state[name]));
  }

  pressed(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey ? SHORTCUTS[event.key.toLowerCase()] : undefined;
    if (event.key === "Escape") this.leave(event);
    else if (this.toolbar.contains(event.target)) this.moveInToolbar(event);
    else if (event.target === this.url && event.key === "Enter") {
      event.preventDefault(); // a new line in the text, where the focus goes
      this.setLink(this.url.value.trim());
    } else if (event.target === this.text && command) {
      if (command === "undo" || command === "redo") {
        if (!this.goBack(command === "redo" || event.shiftKey)) return this.send(); // then the panel undoes
      } else this.act(command);
      event.preventDefault();
    }
    event.stopPropagation();
  }

  goBack(forward) {
    if (!(forward ? this.history.redo() : this.history.undo())) return false;
    this.settle();
    this.showPressed();
    this.sendSoon();
    return true;
  }

  leave(event) {
    event.preventDefault();
    if (!this.linkRow.hidden) return this.closeLink();
    this.send();
    this.frame.focus();
  }

  moveInToolbar(event) {
    const all = Object.values(this.buttons);
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = all.at(to % all.length);
    for (const each of all) each.tabIndex = each === next ? 0 : -1;
    next.focus();
  }

  // --- links -------------------------------------------------------------------------------------------------------

  linkAt() {
    const node = this.range?.startContainer;
    const link = (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest("a");
    return link && this.text.contains(link) ? link : null;
  }

  openLink() {
    const link = this.linkAt();
    this.url.value = link?.getAttribute("href") ?? "";
    this.unlink.hidden = !link;
    this.linkProblem.textContent = "";
    this.linkRow.hidden = false;
    this.url.focus();
    this.url.select();
  }

  closeLink() {
    this.linkRow.hidden = true;
    this.intoText();
  }

  /** Link what is selected, or the link around the caret; null takes the link away. */
  setLink(typed) {
    const href = typed === null ? "" : completeUrl(typed);
    if (typed !== null && !LINK.test(href)) {
      this.linkProblem.textContent = "Write a URL that begins with https:// or mailto:.";
      return;
    }
    const [link, range] = [this.linkAt(), this.range];
    this.closeLink();
    if (typed === null) link?.replaceWith(...link.childNodes);
    else if (link) link.setAttribute("href", href);
    else if (range && !range.collapsed) document.execCommand("createLink", false, href);
    else {
      const line = make("p");
      line.append(element("a", typed, { href }));
      insertNodes(this.text, [line], true);
    }
    this.edited("");
  }
}

function render({ model, el }) {
  const editor = new RichText(model, el);
  return () => editor.remove();
}

export default { render };
