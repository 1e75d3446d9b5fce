/* Markdown that is typed or pasted, turned into blocks, bold, italic and links. */

const LINK = /^(https:\/\/[^\s/]|mailto:[^\s@]+@)\S*$/i;
const LINES = [[/^##+$/, "h2"], [/^#$/, "h1"], [/^[-*+]$/, "ul"], [/^1[.)]$/, "ol"]];
const PASTED_LINE = /^\s*(#{1,6}|[-*+•]|\d{1,3}[.)])\s+(.*)$/;
const PHRASES = [
  [/(?:^|[^*])\*\*([^*\s]|[^*\s][^*]*[^*\s])\*\*$/, "bold", 2],
  [/(?:^|[^\w])__([^_\s]|[^_\s][^_]*[^_\s])__$/, "bold", 2],
  [/(?:^|[^*\w])\*([^*\s]|[^*\s][^*]*[^*\s])\*$/, "italic", 1],
  [/(?:^|[^\w])_([^_\s]|[^_\s][^_]*[^_\s])_$/, "italic", 1],
];
const TAGS = { bold: "strong", italic: "em" };
const MARKDOWN_LINK = /\[([^\]]+)\]\(([^)\s]+)\)$/;
const INLINE = /\*\*([^*\s]|[^*\s][^*]*[^*\s])\*\*|\*([^*\s]|[^*\s][^*]*[^*\s])\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** A URL as it is meant: with https:// or mailto: in front if that was left out. */
function completeUrl(typed) {
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(typed)) return `mailto:${typed}`;
  return /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`;
}

function element(tag, words, attributes = {}) {
  const node = make(tag, "", attributes);
  node.textContent = words;
  return node;
}

/** Turn the Markdown that ends at the caret; returns whether the character that was just typed completed any. */
function turnMarkdown(root, data, history) {
  const { anchorNode: node, anchorOffset: end } = document.getSelection();
  if (node?.nodeType !== Node.TEXT_NODE || !root.contains(node)) return false;
  const before = node.data.slice(0, end);
  if (data === " " || data === "\u00a0") return turnLine(root, node, before.trimEnd(), history);
  if (data === ")") return turnLink(node, end, before.match(MARKDOWN_LINK), history);
  return (data === "*" || data === "_") && turnPhrase(node, end, before, history);
}

/** The beginning of a paragraph: a heading or a list. */
function turnLine(root, node, before, history) {
  const kind = LINES.find(([pattern]) => pattern.test(before))?.[1];
  const leaf = leafOf(node, root);
  if (!kind || !leaf?.matches("p, div") || leaf.firstChild !== node) return false;
  history.record(""); // undoing returns to the characters that were typed
  node.deleteData(0, before.length + 1);
  if (!leaf.textContent) leaf.append(make("br"));
  toggleBlocks(root, kind);
  return true;
}

function turnPhrase(node, end, before, history) {
  const [pattern, command, width] = PHRASES.find(([each]) => each.test(before)) ?? [];
  if (!pattern) return false;
  const words = before.match(pattern)[1];
  replace(node, end - words.length - 2 * width, end, element(TAGS[command], words), history);
  document.execCommand(command); // what is typed next is not in it
  return true;
}

function turnLink(node, end, found, history) {
  const href = found && completeUrl(found[2]);
  if (!found || !LINK.test(href)) return false;
  const link = element("a", found[1], { href });
  replace(node, end - found[0].length, end, link, history);
  return true;
}

/** Put an element in the place of typed characters, and the caret at its end. */
function replace(node, start, end, made, history) {
  history.record("");
  const behind = node.splitText(start);
  behind.deleteData(0, end - start);
  behind.before(made);
  if (!behind.length) behind.remove();
  document.getSelection().collapse(made.firstChild, made.firstChild.length);
}

/** Pasted plain text as nodes, each line a block. */
function pastedText(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  const blocks = lines.map((line) => {
    const [, sign, words] = line.match(PASTED_LINE) ?? [line, "", line];
    const node = make("p");
    node.append(...inlineNodes(words));
    return { kind: kindOf(sign), node };
  });
  return { nodes: grouped(blocks), inline: blocks.length === 1 && blocks[0].kind === "p", leftOut: [] };
}

function kindOf(sign) {
  if (sign.startsWith("#")) return sign === "#" ? "h1" : "h2";
  if (!sign) return "p";
  return /\d/.test(sign) ? "ol" : "ul";
}

function inlineNodes(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    const [all, bold, italic, words, typed] = found;
    const href = typed && completeUrl(typed);
    if (typed && !LINK.test(href)) continue;
    nodes.push(text.slice(end, found.index));
    nodes.push(bold ? element("strong", bold) : italic ? element("em", italic) : element("a", words, { href }));
    end = found.index + all.length;
  }
  return [...nodes, text.slice(end)];
}
