// The verdict on a pair: four buttons of the same weight, one key each.

import { element, keyCap } from "./dom.js";
import { verdicts } from "./wording.js";

export class PairControls {
  constructor(task, { preferences, submit }) {
    this.title = "Compare two answers";
    this.submit = submit;
    this.node = element(
      "div", { class: "verdicts", role: "group", "aria-labelledby": "verdict-question" },
      element("p", { id: "verdict-question", class: "question" }, "Which answer is better?"),
      element("div", { class: "verdict-buttons" }, verdicts.map(({ value, label, command }) => {
        const key = preferences.key(command);
        return element("button", {
          type: "button", class: "verdict", "aria-keyshortcuts": key, data: { verdict: value },
          on: { click: () => submit({ verdict: value }) },
        }, element("span", {}, label), keyCap(key));
      })));
  }

  footer() { return null; }
  badge() { return null; }

  /** Does what a key stands for; says whether it meant anything here. */
  command(name) {
    const verdict = verdicts.find(({ command }) => command === name);
    if (!verdict) return false;
    this.submit({ verdict: verdict.value });
    return true;
  }
}
