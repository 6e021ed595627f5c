// What all views of the dashboard do: they show new figures without disturbing who reads them.

import { element, replaceContent } from "./dom.js";

export class View {
  constructor(app) {
    this.app = app;
    this.isLive = true;
    this.shown = null;
    this.node = element(
      "div", { class: "view-body" }, element("p", { class: "hint" }, "Loading…"));
  }

  /** Puts new content in place when the data has changed; focus and opened parts stay. */
  show(data, build) {
    const text = JSON.stringify(data);
    if (text === this.shown) return;
    this.shown = text;
    const open = [...this.node.querySelectorAll("details[open][data-key]")]
      .map((node) => node.dataset.key);
    const active = document.activeElement;
    const focused = this.node.contains(active) ? active.dataset.key : null;
    replaceContent(this.node, build());
    for (const node of this.node.querySelectorAll("details[data-key]")) {
      if (open.includes(node.dataset.key)) node.open = true;
    }
    if (focused) this.node.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }
}

/** A term and its value, for lists of figures. */
export function fact(term, value, note = null) {
  return element("div", {}, element("dt", {}, term),
    element("dd", {}, value, note ? element("span", { class: "fact-note" }, note) : null));
}
