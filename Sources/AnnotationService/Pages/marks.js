// Marks the words by which two rendered answers differ, in the text as it is shown.

import { compareWords, words } from "./difference.js";
import { element } from "./dom.js";

/** Marks both sides; returns the share of words in common. */
export function markDifferences(first, second) {
  const sides = [collect(first), collect(second)];
  const result = compareWords(...sides.map((side) => side.map((found) => found.text)));
  mark(sides[0], result.first);
  mark(sides[1], result.second);
  return result.common;
}

// All words below a node with the text node each stands in.
function collect(root) {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const { text, start, end } of words(node.data)) found.push({ node, text, start, end });
  }
  return found;
}

// Wraps runs of differing words; each text node is replaced once.
function mark(found, differs) {
  let at = 0;
  while (at < found.length) {
    const { node } = found[at];
    const pieces = [];
    let end = 0;
    for (; at < found.length && found[at].node === node; at += 1) {
      if (!differs[at]) continue;
      const { start } = found[at];
      while (found[at + 1]?.node === node && differs[at + 1]) at += 1;
      pieces.push(
        node.data.slice(end, start),
        element("mark", {}, node.data.slice(start, found[at].end)));
      end = found[at].end;
    }
    if (pieces.length > 0) node.replaceWith(...pieces, node.data.slice(end));
  }
}
