/* The desk at which a person takes the tasks of a design, as a participant gets them.
 *
 * Python owns the tasks, the place, the answers and the faults. The next tasks are loaded ahead, so that one is shown as
 * soon as Python has stored the answer to the one before. What is typed stays in its frame until then, and goes to
 * Python as a draft too, for other views and for a page that is loaded again.
 */

const WATCHED = ["tasks", "entered", "at", "screen", "faults", "progress", "done", "total", "steps", "summary", "details", "applied"];
const TALLEST = { wide: 620, narrow: 560 }; // px; a longer screen scrolls in its frame
const DRAFT = 700; // ms after the last key
const SLOW = 1_500; // ms until a wait is named
const SETTLING = [0, 100, 300, 700, 1500]; // ms after the desk has come into sight
const LOCAL = "button, summary, a"; // Enter is theirs
const KEYS = [
  ["1…9 a…z", "choose an option"],
  ["Enter", "submit"],
  ["Ctrl+Enter", "submit from a text of several lines"],
  ["Esc", "leave a text field"],
  ["↑ ↓", "other question"],
  ["←", "back"],
  ["→", "forward again"],
  ["s", "skip, with a reason"],
  ["u", "undo the last answer or skip"],
  ["i", "introduction and steps"],
  ["?", "this list"],
];

class TaskDesk extends FramedDesk {
  constructor(model, el) {
    super(model, el, WATCHED);
    this.kept = new Map(); // by ID of the task, what is entered here
    this.forms = new Map(); // by ID of the task
    this.sent = new Map(); // by ID of the task, what of Python's its form has
    this.queue = []; // keys pressed while Python stores an answer
    this.device = "keyboard";
    this.build();
    this.frames = new RowFrames(this.stage, TALLEST, (page, item) => this.prepare(page, item));
    this.about = new RowFrames(this.aboutStage, TALLEST, (page) => this.prepareAbout(page));
    this.clock = new TaskClock(() => this.el.isConnected && this.el.clientHeight > 0);
    this.listen();
    this.refresh();
    this.model.set("ready", true);
    this.model.save_changes();
  }

  // --- the document ------------------------------------------------------------------------------------------------

  build() {
    this.dress("Task to answer");
    this.el.classList.add("pnb-take");
    this.el.append(this.head(), this.body(), this.foot(), this.live);
  }

  head() {
    this.title = make("span", "pnb-desk-title");
    return this.progressHead("Tasks done", this.title);
  }

  body() {
    this.aboutStage = make("div", "pnb-desk-stage", { tabindex: "-1" });
    this.aboutBox = make("div", "pnb-take-about", {}, this.aboutStage);
    this.aboutBox.hidden = true;
    this.stage = make("div", "pnb-desk-stage");
    this.summary = make("div", "pnb-take-summary");
    this.wait = make("p", "pnb-take-wait");
    this.main = make("div", "pnb-take-body", {}, this.aboutBox, this.stage, this.summary, this.wait);
    return this.main;
  }

  foot() {
    this.back = this.button("← Back", "", "ArrowLeft");
    this.forward = this.button("Forward →", "", "ArrowRight");
    this.go = this.button("Start", "Enter", "Enter");
    this.go.classList.add("pnb-take-go");
    this.skip = this.button("Skip", "s");
    this.undo = this.button("Undo", "u");
    this.info = this.button("Introduction", "i");
    this.help = this.button("Keys", "?");
    this.reason = make("input", "", { type: "text", autocomplete: "off", placeholder: "Optional", "aria-label": "Reason for skipping" });
    this.confirm = this.button("Skip this task", "Enter", "");
    this.reasonRow = make("div", "pnb-desk-field", {}, make("span", "", { "aria-hidden": "true" }, "Reason"), this.reason, this.confirm);
    this.reasonRow.hidden = true;
    const keys = KEYS.map(([key, what]) => make("li", "", {}, make("span", "", {}, ...key.split(" ").map((each) => make("kbd", "", {}, each))), what));
    this.keys = make("ul", "pnb-take-keys", { "aria-label": "Keys" }, ...keys);
    this.keys.hidden = true;
    const left = make("div", "pnb-take-group", {}, this.go, this.back, this.forward);
    const right = make("div", "pnb-take-group", {}, this.skip, this.undo, this.info, this.help);
    return make("div", "pnb-take-foot", {}, make("div", "pnb-take-acts", {}, left, right), this.reasonRow, this.keys);
  }

