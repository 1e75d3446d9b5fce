/* A plot with a point that is moved by mouse, touch or arrow keys.
 *
 * The plot is one of two drawings, for the light and the dark theme. The point moves here at once; Python gets its
 * place when a key was pressed or the mouse is released, not while it is dragged.
 */

const STEPS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
const WATCHED = ["light", "dark", "label", "frame", "limits", "annotators", "units"];

function nearest(numbers, wanted, distance) {
  return numbers.reduce((best, each) => (distance(each, wanted) < distance(best, wanted) ? each : best));
}

/** The next of ascending numbers in a direction; the number itself where there is none. */
function next(numbers, from, direction) {
  if (direction > 0) return numbers.find((each) => each > from) ?? from;
  return numbers.findLast((each) => each < from) ?? from;
}

class Plot {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.stage = document.createElement("div"); // scrolls within `el` where there is little room
    this.stage.className = "pnb-movable-stage";
    this.at = model.get("at");
    el.classList.add("pnb-movable");
    this.picture = document.createElement("div");
    this.point = document.createElement("div");
    this.point.className = "pnb-movable-point";
    const look = { tabindex: "0", role: "slider", "aria-orientation": "vertical", "data-lm-suppress-shortcuts": "true" };
    const name = { "aria-label": "Annotators and rows", title: "Drag, or use the arrow keys" };
    for (const [key, value] of Object.entries({ ...look, ...name })) this.point.setAttribute(key, value);
    this.stage.append(this.picture, this.point);
    el.append(this.stage);
    this.listen();
    this.draw();
  }

  listen() {
    this.point.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("pointerdown", (event) => this.grab(event));
    this.stage.addEventListener("pointermove", (event) => this.dragging && this.drag(event));
    this.stage.addEventListener("pointerup", () => this.release());
    this.stage.addEventListener("pointercancel", () => this.putBack());
    this.redraw = () => this.draw();
    this.follow = () => {
      if (this.dragging) return;
      this.at = this.model.get("at");
      this.place();
    };
    for (const name of WATCHED) this.model.on(`change:${name}`, this.redraw);
    this.model.on("change:at", this.follow);
    this.theme = new MutationObserver(this.redraw);
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  }

  stop() {
    for (const name of WATCHED) this.model.off(`change:${name}`, this.redraw);
    this.model.off("change:at", this.follow);
    this.theme.disconnect();
  }

  // --- showing -----------------------------------------------------------------------------------------------------

  draw() {
    const dark = document.body.dataset.jpThemeLight === "false";
    const source = this.model.get(dark ? "dark" : "light");
    this.el.hidden = !source;
    if (!source) return;
    if (source !== this.drawn) {
      const svg = document.importNode(new DOMParser().parseFromString(source, "image/svg+xml").documentElement, true);
      for (const node of svg.querySelectorAll("title, metadata")) node.remove(); // a title would hover over the point
      svg.removeAttribute("width");
      svg.removeAttribute("height");
      svg.setAttribute("role", "img");
      this.picture.replaceChildren(svg);
      this.drawn = source;
    }
    this.picture.firstChild.setAttribute("aria-label", this.model.get("label"));
    this.place();
  }

  place() {
    const [m, n] = this.at;
    const [left, top, right, bottom] = this.model.get("frame");
    const [fewest, most, low, high] = this.model.get("limits");
    const numbers = this.model.get("annotators");
    if (!numbers.length || !m) return;
    const inside = (share) => Math.min(Math.max(share, 0), 1);
    const x = inside(Math.log(n / fewest) / Math.log(most / fewest));
    const y = inside((high - m) / (high - low));
    this.point.style.left = `${100 * (left + x * (right - left))}%`;
    this.point.style.top = `${100 * (top + y * (bottom - top))}%`;
    this.point.setAttribute("aria-valuemin", numbers[0]);
    this.point.setAttribute("aria-valuemax", numbers[numbers.length - 1]);
    this.point.setAttribute("aria-valuenow", m);
    this.point.setAttribute("aria-valuetext", `${m} annotators on ${n.toLocaleString("en")} rows`);
  }

  // --- moving ------------------------------------------------------------------------------------------------------

  move(m, n) {
    this.at = [m, n];
    this.place();
  }

  send() {
    this.model.set("at", this.at);
    this.model.save_changes();
  }

  key(event) {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [m, n] = this.at;
    const [up, along] = step;
    this.move(
      up ? next(this.model.get("annotators"), m, up) : m,
      along ? next(this.model.get("units"), n, along) : n,
    );
    this.send();
  }

  grab(event) {
    if (event.button !== 0 || !this.model.get("annotators").length) return;
    event.preventDefault(); // no text is selected while it is dragged
    this.dragging = true;
    this.stage.setPointerCapture(event.pointerId);
    this.drag(event);
    this.point.focus({ preventScroll: true });
  }

  drag(event) {
    const box = this.stage.getBoundingClientRect();
    const [left, top, right, bottom] = this.model.get("frame");
    const [fewest, most, low, high] = this.model.get("limits");
    const x = ((event.clientX - box.left) / box.width - left) / (right - left);
    const y = ((event.clientY - box.top) / box.height - top) / (bottom - top);
    const wanted = fewest * (most / fewest) ** x;
    this.move(
      nearest(this.model.get("annotators"), high - y * (high - low), (a, b) => Math.abs(a - b)),
      nearest(this.model.get("units"), wanted, (a, b) => Math.abs(Math.log(a / b))),
    );
  }

  release() {
    if (!this.dragging) return;
    this.dragging = false;
    this.send();
  }

  /** A finger scrolled instead. */
  putBack() {
    this.dragging = false;
    this.follow();
  }
}

export default {
  render({ model, el }) {
    const plot = new Plot(model, el);
    return () => plot.stop();
  },
};
