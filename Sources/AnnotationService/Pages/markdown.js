// Markdown for untrusted text, built as nodes. Nothing in a text becomes markup, an address to
// follow, or a request: links and images are shown as text, and HTML is shown, not interpreted.

import { parseMarkdown } from "./blocks.js";
import { codeNodes } from "./code.js";
import { element } from "./dom.js";
import { parseInline } from "./inline.js";

// Beyond these bounds a text is shown as it was written, so that the page stays usable.
const mostInline = 12_000;
const longestFormatted = 200_000;

/**
 * A text as nodes: formatted, or as written when it is very long. `above` is the level of the
 * page's heading that the text stands below.
 */
export function renderMarkdown(text, above = 2) {
  const fragment = document.createDocumentFragment();
  if (text.length > longestFormatted) {
    fragment.append(
      element("p", { class: "hint" }, "Shown without formatting, because it is very long."),
      renderPlain(text));
    return fragment;
  }
  fragment.append(...blockNodes(parseMarkdown(text), new Rendering(above)));
  return fragment;
}

/** A text as it was written. */
export function renderPlain(text) {
  return directed(element("p", { class: "as-written" }, text));
}

// What one rendering keeps in mind: the headings that are open, and how many inline elements it may
// still make.
class Rendering {
  constructor(above) {
    this.above = above;
    this.open = [];
    this.inlineLeft = mostInline;
  }

  // The text's own levels are closed up below the page's, so that none is left out in the outline.
  rank(level) {
    while (this.open.length > 0 && this.open.at(-1) >= level) this.open.pop();
    this.open.push(level);
    return Math.min(6, this.open.length + this.above);
  }
}

function blockNodes(blocks, rendering) {
  return blocks.map((block) => blockNode(block, rendering));
}

function blockNode(block, rendering) {
  switch (block.type) {
    case "heading": {
      const name = `h${rendering.rank(block.level)}`;
      return directed(
        element(name, { class: `title-${block.level}` }, inlineNodes(block.text, rendering)));
    }
    case "code": return codeBlock(block);
    case "rule": return element("hr");
    case "rest": return renderPlain(block.text);
    case "quote": return element("blockquote", {}, blockNodes(block.children, rendering));
    case "list": return listNode(block, rendering);
    case "table": return tableNode(block, rendering);
    default: return directed(element("p", {}, inlineNodes(block.text, rendering)));
  }
}

function codeBlock({ language, text }) {
  return element("div", { class: "code-block" },
    language ? element("span", { class: "code-language" }, language) : null,
    element("pre", {}, element("code", {}, codeNodes(text, language))));
}

function listNode({ ordered, start, loose, items }, rendering) {
  return element(
    ordered ? "ol" : "ul",
    { start: ordered && start !== 1 ? start : null, class: loose ? "loose" : "tight" },
    items.map((item) => directed(element(
      "li", { class: item.done === undefined ? null : "task-item" },
      item.done === undefined
        ? null : element("span", { class: "task-mark" }, item.done ? "[x] " : "[ ] "),
      blockNodes(item.children, rendering)))));
}

function tableNode({ alignment, head, rows }, rendering) {
  const row = (name, cells) => cells.map((cell, column) => directed(cell === ""
    ? element("td") : element(
      name, { class: alignment[column] || null, scope: name === "th" ? "col" : null },
      inlineNodes(cell, rendering))));
  return element(
    "div", { class: "table-block", tabindex: 0, role: "group", "aria-label": "Table in the text" },
    element("table", {},
      element("thead", {}, element("tr", {}, row("th", head))),
      element("tbody", {}, rows.map((cells) => element("tr", {}, row("td", cells))))));
}

const beginsRightToLeft = new RegExp(
  String.raw`^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}`
  + String.raw`\p{Script=Thaana}\p{Script=Nko}]`, "u");

// The direction of the first letter, as dir="auto" has it; that would be found anew by the browser
// with every piece of text that is added.
function directed(node) {
  node.dir = beginsRightToLeft.test(node.textContent.slice(0, 400)) ? "rtl" : "ltr";
  return node;
}

function inlineNodes(text, rendering) {
  const make = (node) => {
    if (node.type === "text") return node.text;
    rendering.inlineLeft -= 1;
    return inlineNode(node, node.children?.map(make));
  };
  return parseInline(text, rendering.inlineLeft).map(make);
}

function inlineNode({ type, text, address, children }, inner) {
  switch (type) {
    case "code": return element("code", {}, text);
    case "strong": return element("strong", {}, inner);
    case "emphasis": return element("em", {}, inner);
    case "deleted": return element("s", {}, inner);
    case "link": return linkNode(children, address, inner);
    default:
      return element(
        "span", { class: "image-note" }, text ? `Image: ${text} (${address})` : `Image (${address})`);
  }
}

// The text of a link with its address behind it, once where both are the same.
function linkNode(children, address, inner) {
  const [only] = children;
  const same = children.length === 1 && only.type === "text"
    && (only.text === address || `mailto:${only.text}` === address);
  return element("span", { class: "link-note" }, inner,
    same || address === "" ? null : element("span", { class: "address" }, ` (${address})`));
}
