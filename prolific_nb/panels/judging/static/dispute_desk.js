/* The desk at which a judge decides.
 *
 * Python owns the items and the decisions. A step to an item that is loaded already, and the mark on the label that was
 * chosen, are shown here at once; everything else is as Python sent it. Texts are written as text only.
 */

const WATCHED = ["items", "at", "total", "decided", "progress", "applied"];
const TALLEST = { wide: 540, narrow: 360 }; // px; a longer document scrolls in its frame

let ids = 0;

class DisputeDesk extends FramedDesk {
  constructor(model, el) {
    super(model, el, WATCHED);
    this.at = model.get("at");
    this.reasons = new Map(); // by ID, typed before there was a decision
    this.build();
    this.frames = new RowFrames(this.stage, TALLEST, (page) => this.prepare(page));
    this.listen();
    this.refresh();
  }

  // --- the document ------------------------------------------------------------------------------------------------

  build() {
    const id = `pnb-desk-${(ids += 1)}`;
    this.dress("Row to decide on", { "aria-describedby": `${id}-keys` });
    this.el.classList.add("pnb-dispute");
    this.el.append(this.head(), this.body(id), this.hint(id), this.live);
  }

  head() {
    this.where = make("span", "pnb-desk-where");
    this.previous = make("button", "pnb-button", { type: "button", "aria-label": "Previous row" }, "← Previous");
    this.next = make("button", "pnb-button", { type: "button", "aria-label": "Next row" }, "Next →");
    const steps = make("div", "pnb-desk-steps", {}, this.previous, this.where, this.next);
    return this.progressHead("Decided", steps);
  }

  body(id) {
    this.title = make("p", "pnb-desk-title");
    this.stage = make("div", "pnb-desk-stage");
    this.missing = make("p", "pnb-desk-missing");
    this.question = make("h4", "pnb-desk-question");
    this.answers = make("ul", "pnb-desk-answers");
    this.options = make("div", "pnb-desk-options", { role: "group", "aria-label": "Your decision" });
    this.own = make("input", "", { id: `${id}-own`, type: "text", autocomplete: "off" });
    this.ownLabel = make("label", "", { for: `${id}-own` });
    this.ownRow = make("div", "pnb-desk-field", {}, this.ownLabel, this.own);
    this.state = make("span", "pnb-desk-state");
    this.withdraw = make("button", "pnb-button pnb-quiet", { type: "button" }, "Withdraw");
    this.reason = make("input", "", { id: `${id}-reason`, type: "text", autocomplete: "off", placeholder: "Optional" });
    const reason = make("div", "pnb-desk-field", {}, make("label", "", { for: `${id}-reason` }, "Reason"), this.reason);
    const heading = (words) => make("p", "pnb-desk-heading", {}, words);
    this.given = heading("Answers");
    const result = make("div", "pnb-desk-result", {}, this.state, this.withdraw);
    const decide = [heading("Your decision"), this.options, this.ownRow, result, reason];
    const left = make("div", "pnb-desk-row", {}, this.title, this.stage, this.missing);
    this.main = make("div", "pnb-desk-body", {}, left, make("div", "pnb-desk-side", {}, this.question, this.given, this.answers, ...decide));
    return this.main;
  }

  hint(id) {
    this.off = make("span", "pnb-desk-off", {}, "Click here, or press Tab, to use the keys:");
    this.keys = make("p", "pnb-desk-keys", { id: `${id}-keys` }, this.off);
    return this.keys;
  }

  /** Nothing can be entered in a row: a decision is made beside it. */
  prepare(page) {
    onlyRead(page);
    page.addEventListener("keydown", (event) => this.key(event));
    // Below the introduction, which is the same for all rows; not scrollIntoView, which would scroll the notebook too.
    page.defaultView.scrollTo(0, (page.querySelector(".screen")?.offsetTop ?? 0) - 12);
  }

  listen() {
    super.listen();
    this.on(this.previous, "click", () => this.go(-1));
    this.on(this.next, "click", () => this.go(1));
    this.on(this.options, "click", (event) => this.choose(event.target.closest("button")?.dataset.value));
    this.on(this.withdraw, "click", () => this.takeBack());
    this.on(this.reason, "change", () => this.keepReason());
    this.on(this.main, "mousedown", (event) => this.clicked(event));
  }