  button(label, key, shortcut = key) {
    const hint = key ? [make("kbd", "", { "aria-hidden": "true" }, key)] : [];
    const keys = shortcut ? { "aria-keyshortcuts": shortcut } : {};
    return make("button", "pnb-button", { type: "button", ...keys }, label, ...hint);
  }

  listen() {
    super.listen();
    const acts = [[this.go, "submit"], [this.back, "goBack"], [this.forward, "goForward"], [this.skip, "askSkip"], [this.undo, "takeBack"]];
    for (const [button, act] of [...acts, [this.info, "toggleAbout"], [this.help, "toggleKeys"], [this.confirm, "confirmSkip"]]) {
      this.on(button, "click", () => this[act]());
    }
    this.on(this.summary, "click", (event) => event.target.closest("button") && this.send({ act: "skipped" }));
    this.on(document, "visibilitychange", () => document.visibilityState === "hidden" && this.sendDraft());
    for (const type of ["pointerdown", "keydown"]) this.on(document, type, () => (this.touched = true));
  }

  remove() {
    this.sendDraft();
    super.remove();
    this.clock.remove();
    this.about.remove();
    clearTimeout(this.slow);
  }

  // --- frames --------------------------------------------------------------------------------------------------------

  prepare(page, item) {
    const form = new TaskForm(page, { key: (event) => this.key(event), typed: () => this.typed(item.id), submit: () => this.submit() });
    this.forms.set(item.id, form);
    const entered = this.model.get("entered")[item.id] ?? {};
    for (const type of ["pointerdown", "keydown"]) page.addEventListener(type, () => (this.touched = true));
    page.addEventListener("pointerdown", (event) => (this.device = event.pointerType));
    this.sent.set(item.id, JSON.stringify(entered));
    form.restore(this.kept.get(item.id) ?? entered);
    if (item.id !== this.item?.id) return form.show(item.screens[0] ?? -1);
    this.place = ""; // the document was loaded anew
    this.draw();
  }

  prepareAbout(page) {
    onlyRead(page);
    page.head.append(Object.assign(page.createElement("style"), { textContent: ".screen { display: none; }" }));
    page.addEventListener("keydown", (event) => this.key(event));
  }

  get form() {
    return this.item ? this.forms.get(this.item.id) : null;
  }

  // --- what Python sent ----------------------------------------------------------------------------------------------

  /** Whether Python has something to do that may change what is shown. */
  busy() {
    return this.waiting().some((act) => act.act !== "draft");
  }

  refresh() {
    this.draw();
    this.opened();
    if (!this.busy()) this.replay();
  }

  send(act) {
    super.send(act);
    if (act.act !== "draft") this.drawWaiting();
  }

  draw() {
    const had = this.hasFocus();
    const item = this.model.get("tasks").find((each) => each.place === this.model.get("at")) ?? null;
    this.drawHead(item);
    this.drawWaiting();
    if (!item) return;
    const [screen, place] = [this.model.get("screen"), `${item.id} ${this.model.get("screen")}`];
    const moved = place !== this.place;
    this.item = item;
    this.screen = screen;
    const ended = screen >= item.screens.length;
    this.frames.show(this.model.get("tasks"), ended ? "" : item.id);
    this.mirror(had);
    if (moved && (ended || this.form)) {
      if (this.clock.task !== item.id) this.left();
      this.place = place;
      this.form?.show(item.screens[screen]);
      this.clock.start(item.kind === "task" ? item.id : null);
      this.reasonRow.hidden = true;
    }
    this.drawSummary(ended);
    this.drawFoot(ended);
    const faulty = this.drawFaults(moved);
    if (moved && had) this.focus(faulty);
    if (moved) this.say(`${this.title.textContent}. ${this.words.textContent}.`);
  }

  /** Time of a task that was answered is stored; when it is answered again, only the time since then is added. */
  left() {
    if (this.lastAct === "submit") this.clock.clear(this.clock.task);
    this.device = "keyboard";
  }

  drawHead(item) {
    this.drawProgress(this.model.get("done"));
    const screens = item?.kind === "task" && item.screens.length > 1 ? ` · screen ${this.model.get("screen") + 1} of ${item.screens.length}` : "";
    this.title.textContent = item ? `${item.title}${screens}` : "";
  }

