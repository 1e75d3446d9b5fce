/* A table of submissions: filtered, sorted and paged here, so that none of it waits for Python.
 *
 * Python owns the rows; `selected`, `sort` and `filters` are changed by both sides. Cells are written as text only.
 */

const PAGE = 50; // rows in the document at once
const COUNT = new Intl.NumberFormat("en");
const WATCHED = ["columns", "rows", "marks", "selected", "sort", "filters", "label"];

function plural(number, noun) {
  return `${COUNT.format(number)} ${noun}${number === 1 ? "" : "s"}`;
}

function shown(row, column) {
  const cell = row[column.text ?? column.key];
  if (cell === null || cell === undefined || cell === "") return column.missing ?? "";
  return typeof cell === "number" ? format(cell, column.digits) : String(cell);
}

const formats = new Map(); // creating one is slow

function format(number, digits) {
  if (!formats.has(digits)) {
    const shape = digits === undefined ? {} : { minimumFractionDigits: digits };
    formats.set(digits, new Intl.NumberFormat("en", { ...shape, maximumFractionDigits: digits ?? 4 }));
  }
  return formats.get(digits).format(number).replace(/^-(0(\.0+)?)$/, "$1"); // no "-0.0"
}

/** Numbers before strings, what is not known last in either direction. */
function compare(a, b, sign) {
  const [noA, noB] = [a ?? "", b ?? ""].map((cell) => cell === "");
  if (noA || noB) return noA - noB;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return sign * (typeof a === "number" ? a - b : a.localeCompare(b));
}

function passes(row, columns, { status, text, above, below }) {
  if (status && row.status !== status) return false;
  if (typeof above === "number" && !(row.minutes > above)) return false;
  if (typeof below === "number" && !(row.minutes !== null && row.minutes < below)) return false;
  if (!text) return true;
  const sought = text.toLowerCase();
  return columns.some((column) => shown(row, column).toLowerCase().includes(sought)) || row.id.includes(sought);
}

class Filters {
  constructor(changed) {
    this.status = make("select");
    this.text = make("input", "", { type: "search", size: "16" });
    this.above = make("input", "pnb-subs-number", { type: "number", min: "0", step: "any" });
    this.below = make("input", "pnb-subs-number", { type: "number", min: "0", step: "any" });
    const fields = [["Status", this.status], ["Search", this.text], ["Slower than", this.above, "min"], ["Faster than", this.below, "min"]];
    const labels = fields.map(([words, field, unit]) => make("label", "", {}, make("span", "", {}, words), field, ...(unit ? [unit] : [])));
    this.clear = make("button", "pnb-button", { type: "button" }, "Clear filters");
    this.clear.addEventListener("click", () => changed({}));
    this.node = make("div", "pnb-subs-filters pnb-draft", { role: "group", "aria-label": "Filters" }, ...labels, this.clear);
    this.node.addEventListener("input", () => changed(this.read()));
  }

  read() {
    const typed = { status: this.status.value, text: this.text.value.trim() };
    for (const name of ["above", "below"]) if (this[name].value !== "") typed[name] = Number(this[name].value);
    return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ""));
  }

  fill(rows, filters) {
    const statuses = [...new Set(rows.map((row) => row.status))].filter(Boolean).sort();
    if (filters.status && !statuses.includes(filters.status)) statuses.push(filters.status);
    const options = [["", "All"], ...statuses.map((status) => [status, status])];
    if (JSON.stringify(options) !== this.options) {
      this.options = JSON.stringify(options);
      this.status.replaceChildren(...options.map(([value, words]) => make("option", "", { value }, words)));
    }
    const active = this.node.getRootNode().activeElement;
    for (const name of ["status", "text", "above", "below"]) {
      const value = String(filters[name] ?? "");
      if (this[name] !== active || name === "status" || Object.keys(filters).length === 0) this[name].value = value;
    }
    this.clear.hidden = Object.keys(filters).length === 0;
  }
}

