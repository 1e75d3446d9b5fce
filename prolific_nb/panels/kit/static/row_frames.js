/* Rows as participants see them, each in a frame that runs no scripts. Python puts this text before a desk's own.
 *
 * The frames of the rows around the shown one are loaded ahead and hidden, with their pictures, so a step to them shows
 * them at once. The frames have the notebook's origin, so that this module can measure them, read their inputs and hear
 * keys. They lack allow-scripts, so that their content cannot access the notebook.
 */

const SANDBOX = "allow-same-origin";
const DESKTOP = 640; // px; in a narrower frame the document uses its phone layout
const PHONE = 480; // px; in less room the page of a desktop could not be read
const FIELDS = "input, textarea, select, button";

/** Make a page one that is only read: nothing can be entered in it, and nothing in it takes the focus. */
function onlyRead(page) {
  for (const field of page.querySelectorAll(FIELDS)) field.inert = true;
  page.addEventListener("click", (event) => event.target.closest("label, a") && event.preventDefault(), true);
}

class RowFrames {
  /**
   * @param stage The element that holds the frames.
   * @param tallest Heights in px above which a document scrolls in its frame: {wide, narrow}.
   * @param prepare Called with each document as soon as its text is there, and its item.
   */
  constructor(stage, tallest, prepare) {
    this.stage = stage;
    this.tallest = tallest;
    this.prepare = prepare;
    this.frames = new Map(); // by ID of the item
    this.pages = new WeakSet(); // that are prepared
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(stage);
  }

  /** Load the frames of these items, and show that of one of them. */
  show(items, id) {
    const wanted = new Map(items.filter((item) => item.html).map((item) => [item.id, item.html]));
    for (const [key, frame] of this.frames) {
      if (wanted.get(key) === frame.srcdoc) continue;
      frame.remove();
      this.frames.delete(key);
    }
    for (const item of items) if (item.html && !this.frames.has(item.id)) this.load(item);
    for (const [key, frame] of this.frames) frame.classList.toggle("pnb-frame-shown", key === id);
    this.shown = this.frames.get(id);
    this.stage.hidden = !this.shown;
    this.fit();
  }

  load(item) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", SANDBOX);
    frame.title = item.frame ?? `${item.title}, as participants saw it`;
    frame.srcdoc = item.html;
    frame.addEventListener("load", () => this.loaded(frame, item));
    this.frames.set(item.id, frame);
    this.stage.append(frame);
    this.await(frame, item);
  }

  /** Do not wait for the load event, which a slow picture can delay by seconds. */
  await(frame, item) {
    if (!frame.isConnected || this.loaded(frame, item)) return;
    requestAnimationFrame(() => this.await(frame, item));
  }

  loaded(frame, item) {
    const page = this.page(frame);
    if (!page) return false;
    if (this.pages.has(page)) return true;
    this.pages.add(page);
    this.sizes.observe(page.documentElement);
    this.fit();
    this.prepare(page, item);
    return true;
  }

  /** The document of a frame once its text is there; some browsers load an empty document first. */
  page(frame = this.shown) {
    const page = frame?.contentDocument;
    return page?.URL.startsWith("about:srcdoc") && page.readyState !== "loading" && page.body ? page : null;
  }

  /** As wide as on a desktop, scaled down if there is less room, or as on a phone; as high as the content. */
  fit() {
    const room = this.stage.clientWidth;
    if (!room) return;
    const scale = room < PHONE ? 1 : Math.min(1, room / DESKTOP);
    const tallest = (room < PHONE ? this.tallest.narrow : this.tallest.wide) / scale;
    for (const frame of this.frames.values()) {
      const page = frame.contentDocument?.documentElement;
      frame.style.width = scale < 1 ? `${DESKTOP}px` : "100%";
      frame.style.transform = scale < 1 ? `scale(${scale})` : "";
      const height = Math.min(Math.ceil(page?.getBoundingClientRect().height ?? 0), tallest);
      frame.style.height = `${height}px`;
      if (frame === this.shown) this.stage.style.height = `${Math.ceil(height * scale)}px`;
    }
  }

  remove() {
    this.sizes.disconnect();
    this.stage.replaceChildren();
  }
}
