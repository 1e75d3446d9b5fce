/* Rows as participants saw them, each in a frame that runs no scripts. Python puts this text before dispute_desk.js.
 *
 * The frames of the rows around the shown one are loaded ahead and hidden, so a step to them shows them at once. The
 * frames have the notebook's origin, so that this module can measure them and hear keys. They lack allow-scripts, so
 * that their content cannot access the notebook. Nothing can be entered in them: a decision is made beside them.
 */

const SANDBOX = "allow-same-origin";
const DESKTOP = 640; // px; in a narrower frame the document uses its phone layout
const PHONE = 480; // px; in less room the page of a desktop could not be read
const TALLEST = { wide: 540, narrow: 360 }; // px; a longer document scrolls in its frame
const FIELDS = "input, textarea, select, button";

class RowFrames {
  constructor(stage, onKey) {
    this.stage = stage;
    this.onKey = onKey;
    this.frames = new Map(); // by ID of the item
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
    frame.title = `${item.title}, as participants saw it`;
    frame.srcdoc = item.html;
    frame.addEventListener("load", () => this.loaded(frame));
    this.frames.set(item.id, frame);
    this.stage.append(frame);
  }

  loaded(frame) {
    const page = frame.contentDocument;
    if (!page?.URL.startsWith("about:srcdoc")) return; // some browsers load an empty document first
    for (const field of page.querySelectorAll(FIELDS)) field.inert = true;
    page.addEventListener("click", (event) => event.target.closest("label, a") && event.preventDefault(), true);
    page.addEventListener("keydown", (event) => this.onKey(event));
    this.sizes.observe(page.documentElement);
    this.fit();
    // Below the introduction, which is the same for all rows; not scrollIntoView, which would scroll the notebook too.
    frame.contentWindow.scrollTo(0, (page.querySelector(".screen")?.offsetTop ?? 0) - 12);
  }

  /** As wide as on a desktop, scaled down if there is less room, or as on a phone; as high as the content. */
  fit() {
    const room = this.stage.clientWidth;
    if (!room) return;
    const scale = room < PHONE ? 1 : Math.min(1, room / DESKTOP);
    const tallest = (room < PHONE ? TALLEST.narrow : TALLEST.wide) / scale;
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