  drawWaiting() {
    const busy = this.busy();
    this.main.setAttribute("aria-busy", String(busy));
    if (busy === Boolean(this.slow)) return;
    clearTimeout(this.slow);
    this.wait.textContent = "";
    const words = "Waiting for the kernel. What you entered stays here, and is stored as soon as it answers.";
    this.slow = busy ? setTimeout(() => (this.wait.textContent = words), SLOW) : null;
  }

  drawFoot(ended) {
    const steps = this.model.get("steps");
    const task = this.item.kind === "task";
    this.go.hidden = ended || this.item.screens[this.screen] !== -1; // other screens have their own button
    this.enable(this.back, steps.back);
    this.enable(this.forward, steps.forward);
    this.enable(this.undo, steps.undo);
    this.enable(this.skip, task);
    this.info.hidden = !this.model.get("details") || this.item.screens[this.screen] === -1;
    if (this.info.hidden) this.showAbout(false);
  }

  enable(button, on) {
    if (!on && button === this.active) this.focusDesk();
    button.disabled = !on;
  }

  drawSummary(ended) {
    this.summary.hidden = !ended;
    const { words = [], skipped = 0 } = this.model.get("summary");
    const content = JSON.stringify([words, skipped]);
    if (!ended || content === this.summed) return;
    this.summed = content;
    const again = skipped ? [make("button", "pnb-button", { type: "button" }, skipped === 1 ? "Show the skipped task" : `Show the ${skipped} skipped tasks`)] : [];
    this.summary.replaceChildren(...words.map((each) => make("p", "", { dir: "auto" }, each)), ...again);
  }

  /** Draw the faults once; what is typed afterwards removes them one by one. Returns the first place to fix. */
  drawFaults(moved) {
    const faults = this.model.get("faults");
    const own = faults.id === this.item.id && faults.screen === this.screen ? faults : { n: 0, found: [] };
    if (!this.form || (own.n === this.fault && !moved)) return null;
    this.fault = own.n;
    const first = this.form.showFaults(own.found);
    if (!first) return null;
    this.queue = [];
    this.say(own.found.map(({ question, words }) => `${question} ${words}`).join(" "));
    if (!moved && this.hasFocus()) this.form.focus(first);
    return first;
  }

  /** What another view entered, or what was stored: shown here unless somebody is at it. */
  mirror(had) {
    for (const [id, values] of Object.entries(this.model.get("entered"))) {
      const [form, entered] = [this.forms.get(id), JSON.stringify(values)];
      if (!form || this.sent.get(id) === entered) continue;
      this.sent.set(id, entered);
      if (had || JSON.stringify(this.kept.get(id)) === entered) continue;
      this.kept.delete(id);
      form.restore(values);
    }
  }

  // --- focus ---------------------------------------------------------------------------------------------------------

  hasFocus() {
    return Boolean(this.active) && this.el.contains(this.active);
  }

  focus(stop) {
    if (!this.form?.focus(stop ?? undefined)) this.focusDesk();
  }

  /** Take the focus when the desk comes into sight, so that its keys work, unless someone types or moves by keyboard. */
  opened() {
    const open = this.el.clientHeight > 0 && Boolean(this.item) && (Boolean(this.form) || this.model.get("total") === 0);
    if (open && !this.isOpen) for (const ms of SETTLING) setTimeout(() => this.takeFocus(), ms);
    this.isOpen = open || (this.isOpen && this.el.clientHeight > 0);
  }

  /** The notebook may focus a cell once more when it has run it; a person who has done anything keeps their focus. */
  takeFocus() {
    if (!this.removed && !this.touched && !this.hasFocus() && this.mayTakeFocus()) this.focus();
  }

  mayTakeFocus() {
    return !this.active?.closest(".pnb-take") && super.mayTakeFocus(); // not from another view
  }

  // --- what the person does ------------------------------------------------------------------------------------------

