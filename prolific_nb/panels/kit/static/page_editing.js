/* Editing on the page itself: what is typed or pasted in the frame, as requests to Python.
 *
 * The document in the frame has no scripts; this module, which runs in the notebook, listens to it. Elements say in
 * `data-pnb-` attributes which entry of the design, and which text of it, they show. Typing changes the document at
 * once; Python gets the text, never HTML, and returns the document of the changed design. It is not drawn while a
 * request is unanswered, so that it never takes back what was typed since.
 */

const BULLET = /^\s*(?:[-*•–]|\d{1,3}[.)])\s+/;

function plain(text) {
  return text.replace(/\u00a0/g, " ").replace(/\s+/g, " ").trim();
}

function partsOf(entry, part) {
  return [...entry.querySelectorAll(part ? `[data-pnb-part="${part}"]` : "[data-pnb-part]")];
}

function isListed(part) {
  return part.matches("li > *, .option *");
}

/** The position of the caret in the text of an element. */
function caretIn(part) {
  const selection = part.ownerDocument.getSelection();
  if (!selection.rangeCount || !part.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0).cloneRange();
  range.setStart(part, 0);
  return range.toString().length;
}

function setCaret(part, offset) {
  const node = part.firstChild;
  if (node?.nodeType === Node.TEXT_NODE) {
    part.ownerDocument.getSelection().collapse(node, Math.min(offset, node.length));
  } else part.ownerDocument.getSelection().collapse(part, 0);
}

class PageEditing extends PageMoving {
  constructor(model, redraw, say) {
    super(model, redraw, say);
    this.page = null;
    this.wanted = null; // where the focus goes once Python has answered
    this.drawing = false; // while the document is patched, which may take the focus from a part
    const answered = () => this.redraw();
    const marked = () => this.page && this.decorate(this.page);
    this.watched = { applied: answered, selected: () => marked(this.reveal()), editing: marked, dark: marked };
    for (const [name, call] of Object.entries(this.watched)) model.on(`change:${name}`, call);
  }

  remove() {
    this.ending?.abort();
    for (const [name, call] of Object.entries(this.watched)) this.model.off(`change:${name}`, call);
  }

  /** Listen to the document that is shown now. */
  follow(page) {
    this.ending?.abort();
    this.ending = new AbortController();
    this.page = page;
    const on = (type, handle) => page.addEventListener(type, handle.bind(this), { signal: this.ending.signal });
    on("focusin", this.focused);
    on("focusout", this.left);
    on("click", this.clicked);
    on("keydown", this.pressed);
    on("input", this.typed);
    on("compositionend", this.typed);
    on("paste", this.pasted);
    on("drop", (event) => this.model.get("editing") && event.preventDefault());
    on("pointerdown", this.grabbed);
    on("pointermove", this.dragged);
    on("pointerup", this.released);
    on("pointercancel", this.cancelled);
    this.decorate(page);
  }

  /** Whether Python's document must wait: it does not contain yet what was typed. */
  get busy() {
    return this.unanswered().length > 0 || this.composing || this.drag !== null;
  }

  unanswered() {
    return this.model.get("acts").filter((edit) => edit.n > this.model.get("applied"));
  }

  /** Send a request; requests without an answer are repeated with it, since a busy widget only sends its last state. */
  send(edit) {
    const waiting = this.unanswered();
    const last = waiting.at(-1);
    const n = Math.max(last?.n ?? 0, this.model.get("applied")) + 1;
    const same = last?.texts?.length === 1 && edit.texts?.length === 1 && !last.key && !edit.key;
    if (same && ["entry", "part", "index"].every((name) => last[name] === edit[name])) waiting.pop();
    this.model.set("acts", [...waiting, { ...edit, n }]);
    this.model.save_changes();
  }

  /** Python's document, or the one that is shown, as the editor needs it. */
  decorate(page) {
    const [editing, selected] = [this.model.get("editing"), this.model.get("selected")];
    page.documentElement.dataset.pnbMode = editing ? "edit" : "try";
    page.documentElement.toggleAttribute("data-pnb-dark", this.model.get("dark"));
    for (const part of page.querySelectorAll("[data-pnb-part]")) {
      this.set(part, { contenteditable: editing && "plaintext-only", role: editing && "textbox" });
      this.set(part, { "aria-label": editing && part.dataset.pnbLabel });
      if (editing && part.contentEditable !== "plaintext-only") part.contentEditable = "true";
    }
    for (const entry of page.querySelectorAll("[data-pnb-entry]")) {
      const alone = editing && !entry.querySelector("[data-pnb-part]");
      this.set(entry, { tabindex: alone && "0", "data-pnb-selected": entry.dataset.pnbEntry === selected && editing && "" });
      this.set(entry, { role: alone && "group", "aria-label": alone && (entry.dataset.pnbLabel ?? "Entry") });
    }
    for (const field of page.querySelectorAll("input, textarea, select")) this.set(field, { tabindex: editing && "-1" });
  }

