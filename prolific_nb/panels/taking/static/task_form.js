/* One task in its frame as a form: its screens one after another, what is entered in them, keys, and faults.
 *
 * The document is the one that the preview shows. What is added to it here is never part of what is sent: hints that
 * name keys, faults, and a style. Texts are written as text only.
 */

const TYPED = 'textarea, input[type="number"], input[type="text"]';
const LETTERS = "abcdefghjklmnopqrtvwxyz"; // without those that the desk itself listens to: i, s, u
const STYLE = `
[hidden], .label { display: none !important; }
main { padding: 12px 12px 20px; }
.pnb-key { background: #eef1f4; border: 1px solid #8a95a3; border-radius: 4px; color: #1c2530; flex: none; font: 600 12px/20px system-ui, sans-serif; min-width: 22px; padding: 0 5px; text-align: center; visibility: hidden; }
.pnb-current .pnb-key { visibility: visible; }
.pnb-keys { color: #5b6775; display: none; font-size: 14px; gap: 4px 14px; flex-wrap: wrap; margin: 8px 0 0; }
.pnb-current > .pnb-keys { display: flex; }
.pnb-keys .pnb-key { display: inline-block; margin-inline-end: 6px; }
.asked { position: relative; }
.pnb-several .pnb-current > .asked::before { color: #1f5fbf; content: "▸" / ""; inset-inline-start: -15px; position: absolute; }
label .pnb-key { margin-inline-start: auto; }
@container (min-width: 520px) { .scale .pnb-key { margin: 0; } }
.question:focus { outline: none; }
.fault { border-inline-start: 3px solid #b3261e; color: #a3180f; font-weight: 600; margin: 0 0 10px; padding-inline-start: 10px; }
[aria-invalid="true"]:not(fieldset) { border-color: #b3261e !important; }
`;

function labelOf(input) {
  return input.closest("label")?.querySelector("span")?.textContent ?? "";
}

/** The key of each option: the label itself where all are single digits, or else its place, then letters. */
function optionKeys(labels) {
  if (new Set(labels).size === labels.length && labels.every((label) => /^\d$/.test(label))) return labels;
  return labels.map((_, place) => (place < 9 ? String(place + 1) : (LETTERS[place - 9] ?? "")));
}

