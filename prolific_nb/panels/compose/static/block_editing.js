/* Changes of blocks in an editable text, and the steps back.
 *
 * Browsers' own commands put lists into paragraphs and mix up what was undone, so they are used for bold, italic and
 * links only. The caret is kept as the nodes it is in; in the history it is a path from the root, since undoing
 * replaces all nodes.
 */

const LEAVES = "p, h1, h2, h3, h4, h5, h6, li, pre, dt, dd, td, th, blockquote, div, summary, figcaption";
const TURNED = "p, h1, h2, h3, h4, h5, h6, div, pre"; // and entries of lists
const STEP_MS = 700; // keystrokes that are closer belong to one step
const MOST_STEPS = 200;

/** The selection if both its ends are in this text, else null. */
function selectionIn(root) {
  const selection = document.getSelection();
  const inside = selection.rangeCount && root.contains(selection.anchorNode) && root.contains(selection.focusNode);
  return inside ? selection : null;
}

/** The innermost block around a node. */
function leafOf(node, root) {
  const leaf = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(LEAVES);
  return leaf && leaf !== root && root.contains(leaf) ? leaf : null;
}

/** The blocks that the selection touches, without those around them. */
function selectedLeaves(root) {
  const range = selectionIn(root)?.getRangeAt(0);
  if (!range) return [];
  if (range.collapsed) return [leafOf(range.startContainer, root)].filter(Boolean);
  const touched = [...root.querySelectorAll(LEAVES)].filter((leaf) => range.intersectsNode(leaf));
  return touched.filter((leaf) => ![...leaf.querySelectorAll(LEAVES)].some((inner) => touched.includes(inner)));
}

/** Do something that moves nodes, and leave the caret where it was; `change` may return {old: new} nodes as a Map. */
function keepingCaret(root, change) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selectionIn(root) ?? {};
  const renamed = change() ?? new Map();
  if (!anchorNode) return;
  const [anchor, focus] = [renamed.get(anchorNode) ?? anchorNode, renamed.get(focusNode) ?? focusNode];
  if (root.contains(anchor) && root.contains(focus)) {
    document.getSelection().setBaseAndExtent(anchor, within(anchor, anchorOffset), focus, within(focus, focusOffset));
  }
}

function within(node, offset) {
  return Math.min(offset, node.nodeType === Node.TEXT_NODE ? node.length : node.childNodes.length);
}

/** Another element in the place of a block, with the same content. */
function renamedBlock(block, tag) {
  const renamed = document.createElement(tag);
  renamed.append(...block.childNodes);
  block.replaceWith(renamed);
  return renamed;
}

/** Take an entry out of its list, as a paragraph; the entries after it become a list of their own. */
function lifted(entry) {
  const list = entry.parentElement;
  const rest = list.cloneNode(false);
  while (entry.nextSibling) rest.append(entry.nextSibling);
  list.after(entry);
  if (rest.hasChildNodes()) entry.after(rest);
  if (!list.hasChildNodes()) list.remove();
  const inner = [...entry.childNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE && node.matches("ul, ol"));
  const paragraph = renamedBlock(entry, "p");
  paragraph.after(...inner);
  return paragraph;
}

/** Put a block into a list: the one before it if that is of the same kind, else a new one. */
function listed(block, tag) {
  const before = block.previousElementSibling;
  const list = before?.localName === tag ? before : document.createElement(tag);
  if (list !== before) block.before(list);
  list.append(block);
  const entry = renamedBlock(block, "li");
  const after = list.nextElementSibling;
  if (after?.localName === tag) {
    list.append(...after.childNodes);
    after.remove();
  }
  return entry;
}

function isEntry(block) {
  return block.localName === "li" && ["ul", "ol"].includes(block.parentElement?.localName);
}

/** Whether the selection is in blocks of a kind: a heading, or a list. */
function isBlockKind(root, tag) {
  const leaves = selectedLeaves(root);
  return leaves.length > 0 && leaves.every((leaf) => leaf.closest(tag) && root.contains(leaf.closest(tag)));
}

/** Turn the selected blocks into headings or lists; turn them back into paragraphs if all are that already. */
function toggleBlocks(root, tag) {
  const back = isBlockKind(root, tag);
  const leaves = selectedLeaves(root).filter((leaf) => leaf.matches(TURNED) || isEntry(leaf));
  keepingCaret(root, () => new Map(leaves.map((leaf) => [leaf, turned(leaf, back ? "p" : tag)])));
}

