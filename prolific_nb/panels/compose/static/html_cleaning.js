/* HTML to allowed nodes, and nodes to HTML: whatever a text holds passes through here, node by node.
 *
 * `build` keeps all that Python's sanitiser keeps, so that designs of other programs lose nothing. `pasted` keeps only
 * what the toolbar can make. Nodes are created by name; no markup is assigned to a node of the page.
 */

const GENERIC = ["lang", "title"]; // attributes of every element
const URLS = new Set(["href", "src", "cite"]);
const ABSOLUTE = /^(https?:\/\/|mailto:)/i; // a relative URL would reach the server of the notebook
const WITHOUT_CONTENT = new Set(["script", "style", "template", "head", "title"]);
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, pre, blockquote, div, td, th, dt, dd, summary, figcaption";
const AROUND = "ul, ol, table, thead, tbody, tr, dl"; // elements that hold blocks only
const STRUCTURE = `${BLOCKS}, ${AROUND}, hr, figure, details, article, aside, section, header, footer, nav, center`;
const EMPTIED = "p, h1, h2, h3, h4, h5, h6, li, ul, ol, blockquote"; // not written while they are empty
const CONTENT = "img, hr, td, th";

function make(tag, className = "", attributes = {}) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

/** An allowed element without its content, or null. */
function copied(node, allowed) {
  const attributes = allowed[node.localName];
  if (!attributes) return null;
  const copy = document.createElement(node.localName);
  for (const { name, value } of node.attributes) {
    const known = attributes.includes(name) || GENERIC.includes(name);
    if (known && (!URLS.has(name) || ABSOLUTE.test(value))) copy.setAttribute(name, value);
  }
  return copy;
}

/** Append copies of the allowed nodes in `source` to `target`; of other elements only the content is copied. */
function copyInto(target, source, allowed) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || WITHOUT_CONTENT.has(node.localName)) continue;
    const copy = copied(node, allowed);
    if (copy) target.append(copy);
    copyInto(copy ?? target, node, allowed);
  }
}

/** Put everything at the top that is not in a block into paragraphs. */
function wrapInline(root) {
  let paragraph = null;
  for (const node of [...root.childNodes]) {
    if (node.nodeType === Node.ELEMENT_NODE && node.matches(STRUCTURE)) paragraph = null;
    else {
      if (!paragraph) root.insertBefore((paragraph = make("p")), node);
      paragraph.append(node);
    }
  }
}

/** Whitespace as a browser shows it: runs are one space, and there is none at the ends of blocks. */
function collapse(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest("pre")) texts.push(walker.currentNode);
  for (const node of texts) {
    node.data = node.data.replace(/[ \t\n\r\f]+/g, " ");
    const edge = (near) => (near ? near.nodeName === "BR" || near.matches?.(STRUCTURE) : blockOf(node, root));
    if (edge(node.previousSibling)) node.data = node.data.trimStart();
    if (edge(node.nextSibling)) node.data = node.data.trimEnd();
    if (!node.data) node.remove();
  }
}

/** Whether the parent of a node is a block (or the root), rather than an inline element. */
function blockOf(node, root) {
  return node.parentNode === root || node.parentElement.matches(STRUCTURE);
}

/** The nodes to edit for an HTML string; at least one paragraph. */
function build(html, allowed) {
  const root = make("div");
  copyInto(root, parsed(html), allowed);
  collapse(root);
  wrapInline(root);
  if (!root.hasChildNodes()) root.append(make("p"));
  for (const block of root.querySelectorAll(BLOCKS)) if (!block.hasChildNodes()) block.append(make("br"));
  return [...root.childNodes];
}

/** The HTML of edited nodes: without placeholders, empty blocks, and what browsers add while text is edited. */
function serialised(text, allowed) {
  const root = make("div");
  copyInto(root, text, allowed);
  breakLines(root);
  for (const span of root.querySelectorAll("span")) if (!span.attributes.length) span.replaceWith(...span.childNodes);
  for (const block of root.querySelectorAll(BLOCKS)) if (block.lastChild?.nodeName === "BR") block.lastChild.remove();
  for (const block of [...root.querySelectorAll(EMPTIED)].reverse()) if (isEmpty(block)) block.remove();
  wrapInline(root);
  root.normalize();
  return isEmpty(root) ? "" : root.innerHTML;
}

/** Shift+Enter: where spaces are kept, browsers type a line feed, which HTML shows as a space. */
function breakLines(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (/\n/.test(walker.currentNode.data)) texts.push(walker.currentNode);
  for (const node of texts.filter((each) => !each.parentElement.closest("pre"))) {
    node.replaceWith(...node.data.split("\n").flatMap((line, place) => (place ? [make("br"), line] : [line])));
  }
  root.normalize();
}

function isEmpty(node) {
  return !node.textContent.trim() && !node.querySelector(CONTENT);
}

/** The same HTML with one block on a line. */
function readable(html) {
  return html.replace(/(<\/(?:p|h[1-6]|ul|ol|li|blockquote|div)>|<(?:ul|ol)>)(?=<)/g, "$1\n");
}