  typed(id) {
    this.kept.set(id, this.forms.get(id).read());
    this.drafted = id;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.sendDraft(), DRAFT);
  }

  sendDraft() {
    clearTimeout(this.later);
    const id = this.drafted;
    this.drafted = null;
    if (id && !this.removed) this.send({ act: "draft", id, entered: this.kept.get(id) });
  }

  /** Send an act with what is entered; one at a time, since each may change what is shown. */
  act(act) {
    if (!this.item || this.busy()) return;
    clearTimeout(this.later);
    this.drafted = null;
    const entered = this.form && this.item.kind === "task" ? this.form.read() : {};
    if (this.item.kind === "task") this.kept.set(this.item.id, entered);
    this.lastAct = act.act;
    this.send({ ...act, id: this.item.id, screen: this.screen, entered });
  }

  submit() {
    if (this.item && this.screen < this.item.screens.length) this.act({ act: "submit", seconds: this.clock.seconds(this.item.id), device: this.device });
  }

  goBack() {
    if (this.model.get("steps").back) this.act({ act: "back" });
  }

  goForward() {
    if (this.model.get("steps").forward) this.act({ act: "forward" });
  }

  takeBack() {
    if (this.model.get("steps").undo) this.act({ act: "undo" });
  }

  askSkip() {
    if (this.item?.kind !== "task") return;
    this.reasonRow.hidden = false;
    this.reason.value = "";
    this.reason.focus();
  }

  confirmSkip() {
    const reason = this.reason.value.trim();
    this.act({ act: "skip", reason });
    this.reasonRow.hidden = true;
    this.focusDesk();
  }

  toggleKeys() {
    this.keys.hidden = !this.keys.hidden;
    this.help.setAttribute("aria-expanded", String(!this.keys.hidden));
  }

  toggleAbout() {
    if (!this.info.hidden) this.showAbout(this.aboutBox.hidden);
  }

  showAbout(shown) {
    this.aboutBox.hidden = !shown;
    this.info.setAttribute("aria-expanded", String(shown));
    const html = this.model.get("details");
    if (shown) this.about.show([{ id: "about", title: "Introduction and steps", frame: "Introduction and steps", html }], "about");
  }

  // --- keys ----------------------------------------------------------------------------------------------------------

  handled(event) {
    const { key, target } = event;
    const outer = target.ownerDocument === this.el.ownerDocument;
    const send = key === "Enter" && (event.ctrlKey || event.metaKey);
    if (event.ctrlKey || event.metaKey) return send && this.pressed("Enter");
    if (outer && target === this.reason) return this.inReason(key);
    if (outer && key === "Enter" && target.closest(LOCAL)) return false;
    if (this.busy()) return this.keep(key);
    if (!outer && target.closest(PLAYED) && key !== "Escape") return false;
    if (!outer && target.matches(TYPED)) return this.inField(key, target);
    if (!outer && target.matches('input[type="radio"], select') && /^Arrow(Up|Down)$/.test(key)) return false;
    return this.pressed(key);
  }

  inReason(key) {
    if (key === "Enter") this.confirmSkip();
    else if (key === "Escape") this.closeReason();
    else return false;
    return true;
  }

  closeReason() {
    this.reasonRow.hidden = true;
    this.focus();
  }

  /** In a text field every key is for its text, but for those that end it. */
  inField(key, field) {
    if (key === "Escape") this.form.leave();
    else if (key === "Enter" && !field.matches("textarea")) this.submit();
    else return false;
    return true;
  }

  pressed(key) {
    const acts = {
      Enter: () => this.submit(),
      ArrowLeft: () => this.goBack(),
      ArrowRight: () => this.goForward(),
      ArrowUp: () => this.form?.step(-1),
      ArrowDown: () => this.form?.step(1),
      Escape: () => this.escape(),
      s: () => this.askSkip(),
      u: () => this.takeBack(),
      i: () => this.toggleAbout(),
      "?": () => this.toggleKeys(),
    };
    const name = key.length === 1 ? key.toLowerCase() : key;
    if (acts[name]) acts[name]();
    return Boolean(acts[name]) || (this.screen < this.item?.screens.length && Boolean(this.form?.choose(name)));
  }

  escape() {
    if (!this.keys.hidden) this.toggleKeys();
    else if (!this.aboutBox.hidden) this.toggleAbout();
    this.focus();
  }

  /** A key that is pressed while an answer is being stored is for the task that comes next. */
  keep(key) {
    const kept = key.length === 1 || key === "Enter" || key.startsWith("Arrow");
    if (kept) this.queue.push(key);
    return kept;
  }

  replay() {
    while (this.queue.length && !this.busy()) {
      const key = this.queue.shift();
      const field = this.form?.typing;
      if (field && key.length === 1) this.form.insert(key);
      else if (field) this.inField(key, field);
      else this.pressed(key);
    }
  }
}

function render({ model, el }) {
  const desk = new TaskDesk(model, el);
  return () => desk.remove();
}

export default { render };