function turned(block, tag) {
  const plain = isEntry(block) ? lifted(block) : block;
  if (tag === "ul" || tag === "ol") return listed(plain, tag);
  return plain.localName === tag ? plain : renamedBlock(plain, tag);
}

/** Whether the caret stands before everything in a block. */
function atStart(root, block) {
  const selection = selectionIn(root);
  if (!selection?.isCollapsed) return false;
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(selection.anchorNode, selection.anchorOffset);
  return before.toString() === "";
}

/** Insert nodes at the selection. Inline nodes go into the line; blocks go between its two halves. */
function insertNodes(root, nodes, inline) {
  const range = selectionIn(root)?.getRangeAt(0);
  if (!range || !nodes.length) return;
  if (!range.collapsed) document.execCommand("delete"); // joins blocks as the Delete key does
  const place = selectionIn(root).getRangeAt(0);
  const leaf = leafOf(place.startContainer, root);
  const content = inline ? nodes.flatMap((node) => [...node.childNodes]) : nodes;
  if (inline || !leaf) place.insertNode(fragmentOf(content));
  else insertBlocks(leaf, place, content);
  const last = content.at(-1);
  if (inline) document.getSelection().collapse(last.parentNode, [...last.parentNode.childNodes].indexOf(last) + 1);
  else toEnd(last);
}

function fragmentOf(nodes) {
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes);
  return fragment;
}

/** Split a block at a place and put blocks between; in a list, everything becomes entries of it. */
function insertBlocks(leaf, place, blocks) {
  const tail = leaf.cloneNode(false);
  place.setEnd(leaf, leaf.childNodes.length);
  tail.append(place.extractContents());
  const entries = blocks.flatMap((block) => (block.matches("ul, ol") ? [...block.children] : [block]));
  leaf.after(...(isEntry(leaf) ? entries : blocks), tail);
  if (isEntry(leaf)) for (const block of entries) if (block.localName !== "li") renamedBlock(block, "li");
  for (const half of [leaf, tail]) if (!half.textContent && !half.querySelector("img")) half.remove();
}

function toEnd(node) {
  const target = node.isConnected ? node : document.activeElement;
  document.getSelection().selectAllChildren(target);
  if (target.textContent) document.getSelection().collapseToEnd();
  else document.getSelection().collapseToStart(); // behind the placeholder, input methods would begin twice
}

function pathTo(node, root) {
  const path = [];
  for (let each = node; each !== root; each = each.parentNode) {
    path.unshift([...each.parentNode.childNodes].indexOf(each));
  }
  return path;
}

/** The place of the caret as a path and an offset, or null. */
function caretIn(root) {
  const selection = selectionIn(root);
  return selection && [pathTo(selection.focusNode, root), selection.focusOffset];
}

function nodeAt(path, root) {
  return path.reduce((node, index) => node.childNodes[Math.min(index, node.childNodes.length - 1)] ?? node, root);
}

/** What an editable text was, step by step. */
class History {
  constructor(root) {
    this.root = root;
    this.reset();
  }

  reset() {
    Object.assign(this, { past: [], future: [], kind: "", at: 0, present: this.snapshot() });
  }

  snapshot() {
    return { nodes: [...this.root.childNodes].map((node) => node.cloneNode(true)), caret: caretIn(this.root) };
  }

  /** Remember what the text is now; changes of one kind in quick succession are one step. */
  record(kind) {
    const now = Date.now();
    const merged = kind !== "" && kind === this.kind && now - this.at < STEP_MS && this.past.length > 0;
    if (!merged) this.past.push(this.present);
    this.past.splice(0, this.past.length - MOST_STEPS);
    Object.assign(this, { future: [], kind, at: now, present: this.snapshot() });
  }

  /** Where the caret is now, so that undoing returns to it. */
  moved() {
    this.present.caret = caretIn(this.root) ?? this.present.caret;
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.present);
    this.present = from.pop();
    this.kind = "";
    show(this.root, this.present.nodes.map((node) => node.cloneNode(true)), this.present.caret);
    return true;
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }
}

/** Replace the content of a text; the caret goes to the path and offset if it was in the text. */
function show(root, nodes, caret) {
  const place = caretIn(root) && (caret ?? caretIn(root));
  root.replaceChildren(...nodes);
  if (!place) return;
  const node = nodeAt(place[0], root);
  document.getSelection().collapse(node, within(node, place[1]));
}