  // --- focus -------------------------------------------------------------------------------------------------------

  /** Take the focus when the desk comes into sight, so that its keys work, unless someone types or moves by keyboard. */
  opened() {
    const open = this.el.clientHeight > 0 && this.model.get("total") > 0;
    if (open && !this.isOpen && this.mayTakeFocus()) this.focusDesk();
    this.isOpen = open;
  }

  /** A click on texts is for the desk, so that its keys work after it. */
  clicked(event) {
    if (!event.target.closest(`button, label, ${TYPED_INTO}`)) setTimeout(() => this.focusDesk());
  }

  // --- what Python sent ----------------------------------------------------------------------------------------------

  refresh() {
    if (!this.waiting().some((act) => act.act === "go")) this.at = this.model.get("at");
    this.draw();
    this.opened();
  }

  send(act) {
    super.send(act);
    this.draw();
  }

  /** The decision about the item: as it was made here, or else as it is stored. */
  decision() {
    const last = this.waiting().filter((act) => act.id === this.item.id).at(-1);
    if (!last) return this.item.decision;
    return last.act === "withdraw" ? null : { ...last, words: `${this.named(last.values)}: saving…` };
  }

  named(values) {
    const label = (value) => this.item.options.find((option) => option.value === value)?.label ?? value;
    return values.map(label).join(" + ") || "nothing";
  }

  draw() {
    const items = this.model.get("items");
    const item = items.find((each) => each.place === this.at) ?? null;
    const moved = item?.id !== this.item?.id;
    this.drawHead();
    this.main.classList.toggle("pnb-desk-waiting", !item);
    this.main.setAttribute("aria-busy", String(!item));
    if (!item) return void (this.item = null);
    this.item = item;
    this.frames.show(items, item.id);
    this.drawItem(moved);
    this.drawDecision(moved);
    this.announce(moved);
  }

  drawHead() {
    const total = this.model.get("total");
    this.drawProgress(this.model.get("decided"));
    this.where.textContent = `${this.at + 1} of ${total}`;
    for (const [button, off] of [[this.previous, this.at <= 0], [this.next, this.at >= total - 1]]) {
      if (off && button === this.active) this.focusDesk();
      button.disabled = off;
    }
  }

  drawItem(moved) {
    const { title, question, missing, answers, options, own } = this.item;
    const content = JSON.stringify([title, question, missing, answers, options, own]);
    if (content === this.content) return;
    this.content = content;
    const within = this.options.contains(this.active);
    this.title.textContent = title;
    this.question.textContent = question;
    this.missing.textContent = missing;
    this.missing.hidden = !missing;
    this.given.hidden = this.answers.hidden = Boolean(own); // texts and numbers are chosen among the answers themselves
    this.answers.replaceChildren(...(own ? [] : answers).map((answer) => this.answer(answer)));
    this.options.classList.toggle("pnb-desk-long", Boolean(own));
    this.options.replaceChildren(...options.flatMap((option, place) => [this.option(option), ...(own ? this.beside(answers[place]) : [])]));
    this.ownRow.hidden = !own;
    this.ownLabel.textContent = own === "number" ? "Another number" : "Another answer";
    if (moved) this.own.value = "";
    this.drawKeys(options, own);
    if (within) this.focusDesk();
  }

  answer(answer) {
    const label = make("b", "", { dir: "auto" }, answer.label);
    return make("li", "", {}, label, ...this.beside(answer));
  }

  /** Who gave an answer, and why. */
  beside({ who, words }) {
    const several = new Set(words.map(([about]) => about)).size > 1;
    const texts = words.map(([about, text]) => {
      const asked = about && several ? [make("span", "pnb-desk-about", {}, `${about} `)] : [];
      return make("p", "pnb-desk-words", { dir: "auto" }, ...asked, text);
    });
    return [...(who ? [make("span", "pnb-desk-who", {}, who)] : []), ...texts];
  }

  option({ value, label, key }) {
    const shortcut = key ? { "aria-keyshortcuts": key } : {};
    const hint = make("kbd", key ? "" : "pnb-desk-nokey", { "aria-hidden": "true" }, key || "·");
    const button = make("button", "pnb-desk-option", { type: "button", ...shortcut }, hint, make("span", "", { dir: "auto" }, label));
    button.dataset.value = value;
    return button;
  }