  /** Scroll the frame, not the notebook, to an entry that was selected in the list. */
  reveal() {
    const entry = this.page && this.find(this.model.get("selected"));
    if (!entry || entry.contains(this.page.activeElement)) return;
    const [box, view] = [entry.getBoundingClientRect(), this.page.defaultView];
    if (box.top < 0 || box.bottom > view.innerHeight) view.scrollBy(0, box.top - 24);
  }

  find(entry, part, index) {
    const found = [...(this.page?.querySelectorAll("[data-pnb-entry]") ?? [])].find((e) => e.dataset.pnbEntry === entry);
    if (!found || !part) return found;
    return partsOf(found, part).find((each) => (each.dataset.pnbIndex ?? "") === (index ?? ""));
  }

  part(event) {
    return this.model.get("editing") ? event.target.closest?.("[data-pnb-part]") : null;
  }

  entry(node) {
    return node?.closest?.("[data-pnb-entry]");
  }

  place(part) {
    const { pnbPart, pnbIndex } = part.dataset;
    return { entry: this.entry(part).dataset.pnbEntry, part: pnbPart, index: pnbIndex ? Number(pnbIndex) : 0 };
  }

  // --- what a patch must keep ---------------------------------------------------------------------------------

  /** Prepare Python's next document; what is being typed stays as it is if only spaces differ. */
  prepare(next) {
    this.decorate(next);
    // The document remembers its active element while the focus is in the notebook.
    const part = this.page?.hasFocus() ? this.page.activeElement?.closest("[data-pnb-part]") : null;
    this.held = this.wanted ?? (part ? { ...part.dataset, ...this.place(part), caret: caretIn(part) } : null);
    if (this.held?.moved) this.held.entry = this.model.get("selected");
    this.wanted = null;
    if (!part || this.held.moved) return;
    const same = [...next.querySelectorAll("[data-pnb-entry]")].find((e) => e.dataset.pnbEntry === this.held.entry);
    const its = same && partsOf(same, this.held.part).find((each) => each.dataset.pnbIndex === this.held.pnbIndex);
    if (its && plain(its.textContent) === plain(part.textContent)) {
      its.replaceChildren(...[...part.childNodes].map((node) => its.ownerDocument.importNode(node, true)));
    }
  }

  /** Put the caret back, also where its element was replaced or moved. */
  refocus() {
    const held = this.held;
    this.held = null;
    if (!held) return;
    const part = held.part ? this.find(held.entry, held.part, held.pnbIndex) : this.find(held.entry);
    if (!part) return;
    const kept = part === this.page.activeElement && caretIn(part) !== null && caretIn(part) === held.caret;
    if (kept) return;
    part.focus({ preventScroll: true });
    if (held.part) setCaret(part, held.caret ?? part.textContent.length);
  }

  // --- selecting and typing -----------------------------------------------------------------------------------

  select(entry) {
    if (!entry || entry.dataset.pnbEntry === this.model.get("selected")) return;
    this.model.set("selected", entry.dataset.pnbEntry);
    this.model.save_changes();
  }

  focused(event) {
    if (this.model.get("editing")) this.select(this.entry(event.target));
  }

  clicked(event) {
    if (!this.model.get("editing")) return;
    event.preventDefault(); // no answer is chosen, no link followed
    const { pnbAdd, pnbDrop } = event.target.dataset;
    if (pnbAdd) this.add(this.entry(event.target), pnbAdd);
    else if (pnbDrop) this.drop(event.target.parentElement.querySelector("[data-pnb-part]"));
    else this.select(this.entry(event.target));
  }

  typed(event) {
    const part = this.part(event);
    this.composing = event.isComposing === true && event.type !== "compositionend";
    if (!part || this.composing) return;
    if (part.textContent === "") part.replaceChildren(); // a line break that the browser leaves
    this.send({ ...this.place(part), texts: [part.textContent.replace(/\u00a0/g, " ")] });
  }

  left(event) {
    if (this.drawing) return; // the document that is drawn says what is there
    const part = this.part(event);
    const alone = part && partsOf(this.entry(part), part.dataset.pnbPart).length < 2;
    if (!part || alone || part === this.gone || !isListed(part) || plain(part.textContent)) return;
    if (part !== this.page.activeElement) this.splice(part, []); // an option that was added and left empty
  }