class Table {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.page = 0;
    this.at = 0; // the position, among the rows that pass the filters, of the one that takes the focus
    this.anchor = 0; // where a selection with Shift starts
    this.build();
    this.listen();
    this.refresh();
  }

  build() {
    this.el.classList.add("pnb-subs");
    this.filters = new Filters((filters) => this.set({ filters }));
    this.head = make("tr");
    this.body = make("tbody");
    this.table = make("table", "", {}, make("thead", "", {}, this.head), this.body);
    this.scroll = make("div", "pnb-subs-scroll", { role: "region", tabindex: "0" }, this.table);
    this.live = make("span", "", { role: "status" });
    this.none = make("button", "pnb-button", { type: "button" }, "Select none");
    this.previous = make("button", "pnb-button", { type: "button" }, "Previous");
    this.next = make("button", "pnb-button", { type: "button" }, "Next");
    this.where = make("span");
    this.pages = make("span", "pnb-subs-pages", {}, this.previous, this.where, this.next);
    this.foot = make("div", "pnb-subs-foot", {}, this.live, this.none, this.pages);
    this.el.append(this.filters.node, this.scroll, this.foot);
  }

  listen() {
    this.ending = new AbortController();
    const on = (node, type, handle) => node.addEventListener(type, handle.bind(this), { signal: this.ending.signal });
    on(this.el, "keydown", this.pressed);
    on(this.head, "click", this.headClicked);
    on(this.body, "click", this.rowClicked);
    on(this.none, "click", () => this.select([]));
    on(this.previous, "click", () => this.turn(-1));
    on(this.next, "click", () => this.turn(1));
    this.changed = () => this.refreshSoon();
    for (const name of WATCHED) this.model.on(`change:${name}`, this.changed);
  }

  remove() {
    this.ending.abort();
    for (const name of WATCHED) this.model.off(`change:${name}`, this.changed);
    this.el.replaceChildren();
  }

  set(traits) {
    for (const [name, value] of Object.entries(traits)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** One message can change several traits; draw once for all of them. */
  refreshSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (!this.ending.signal.aborted) this.refresh();
    });
  }

  refresh() {
    this.arrange();
    this.filters.fill(this.model.get("rows"), this.model.get("filters"));
    this.drawHead();
    this.drawBody();
    this.drawFoot();
  }

  /** The rows that pass the filters, in order; arranged anew only if something that matters to it changed. */
  arrange() {
    const inputs = ["rows", "columns", "filters", "sort", ...(this.sortKey() === "mark" ? ["marks"] : [])].map((name) => this.model.get(name));
    if (this.inputs?.every((input, index) => input === inputs[index])) return;
    this.inputs = inputs;
    const [rows, columns, filters, sort] = inputs;
    const marks = this.model.get("marks");
    this.all = columns.map((column) => column.key);
    this.order = rows.filter((row) => passes(row, columns, filters));
    const key = this.sortKey();
    const cell = key === "mark" ? (row) => marks[row.id] : (row) => row[key];
    if (key) this.order.sort((a, b) => compare(cell(a), cell(b), sort.startsWith("-") ? -1 : 1));
    this.goTo(0);
  }

  focused() {
    return this.el.getRootNode().activeElement;
  }

  sortKey() {
    return this.model.get("sort").replace(/^-/, "");
  }

  goTo(at) {
    this.at = Math.max(0, Math.min(at, this.order.length - 1));
    this.page = Math.floor(this.at / PAGE);
  }

  drawHead() {
    const columns = [...this.model.get("columns")];
    columns.splice(1, 0, { key: "mark", label: "Decision" }); // in sight even where the table scrolls
    const content = JSON.stringify([columns, this.model.get("label")]);
    if (content !== this.headContent) {
      this.headContent = content;
      const held = this.head.contains(this.focused()) ? this.focused().dataset.key : undefined;
      this.everything = make("input", "", { type: "checkbox", "aria-label": "Select all that are shown" });
      this.sorters = columns.map((column) => make("button", "", { type: "button", "data-key": column.key, ...(column.hint ? { title: column.hint } : {}) }, make("span", "", {}, column.label)));
      const cells = this.sorters.map((button, index) => make("th", columns[index].digits === undefined ? "" : "pnb-subs-right", { scope: "col" }, button));
      this.head.replaceChildren(make("td", "", {}, this.everything), ...cells);
      // Columns may arrive while somebody sorts by one: the focus stays with it.
      this.sorters.find((button) => button.dataset.key === held)?.focus({ preventScroll: true });
      this.table.setAttribute("aria-label", this.model.get("label"));
      this.scroll.setAttribute("aria-label", `${this.model.get("label")}, scrolling`);
    }
    const down = this.model.get("sort").startsWith("-");
    for (const button of this.sorters) {
      const sorted = button.dataset.key === this.sortKey();
      if (sorted) button.parentNode.setAttribute("aria-sort", down ? "descending" : "ascending");
      else button.parentNode.removeAttribute("aria-sort");
    }
  }

  drawBody() {
    const hadFocus = this.body.contains(this.focused());
    const selected = new Set(this.model.get("selected"));
    const rows = this.order.slice(this.page * PAGE, (this.page + 1) * PAGE);
    this.body.replaceChildren(...rows.map((row, index) => this.row(row, this.page * PAGE + index, selected)));
    if (!rows.length) this.body.append(this.emptyRow());
    if (hadFocus) this.box()?.focus({ preventScroll: true });
  }

  emptyRow() {
    const words = this.model.get("rows").length ? "No submission passes these filters." : "There are no submissions yet.";
    return make("tr", "", {}, make("td", "pnb-subs-empty", { colspan: String(this.sorters.length + 1) }, words));
  }

  row(row, at, selected) {
    const [first, ...others] = this.model.get("columns");
    const name = shown(row, first ?? {}) || row.id;
    const box = make("input", "", { type: "checkbox", "aria-label": `Select ${name}`, tabindex: at === this.at ? "0" : "-1" });
    box.checked = selected.has(row.id);
    const cells = others.map((column) => this.cell("td", row, column));
    const mark = make("td", "pnb-subs-mark", {}, this.model.get("marks")[row.id] ?? "");
    const node = make("tr", box.checked ? "pnb-subs-selected" : "", { "data-at": String(at) }, make("td", "", {}, box));
    node.append(...(first ? [this.cell("th", row, first)] : []), mark, ...cells);
    return node;
  }

  cell(tag, row, column) {
    const unknown = (row[column.key] ?? "") === "";
    const numeric = column.digits !== undefined || typeof row[column.key] === "number";
    const className = [numeric ? "pnb-subs-right" : "", unknown ? "pnb-subs-unknown" : ""].join(" ").trim();
    const words = shown(row, column);
    return make(tag, className, tag === "th" ? { scope: "row", title: `Submission ${row.id}` } : { title: words }, words);
  }

  drawFoot() {
    const all = this.model.get("rows").length;
    const selected = this.model.get("selected");
    const visible = new Set(this.order.map((row) => row.id));
    const here = selected.filter((id) => visible.has(id)).length;
    const hidden = selected.length - here ? `, ${COUNT.format(selected.length - here)} of them not shown` : "";
    const some = this.order.length === all ? plural(all, "submission") : `${COUNT.format(this.order.length)} of ${plural(all, "submission")} shown`;
    const words = `${some}; ${selected.length ? COUNT.format(selected.length) : "none"} selected${hidden}`;
    if (this.live.textContent !== words) this.live.textContent = words;
    this.none.hidden = !selected.length;
    this.everything.checked = here > 0 && here === this.order.length;
    this.everything.indeterminate = here > 0 && here < this.order.length;
    const last = Math.max(0, Math.ceil(this.order.length / PAGE) - 1);
    this.pages.hidden = last === 0;
    this.where.textContent = `Page ${this.page + 1} of ${last + 1}`;
    this.previous.disabled = this.page === 0;
    this.next.disabled = this.page === last;
  }

  select(ids) {
    this.set({ selected: ids });
  }

  /** Select or deselect some rows of `order`; the others stay as they are. */
  choose(rows, checked) {
    const ids = new Set(this.model.get("selected"));
    for (const { id } of rows) checked ? ids.add(id) : ids.delete(id);
    this.select([...ids]);
  }

  headClicked(event) {
    if (event.target === this.everything) this.choose(this.order, this.everything.checked);
    const key = event.target.closest("button")?.dataset.key;
    if (!key) return;
    const sort = this.model.get("sort");
    this.set({ sort: sort === key ? `-${key}` : sort === `-${key}` ? "" : key });
  }

  rowClicked(event) {
    const node = event.target.closest("tr[data-at]");
    if (!node || String(this.el.ownerDocument.getSelection())) return; // text of a cell is being selected
    const at = Number(node.dataset.at);
    const box = node.querySelector("input");
    const checked = event.target === box ? box.checked : !box.checked;
    const from = event.shiftKey ? this.anchor : at;
    this.anchor = this.at = at;
    this.choose(this.order.slice(Math.min(from, at), Math.max(from, at) + 1), checked);
    this.focusRow();
  }

  turn(by) {
    this.goTo((this.page + by) * PAGE);
    this.drawBody();
    this.drawFoot();
    this.scroll.scrollTop = 0;
  }

  box() {
    return this.body.querySelector(`tr[data-at="${this.at}"] input`);
  }

  /** Give the focus to the row at `at`, and scroll the table only. */
  focusRow() {
    for (const box of this.body.querySelectorAll("input")) box.tabIndex = -1;
    const box = this.box();
    if (!box) return;
    box.tabIndex = 0;
    box.focus({ preventScroll: true });
    const [inner, outer] = [box.closest("tr").getBoundingClientRect(), this.scroll.getBoundingClientRect()];
    const top = outer.top + this.head.getBoundingClientRect().height; // below the sticky header
    if (inner.top < top) this.scroll.scrollTop -= top - inner.top;
    else if (inner.bottom > outer.bottom) this.scroll.scrollTop += inner.bottom - outer.bottom;
  }

  pressed(event) {
    // Leave Ctrl+S etc. to the notebook, but no single keys: many are notebook shortcuts.
    const command = event.ctrlKey || event.metaKey;
    if (!command) event.stopPropagation();
    if (!this.body.contains(event.target)) return;
    const steps = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };
    if (event.key in steps && !command && !event.altKey) this.step(steps[event.key], event.shiftKey);
    else if (command && event.key.toLowerCase() === "a") this.choose(this.order, true);
    else if (event.key === "Escape") this.select([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  step(by, extend) {
    const [from, page] = [this.at, this.page];
    this.goTo(this.at + by);
    if (this.page !== page) this.drawBody();
    if (extend) this.choose(this.order.slice(Math.min(from, this.at), Math.max(from, this.at) + 1), true);
    this.anchor = this.at;
    this.drawFoot();
    this.focusRow();
  }
}

function render({ model, el }) {
  const table = new Table(model, el);
  return () => table.remove();
}

export default { render };