  drawKeys(options, own) {
    const keys = options.map((option) => option.key).filter(Boolean);
    const range = keys.length > 1 ? `${keys[0]}…${keys.at(-1)}` : keys[0];
    const act = this.item.many ? "select" : "decide";
    const hints = [["←", "→", "move"], ...(range ? [[range, act]] : []), ["U", "withdraw"], ["R", "reason"], ...(own ? [["O", "another answer"]] : [])];
    const nodes = hints.map((parts) => make("span", "", {}, ...parts.slice(0, -1).map((key) => make("kbd", "", {}, key)), parts.at(-1)));
    this.keys.replaceChildren(this.off, ...nodes);
  }

  drawDecision(moved) {
    const decision = this.decision();
    for (const button of this.options.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(decision?.values.includes(button.dataset.value) ?? false));
    }
    this.state.textContent = decision ? decision.words : "not decided yet";
    this.state.classList.toggle("pnb-desk-decided", Boolean(decision));
    if (!decision && this.withdraw === this.active) this.focusDesk();
    this.withdraw.hidden = !decision;
    if (moved || this.reason !== this.active) {
      this.reason.value = decision?.reason ?? this.reasons.get(this.item.id) ?? "";
    }
  }

  announce(moved) {
    const state = this.state.textContent;
    if (moved) this.say(`${this.item.title}, ${this.where.textContent}. ${this.item.question} ${state}.`);
    else if (state !== this.lastState && !state.endsWith("saving…")) this.say(`${state}. ${this.words.textContent}.`);
    if (!state.endsWith("saving…")) this.lastState = state;
  }

  // --- what the judge does -------------------------------------------------------------------------------------------

  go(by) {
    const to = this.at + by;
    if (to < 0 || to >= this.model.get("total")) return this.say(by < 0 ? "This is the first row." : "This is the last row.");
    this.at = to;
    this.send({ act: "go", to });
  }

  choose(value) {
    if (value === undefined || !this.item) return;
    if (!this.item.many) return this.decide([value]);
    const before = this.decision()?.values ?? [];
    const values = this.item.options.map((option) => option.value).filter((each) => (each === value) !== before.includes(each));
    if (this.item.limit && values.length > this.item.limit) return this.say(`At most ${this.item.limit} can be selected.`);
    this.decide(values);
  }

  decide(values) {
    this.reasons.delete(this.item.id);
    this.send({ act: "decide", id: this.item.id, values, reason: this.reason.value.trim() });
  }

  takeBack() {
    if (this.item && this.decision()) this.send({ act: "withdraw", id: this.item.id });
  }

  keepReason() {
    const decision = this.item && this.decision();
    if (decision) this.decide(decision.values);
    else if (this.item) this.reasons.set(this.item.id, this.reason.value);
  }

  handled(event) {
    if (event.ctrlKey || event.metaKey || event.target.closest(PLAYED)) return false;
    const typing = event.target.ownerDocument === this.el.ownerDocument && event.target.closest(TYPED_INTO);
    return typing ? this.typed(event) : this.pressed(event.key);
  }

  /** In a text field every key is for its text, but for those that end it. */
  typed({ key }) {
    if (key === "Enter" && this.own === this.active) {
      const value = this.own.value.trim();
      if (value && this.item) this.decide([value]);
    }
    if (key !== "Enter" && key !== "Escape") return false;
    this.focusDesk();
    return true;
  }

  pressed(key) {
    const acts = {
      ArrowLeft: () => this.go(-1),
      ArrowRight: () => this.go(1),
      Backspace: () => this.takeBack(),
      u: () => this.takeBack(),
      r: () => this.reason.focus(),
      o: () => this.ownRow.hidden || this.own.focus(),
    };
    const act = acts[key.length === 1 ? key.toLowerCase() : key];
    const option = this.item?.options.find((each) => each.key === key);
    if (option) this.choose(option.value);
    else if (!this.item && /^\d$/.test(key)) this.say("This row is still loading.");
    else act?.();
    return Boolean(act || option);
  }
}

function render({ model, el }) {
  const desk = new DisputeDesk(model, el);
  return () => desk.remove();
}

export default { render };
