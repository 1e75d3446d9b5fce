/* Making elements. Python puts this text before a widget's own. */

function make(tag, className = "", attributes = {}, ...content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...content);
  return node;
}

