// The guidelines of a queue, as they are read before the first task.

import { element, keyName } from "./dom.js";
import { renderMarkdown } from "./markdown.js";

/** The guidelines below a title; `key` opens them again, `begin` is called once they are read. */
export function guidelinesNode({ guidelines, qualification }, title, key, begin) {
  const way = key ? `the menu or with ${keyName(key)}` : "the menu";
  const { state, done, total } = qualification;
  return element("div", { class: "card guidelines" },
    title,
    element("p", { class: "hint" },
      `Please read them before you begin. You can open them again at any time from ${way}.`),
    element("div", { class: "text" }, renderMarkdown(guidelines, 1)),
    state === "open" ? element("p", { class: "notice" },
      `The first ${total} tasks are a qualification round: after each you see what was expected `
      + `and why. ${done} of ${total} are done.`) : null,
    element("div", { class: "dialog-actions" },
      element("button", { type: "button", class: "primary", on: { click: begin } },
        "I have read them, begin")));
}

/** A short stand-in for a text, to see whether it has changed. */
export function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash.toString(16);
}