function size(bytes) {
  return bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

class TaskForm {
  constructor(page, on) {
    this.page = page;
    this.on = on;
    this.files = new Map(); // by name of the input: what was chosen before this document was loaded
    this.sections = [...page.querySelectorAll("section.screen")];
    this.header = page.querySelector("header");
    page.head.append(this.make("style", "", STYLE));
    for (const question of page.querySelectorAll(".question")) this.equip(question);
    page.addEventListener("keydown", on.key);
    page.addEventListener("focusin", (event) => this.focused(event.target));
    page.addEventListener("input", (event) => this.typed(event.target));
    page.addEventListener("click", (event) => this.clicked(event));
  }

  /** An element of the frame's document. */
  make(tag, className = "", ...content) {
    const node = this.page.createElement(tag);
    if (className) node.className = className;
    node.append(...content);
    return node;
  }

  // --- screens -------------------------------------------------------------------------------------------------------

  /** Show one screen; -1 is the introduction with the steps. */
  show(number) {
    if (this.header) this.header.hidden = number !== -1;
    this.sections.forEach((section, place) => (section.hidden = place !== number));
    this.section = this.sections[number] ?? null;
    this.section?.classList.toggle("pnb-several", this.questions().length > 1);
    this.at(this.stops()[0] ?? null);
    this.page.defaultView.scrollTo(0, 0);
  }

  questions() {
    return [...(this.section?.querySelectorAll(".question") ?? [])].filter((each) => each.querySelector("[name]"));
  }

  /** Where ↑ and ↓ lead: questions with options and the reasons of those that are chosen; fields. */
  stops() {
    const within = (question) => {
      if (question.matches("fieldset")) return [question, ...question.querySelectorAll("textarea")];
      return [question.querySelector(TYPED) ?? question.querySelector('input[type="file"], select')];
    };
    return this.questions().flatMap(within).filter((each) => each.getClientRects().length);
  }

  // --- the question that keys are for ----------------------------------------------------------------------------------

  at(stop) {
    this.stop = stop;
    this.question?.classList.remove("pnb-current");
    this.question = stop?.closest(".question") ?? null;
    this.question?.classList.add("pnb-current");
  }

  focused(target) {
    const stops = this.stops();
    const question = target.closest?.(".question");
    const stop = stops.find((each) => each === target) ?? (question?.contains(this.stop) ? this.stop : stops.find((each) => each.closest(".question") === question));
    if (stop) this.at(stop);
  }

  /** Focus the question that keys are for; returns false on a screen without questions. */
  focus(stop = this.stop) {
    if (!stop) return false;
    stop.focus({ preventScroll: true });
    this.at(stop);
    this.reveal(stop.closest(".question"));
    return true;
  }

  /** Scroll the frame only; scrollIntoView would scroll the notebook too. */
  reveal(node) {
    const view = this.page.defaultView;
    const { top, bottom } = node.getBoundingClientRect();
    if (top < 0 || bottom > view.innerHeight) view.scrollTo(0, view.scrollY + Math.min(top - 12, bottom - view.innerHeight + 12));
  }

  step(by) {
    const stops = this.stops();
    const next = stops[stops.indexOf(this.stop) + by];
    if (next) this.focus(next);
  }

  /** Out of a text field: keys are for the question's options and the desk again. */
  leave() {
    const { stop, question } = this;
    question?.focus({ preventScroll: true });
    this.at(stop);
  }

  get typing() {
    const active = this.page.activeElement;
    return active?.matches(TYPED) ? active : null;
  }

  /** Type into the field that has the focus. */
  insert(text) {
    const field = this.typing;
    if (field.type === "number") field.value += text;
    else field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- options by key --------------------------------------------------------------------------------------------------

  equip(question) {
    question.tabIndex = -1;
    const ticks = [...question.querySelectorAll('input[type="radio"], input[type="checkbox"]')];
    const listed = [...question.querySelectorAll("select")].flatMap((select) => [...select.options].filter((option) => option.value !== ""));
    const options = ticks.length ? ticks : listed;
    const keys = optionKeys(options.map((each) => (ticks.length ? labelOf(each) : each.label)));
    const byKey = new Map(keys.map((key, place) => [key, options[place]]).filter(([key]) => key));
    this.byKey ??= new WeakMap();
    this.byKey.set(question, byKey);
    if (ticks.length) for (const [key, input] of byKey) this.hint(input, key);
    else if (byKey.size) question.append(this.listing(question, byKey));
    if (question.querySelector('input[type="file"]')) question.append(this.make("p", "hint pnb-files"));
  }

  hint(input, key) {
    input.setAttribute("aria-keyshortcuts", key);
    if (labelOf(input) === key) return; // a label that is its own key
    const kbd = this.make("kbd", "pnb-key", key);
    kbd.setAttribute("aria-hidden", "true");
    input.closest("label").append(kbd);
  }

  /** Keys of a menu's options, which are not on the page. */
  listing(question, byKey) {
    const named = [...byKey].map(([key, option]) => this.make("span", "", this.make("kbd", "pnb-key", key), option.label));
    const first = question.querySelector(TYPED) ? [this.make("span", "", this.make("kbd", "pnb-key", "Esc"), "then")] : [];
    const list = this.make("p", "pnb-keys", ...first, ...named);
    list.setAttribute("aria-hidden", "true");
    return list;
  }

  /** Choose the option of a key; returns whether there is one. */
  choose(key) {
    const option = this.question && this.byKey.get(this.question)?.get(key);
    if (!option) return false;
    const field = option.closest("select") ?? option;
    if (field.options) field.value = option.value;
    else field.checked = field.type === "radio" || !field.checked;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const reason = field.type === "radio" && field.closest(".option").querySelector(".reason");
    this.focus(reason || (this.question.matches("fieldset") ? this.question : this.stop));
    if (!reason && this.typing) this.leave();
    return true;
  }

  // --- what is entered ---------------------------------------------------------------------------------------------------

  typed(target) {
    const option = target.checked && target.type === "checkbox" ? target.closest(".option") : null;
    if (option) this.uncheckOthers(option, target.name);
    if (target.type === "file") this.chose(target);
    this.clearFault(target.closest(".question"));
    this.on.typed();
  }

  /** “None of these” goes with no other option, as for participants. */
  uncheckOthers(chosen, name) {
    const alone = chosen.classList.contains("exclusive");
    for (const option of chosen.closest(".question").querySelectorAll(".option")) {
      const other = option !== chosen && (alone || option.classList.contains("exclusive"));
      if (other) option.querySelector(`input[name="${CSS.escape(name)}"]`).checked = false;
    }
  }

  clicked(event) {
    if (event.target.closest(".onward button")) return this.on.submit();
    if (event.target.closest("a")) event.preventDefault(); // the frame opens no windows
  }

  read() {
    const entered = {};
    for (const field of this.page.querySelectorAll(":is(input, textarea, select)[name]")) {
      const values = (entered[field.name] ??= []);
      if (field.type === "file") values.push(...(this.files.get(field.name) ?? []));
      else if (field.type === "radio" || field.type === "checkbox") values.push(...(field.checked ? [field.value] : []));
      else if (field.value !== "") values.push(field.value);
    }
    return entered;
  }

  restore(entered) {
    for (const field of this.page.querySelectorAll(":is(input, textarea, select)[name]")) {
      const values = entered[field.name];
      if (!values) continue;
      if (field.type === "file") this.keepFiles(field, values);
      else if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length || !field.options) field.value = values[0] ?? "";
    }
  }

  chose(field) {
    const named = [...field.files].map((file) => ({ file_name: file.name, content_type: file.type, size: file.size }));
    if (named.length) this.keepFiles(field, named);
  }

  keepFiles(field, files) {
    this.files.set(field.name, files);
    const named = files.map((file) => `${file.file_name} (${size(file.size)})`).join(", ");
    const note = field.closest(".question").querySelector(".pnb-files");
    note.textContent = files.length ? `Chosen: ${named}. Only names and sizes are kept, not the content.` : "";
  }

  // --- faults --------------------------------------------------------------------------------------------------------------

  showFaults(faults) {
    for (const question of this.page.querySelectorAll(".question")) this.clearFault(question);
    const shown = faults.map((fault) => this.showFault(fault)).filter(Boolean);
    const first = this.stops().find((stop) => stop.closest(".question") === shown[0]);
    return first ?? null;
  }

  showFault({ name, words }) {
    const field = this.page.querySelector(`[name="${CSS.escape(name)}"]`);
    const question = field?.closest(".question");
    if (!question) return null;
    const fault = this.make("p", "fault", words);
    fault.id = `${name}-fault`;
    question.querySelector(".asked").after(fault);
    const owner = question.matches("fieldset") ? question : field;
    owner.setAttribute("aria-invalid", "true");
    owner.dataset.pnbDescribed = owner.getAttribute("aria-describedby") ?? "";
    owner.setAttribute("aria-describedby", `${fault.id} ${owner.dataset.pnbDescribed}`.trim());
    return question;
  }

  clearFault(question) {
    question?.querySelector(":scope > .fault")?.remove();
    for (const each of [question, ...(question?.querySelectorAll("[aria-invalid]") ?? [])]) {
      if (!each?.hasAttribute("aria-invalid")) continue;
      each.removeAttribute("aria-invalid");
      if (each.dataset.pnbDescribed) each.setAttribute("aria-describedby", each.dataset.pnbDescribed);
      else each.removeAttribute("aria-describedby");
    }
  }
}
