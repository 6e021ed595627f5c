// What is said after a vote whose answer is known.

import { element, openDialog } from "./dom.js";
import { renderMarkdown } from "./markdown.js";
import { describe } from "./wording.js";

/** What a qualification item, or a checked one, says about a vote. */
export function feedbackDialog(vote, feedback) {
  return new Promise((resolve) => {
    const dialog = openDialog(
      feedback.correct ? "As expected" : "We expected something else",
      { class: `narrow feedback ${feedback.correct ? "right" : "wrong"}`, on: { close: resolve } },
      element("dl", { class: "facts" },
        element("div", {}, element("dt", {}, "Your vote"), element("dd", {}, describe(vote))),
        feedback.correct ? null : element("div", {},
          element("dt", {}, "Expected"), element("dd", {}, describe(feedback.expected)))),
      feedback.explanation
        ? element("div", { class: "text" }, renderMarkdown(feedback.explanation)) : null,
      element("div", { class: "dialog-actions" },
        element("button", {
          type: "button", class: "primary", autofocus: true, on: { click: () => dialog.close() },
        }, "Continue")));
  });
}
