// The task as it is read: instruction, input, and the answers side by side.

import { element, replaceContent } from "./dom.js";
import { renderMarkdown, renderPlain } from "./markdown.js";
import { markDifferences } from "./marks.js";

/** Instruction and input; an empty input is left out. */
export function promptNode({ instruction, input }, formatted) {
  const part = (title, text, id) => element(
    "section", { class: "prompt-part", "aria-labelledby": id },
    element("h2", { id }, title),
    element("div", { class: "text" }, rendered(text, formatted)));
  return element(
    "div", {
      class: "prompt", tabindex: 0, role: "region", "aria-label": "What was asked",
    },
    part("Instruction", instruction, "instruction-title"),
    input ? part("Input", input, "input-title") : null);
}

function rendered(text, formatted) {
  if (text.trim() === "") return element("p", { class: "hint" }, "(empty)");
  return formatted ? renderMarkdown(text) : renderPlain(text);
}

/** The answers, each in a pane that scrolls by itself or in step with the others. */
export class Panes {
  /** `footer(answer)` may give what stands below an answer, `badge(answer)` beside its title. */
  constructor(answers, { formatted, together, footer = () => null, badge = () => null }) {
    this.answers = answers;
    this.formatted = formatted;
    this.together = together;
    this.marked = false;
    this.common = null;
    this.bodies = answers.map(({ label }) => element("div", {
      class: "answer-body text", tabindex: 0, role: "region",
      "aria-label": `Text of answer ${label}`,
    }));
    this.node = element(
      "div", { class: `answers count-${Math.min(answers.length, 4)}` },
      answers.map((answer, at) => element(
        "article", { class: "answer", "aria-labelledby": `answer-${at}` },
        element("div", { class: "answer-head" },
          element("h2", { id: `answer-${at}` }, `Answer ${answer.label}`), badge(answer)),
        this.bodies[at], footer(answer))));
    for (const body of this.bodies) {
      body.addEventListener("scroll", () => this.follow(body), { passive: true });
    }
    this.render();
  }

  get canCompare() { return this.answers.length === 2; }

  render() {
    this.bodies.forEach((body, at) => {
      replaceContent(body, rendered(this.answers[at].text, this.formatted));
    });
    if (this.marked) this.common = markDifferences(...this.bodies);
  }

  setFormatted(formatted) {
    this.formatted = formatted;
    this.render();
  }

  /** Marks the words that differ; returns the share in common, null when marks are taken off. */
  setMarked(marked) {
    this.marked = marked && this.canCompare;
    this.common = null;
    this.render();
    return this.common;
  }

  // Takes the others to the same share of their own length. A pane that was moved so reports its
  // scrolling later; the position it was given tells that report from a person's scrolling.
  follow(leader) {
    if (!this.together || Math.abs(leader.scrollTop - (leader.given ?? -2)) <= 1) {
      leader.given = undefined;
      return;
    }
    const range = leader.scrollHeight - leader.clientHeight;
    if (range <= 0) return;
    for (const body of this.bodies) {
      if (body === leader) continue;
      const target = (leader.scrollTop / range) * (body.scrollHeight - body.clientHeight);
      if (Math.abs(body.scrollTop - target) < 1) continue;
      body.scrollTop = target;
      body.given = body.scrollTop;
    }
  }

  /** Scrolls by most of a pane's height; the page itself where the panes do not scroll. */
  scroll(direction) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = calm ? "auto" : "smooth";
    const long = this.bodies.filter((body) => body.scrollHeight > body.clientHeight + 1);
    if (long.length === 0) {
      window.scrollBy({ top: direction * 0.7 * window.innerHeight, behavior });
      return;
    }
    const movers = this.together
      ? [long.reduce((a, b) => (b.scrollHeight > a.scrollHeight ? b : a))] : long;
    for (const body of movers) {
      body.scrollBy({ top: direction * 0.8 * body.clientHeight, behavior });
    }
  }
}
