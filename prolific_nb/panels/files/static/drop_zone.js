/* A place to drop a file on, with a button that chooses one.
 *
 * Jupyter drops websocket messages above 10 MiB without an error, so a file goes to Python in pieces; the next one is
 * sent when Python has written the one before. Its content is never in a trait: a saved notebook would contain it.
 */

const PIECE = 2 * 1024 * 1024;
const PATIENCE = 3000; // ms without an answer after which the wait is explained

function make(tag, className, attributes = {}, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

class DropZone {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.sending = null; // {id, file, offset}
    this.depth = 0; // of nested nodes that a dragged file has entered
    this.build();
    this.listen();
    this.limit();
  }

  build() {
    this.el.classList.add("pnb-drop");
    this.choose = make("button", "pnb-drop-choose pnb-button jupyter-button", { type: "button" }, "Choose a file…");
    this.hint = make("span", "pnb-drop-hint", {}, "or drop it here: from your own computer, up to 1 GB");
    this.input = make("input", "", { type: "file", tabindex: "-1", "aria-hidden": "true" });
    this.input.hidden = true;
    this.idle = make("div", "pnb-drop-idle");
    this.idle.append(this.choose, this.hint, this.input);
    this.bar = make("progress", "pnb-drop-bar", { max: "100", value: "0" });
    this.amount = make("span", "pnb-drop-amount");
    this.cancel = make("button", "pnb-drop-cancel pnb-button jupyter-button", { type: "button" }, "Cancel");
    this.busy = make("div", "pnb-drop-busy");
    this.busy.append(this.bar, this.amount, this.cancel);
    this.busy.hidden = true;
    this.status = make("p", "pnb-drop-status", { role: "status" });
    this.el.append(this.idle, this.busy, this.status);
  }

  listen() {
    this.ending = new AbortController();
    const on = (node, type, handle) =>
      node.addEventListener(type, handle.bind(this), { signal: this.ending.signal });
    on(this.choose, "click", () => this.input.click());
    on(this.input, "change", this.chosen);
    on(this.cancel, "click", this.cancelled);
    on(this.el, "dragenter", this.entered);
    on(this.el, "dragover", this.draggedOver);
    on(this.el, "dragleave", this.left);
    on(this.el, "drop", this.dropped);
    on(this.el, "keydown", (event) => event.stopPropagation()); // Enter would run the cell
    this.answered = (content) => this.answer(content);
    this.changed = () => this.limit();
    this.model.on("msg:custom", this.answered);
    this.model.on("change:accept", this.changed);
  }

  remove() {
    if (this.sending) this.cancelled();
    this.ending.abort();
    clearTimeout(this.waiting);
    this.model.off("msg:custom", this.answered);
    this.model.off("change:accept", this.changed);
    this.el.replaceChildren();
  }

  limit() {
    this.input.accept = this.model.get("accept").join(",");
  }

  // --- choosing ------------------------------------------------------------------------------------------------

  chosen() {
    this.take([...this.input.files]);
    this.input.value = ""; // so that the same file can be chosen again
  }

  carriesFiles(event) {
    return [...(event.dataTransfer?.types ?? [])].includes("Files");
  }

  entered(event) {
    if (!this.carriesFiles(event)) return;
    event.preventDefault();
    this.depth += 1;
    this.el.classList.add("pnb-drop-over");
  }

  draggedOver(event) {
    if (!this.carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = this.sending ? "none" : "copy";
  }

  left() {
    this.depth = Math.max(this.depth - 1, 0);
    if (!this.depth) this.el.classList.remove("pnb-drop-over");
  }

  dropped(event) {
    if (!this.carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.depth = 0;
    this.el.classList.remove("pnb-drop-over");
    if (!this.sending) this.take([...event.dataTransfer.files]);
  }

  take(files) {
    if (files.length > 1) this.say("Drop one file at a time.");
    if (files.length !== 1) return;
    const [file] = files;
    const id = crypto.randomUUID?.() ?? String(Math.random());
    this.sending = { id, file, offset: 0 };
    this.show();
    this.say(`Copying ${file.name}`);
    this.send({ kind: "begin", name: file.name, size: file.size });
  }

  // --- sending -------------------------------------------------------------------------------------------------

  send(content, buffers = []) {
    this.model.send({ id: this.sending.id, ...content }, undefined, buffers);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.say("Waiting for Python: a cell may be running."), PATIENCE);
  }

  async answer({ kind, id, offset, words }) {
    if (id !== this.sending?.id) return; // of another view, or of a file that was cancelled
    clearTimeout(this.waiting);
    if (kind === "next") await this.sendPiece(offset);
    else this.end(words ?? "");
  }

  async sendPiece(offset) {
    const { id, file } = this.sending;
    this.sending.offset = offset;
    this.show();
    if (offset >= file.size) {
      this.send({ kind: "end" });
      return;
    }
    let piece;
    try {
      piece = await file.slice(offset, offset + PIECE).arrayBuffer();
    } catch {
      // a folder, or a file that was deleted or changed in the meantime
      if (id === this.sending?.id) this.cancelled(`${file.name} cannot be read: is it a folder, or was it changed?`);
      return;
    }
    if (id === this.sending?.id) this.send({ kind: "piece", offset }, [piece]);
  }

  cancelled(words) {
    if (!this.sending) return;
    this.model.send({ id: this.sending.id, kind: "cancel" });
    this.end(typeof words === "string" ? words : "Cancelled: nothing was kept.");
  }

  end(words) {
    const hadFocus = this.busy.contains(this.el.getRootNode().activeElement);
    clearTimeout(this.waiting);
    this.sending = null;
    this.show();
    this.say(words);
    if (hadFocus) this.choose.focus();
  }

  // --- showing -------------------------------------------------------------------------------------------------

  show() {
    this.idle.hidden = Boolean(this.sending);
    this.busy.hidden = !this.sending;
    if (!this.sending) return;
    const { file, offset } = this.sending;
    this.bar.value = file.size ? (100 * offset) / file.size : 100;
    this.bar.setAttribute("aria-label", `Copying ${file.name}`);
    this.amount.textContent = `${size(offset)} of ${size(file.size)}`;
  }

  say(words) {
    this.status.textContent = words;
    this.status.hidden = !words;
  }
}

function render({ model, el }) {
  const zone = new DropZone(model, el);
  return () => zone.remove();
}

export default { render };