const MARKS = { b: "strong", strong: "strong", i: "em", em: "em", u: "u", ins: "u", s: "s", strike: "s", del: "s" };
const HEADINGS = { h1: "h1", h2: "h2", h3: "h2", h4: "h2", h5: "h2", h6: "h2" };
const LEFT_OUT = new Set(["img", "picture", "svg", "math", "iframe", "object", "embed", "video", "audio", "canvas"]);
for (const tag of ["input", "select", "textarea", "button"]) LEFT_OUT.add(tag);
const BOLD = /font-weight:\s*(bold|[6-9]00)/i;
const STYLED = { strong: BOLD, em: /font-style:\s*italic/i, u: /text-decoration[^;]*underline/i };
// Google Docs puts everything it copies into a <b> that is not bold.
const PLAIN = { strong: /font-weight:\s*(normal|[1-5]00)/i, em: /font-style:\s*normal/i };

/** Reads foreign HTML into a flat list of blocks that the toolbar could have made. */
class PasteReader {
  constructor() {
    this.blocks = [];
    this.leftOut = new Set();
    this.open = null; // the block that text is appended to
    this.next = "p"; // the kind of the next block: p, h1, h2, ul or ol (an entry of such a list)
    this.inBlocks = false; // whether there was any block
  }

  read(source, marks = []) {
    for (const node of source.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) this.text(node.data, marks);
      else if (node.nodeType === Node.ELEMENT_NODE) this.element(node, marks);
    }
    return this;
  }

  element(node, marks) {
    const [tag, style] = [node.localName, node.getAttribute("style") ?? ""];
    if (LEFT_OUT.has(tag) || tag === "script") this.leftOut.add(`<${tag}>`);
    else if (tag === "br") this.lineBreak();
    else if (/mso-list:\s*ignore/i.test(style) || WITHOUT_CONTENT.has(tag)) return; // Word writes the bullets as text
    else if (/mso-list:.*level/i.test(style)) this.block(node, marks, this.wordList(node));
    else if (tag === "li") this.block(node, marks, node.parentElement.localName === "ol" ? "ol" : "ul");
    else if (HEADINGS[tag]) this.block(node, marks, HEADINGS[tag]);
    else if (node.matches(STRUCTURE) && !node.matches("td, th")) this.block(node, marks, "p");
    else this.read(node, this.marked(node, tag, style, marks));
    if (node.matches("td, th")) this.text(" ", marks);
  }

  wordList(node) {
    const bullet = node.querySelector('[style*="Ignore" i]')?.textContent.trim() ?? "";
    return /^\(?\w{1,3}[.)]/.test(bullet) ? "ol" : "ul";
  }

  /** The marks of an inline element: ["strong"], or ["a", url]. */
  marked(node, tag, style, marks) {
    const href = tag === "a" ? (node.getAttribute("href") ?? "") : "";
    const own = new Set(Object.keys(STYLED).filter((mark) => STYLED[mark].test(style)));
    if (MARKS[tag] && !PLAIN[MARKS[tag]]?.test(style)) own.add(MARKS[tag]);
    const found = [...marks, ...[...own].map((mark) => [mark])];
    if (ABSOLUTE.test(href)) return [...found.filter(([mark]) => mark !== "u"), ["a", href]];
    return found;
  }

  block(node, marks, kind) {
    const inEntry = ["ul", "ol"].includes(this.next) && kind === "p" && node.matches("p, div");
    this.inBlocks = true;
    if (inEntry) return this.open ? (this.lineBreak(), this.read(node, marks)) : this.read(node, marks);
    const outer = this.next;
    Object.assign(this, { open: null, next: kind });
    this.read(node, marks);
    return Object.assign(this, { open: null, next: outer });
  }

  lineBreak() {
    this.open?.node.append(make("br"));
  }

  text(data, marks) {
    const words = data.replace(/[ \t\n\r\f]+/g, " ");
    if (!this.open && !words.trim()) return;
    if (!this.open) this.blocks.push((this.open = { kind: this.next, node: make("p") }));
    let place = this.open.node;
    for (const [tag, href] of marks) {
      const last = place.lastChild;
      const same = last?.localName === tag && (last.getAttribute("href") ?? undefined) === href;
      if (!same) place.append(make(tag, "", href ? { href } : {}));
      place = place.lastChild;
    }
    place.append(words);
  }
}

/** What was read as nodes: paragraphs, headings and lists. */
function grouped(blocks) {
  const nodes = [];
  for (const { kind, node } of blocks) {
    const isList = kind === "ul" || kind === "ol";
    const block = make(isList ? "li" : kind);
    block.append(...node.childNodes);
    block.normalize();
    collapse(block);
    if (isList && nodes.at(-1)?.localName !== kind) nodes.push(make(kind));
    if (isList) nodes.at(-1).append(block);
    else nodes.push(block);
  }
  return nodes;
}

/** Pasted HTML as nodes; `inline` if it is part of a line, and the elements that were left out. */
function pasted(html) {
  const reader = new PasteReader().read(parsed(html));
  return { nodes: grouped(reader.blocks), inline: !reader.inBlocks, leftOut: [...reader.leftOut] };
}