  pressed(event) {
    if (!this.model.get("editing") || event.isComposing) return;
    const [part, entry] = [this.part(event), this.entry(event.target)];
    const undo = (event.ctrlKey || event.metaKey) && "zy".indexOf(event.key.toLowerCase());
    if (event.altKey && STEPS[event.key] && entry) this.move(event, entry, part);
    else if (undo === 0 || undo === 1) this.undo(event, undo === 1 || event.shiftKey ? "redo" : "undo");
    else if (part && !event.ctrlKey && !event.metaKey && !event.altKey) this.pressedIn(part, event);
  }

  pressedIn(part, event) {
    const listed = isListed(part);
    if (event.key === "Escape") part.blur();
    else if (event.key === "Enter" && listed) this.splice(part, [part.textContent, ""]);
    else if (event.key === "Enter" && !(event.shiftKey && part.dataset.pnbPart === "description")) this.onward(part);
    else if (event.key === "Backspace" && listed && part.textContent === "") this.drop(part);
    else if (listed && STEPS[event.key]) this.neighbour(part, STEPS[event.key])?.focus();
    else return;
    event.preventDefault();
  }

  undo(event, act) {
    event.preventDefault();
    this.send({ act });
  }

  onward(part) {
    const parts = partsOf(this.entry(part));
    const next = parts.slice(parts.indexOf(part) + 1).find((each) => each.textContent !== "" || isListed(each));
    if (next) this.focusEnd(next);
  }

  neighbour(part, step) {
    const parts = partsOf(this.entry(part), part.dataset.pnbPart);
    return parts[parts.indexOf(part) + step];
  }

  focusEnd(part) {
    part.focus();
    setCaret(part, part.textContent.length);
  }

  pasted(event) {
    const part = this.part(event);
    if (!part) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    const lines = text.split(/[\r\n\t]+/).filter((line) => line.trim());
    if (isListed(part) && lines.length > 1) return this.pasteLines(part, lines.map((line) => line.replace(BULLET, "").trim()));
    const [at, end] = [caretIn(part) ?? 0, part.textContent];
    const selected = part.ownerDocument.getSelection().toString().length;
    const words = part.dataset.pnbPart === "description" ? text.replace(/\r\n?/g, "\n").trim() : plain(text);
    part.textContent = end.slice(0, at - selected) + words + end.slice(at);
    setCaret(part, at - selected + words.length);
    this.typed({ target: part, type: "paste" });
  }

  pasteLines(part, lines) {
    const [at, text] = [caretIn(part) ?? part.textContent.length, part.textContent];
    const selected = part.ownerDocument.getSelection().toString().length;
    const last = lines.length - 1;
    lines[0] = text.slice(0, at - selected) + lines[0];
    lines[last] += text.slice(at);
    this.splice(part, lines);
  }

  // --- options ------------------------------------------------------------------------------------------------

  /** Replace one option by several texts, or by none; the document shows it before Python has answered. */
  splice(part, texts) {
    const [place, row, entry] = [this.place(part), part.closest("li, .option"), this.entry(part)];
    const rows = texts.slice(1).map((text) => this.copyOf(row, text));
    for (const each of partsOf(entry, place.part)) {
      const index = Number(each.dataset.pnbIndex);
      if (index > place.index) each.dataset.pnbIndex = String(index + texts.length - 1);
    }
    if (texts.length) part.textContent = texts[0];
    row.after(...rows);
    rows.forEach((each, n) => (each.querySelector("[data-pnb-part]").dataset.pnbIndex = String(place.index + n + 1)));
    this.send({ ...place, texts, key: "list" });
    if (rows.length) this.focusEnd(rows.at(-1).querySelector("[data-pnb-part]"));
    if (texts.length) return;
    this.gone = part; // removing it takes its focus, which would remove it again
    row.remove();
  }

  copyOf(row, text) {
    const copy = row.cloneNode(true);
    copy.classList.remove("exclusive");
    copy.querySelector("[data-pnb-part]").textContent = text;
    for (const field of copy.querySelectorAll("input")) field.checked = false;
    return copy;
  }

  drop(part) {
    const near = this.neighbour(part, -1) ?? this.neighbour(part, 1);
    this.splice(part, []);
    if (near) this.focusEnd(near);
  }

  add(entry, name) {
    const last = partsOf(entry, name).filter((part) => !part.closest(".exclusive")).at(-1);
    if (last) return this.splice(last, [last.textContent, ""]);
    this.wanted = { entry: entry.dataset.pnbEntry, part: name, pnbIndex: "0" };
    this.send({ entry: entry.dataset.pnbEntry, part: name, index: 0, texts: [""], key: "list" });
  }
}
