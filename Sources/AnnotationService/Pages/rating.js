// Ratings: every answer from 1 to 5 on every criterion. A digit rates the marked row and moves on.

import { announce, element, freshId, keyCap } from "./dom.js";

const scores = [1, 2, 3, 4, 5];
const digits = { first: 1, second: 2, third: 3, fourth: 4, fifth: 5 };

export class RatingControls {
  constructor(task, { preferences, submit }) {
    this.title = task.answers.length === 1 ? "Rate the answer" : "Rate each answer";
    this.submit = submit;
    this.rows = task.answers.flatMap(({ label }) => task.criteria.map((criterion) => (
      { label, criterion, value: null, node: null, inputs: [] })));
    this.at = 0;
    const key = preferences.key("send");
    this.status = element("p", { class: "question" });
    this.button = element("button", {
      type: "button", class: "primary", "aria-keyshortcuts": key, on: { click: () => this.send() },
    }, element("span", {}, "Send ratings"), keyCap(key));
    this.node = element("div", { class: "verdicts" }, this.status, this.button);
    this.footers = new Map(task.answers.map((answer) => [answer.label, this.rubric(answer.label)]));
    this.update();
  }

  footer({ label }) { return this.footers.get(label); }
  badge() { return null; }

  rubric(label) {
    const rows = this.rows.filter((row) => row.label === label);
    return element("div", { class: "rubric", role: "group", "aria-label": `Ratings of ${label}` },
      rows.map((row) => {
        const name = freshId("rating");
        const { criterion } = row;
        row.inputs = scores.map((score) => element("input", {
          type: "radio", name, value: score, class: "visually-hidden",
          on: {
            change: () => this.rate(row, score),
            focus: () => { this.at = this.rows.indexOf(row); this.update(); },
          },
        }));
        row.node = element(
          "fieldset", { class: "rubric-row" },
          element("legend", {},
            element("span", { class: "visually-hidden" }, `Answer ${label}: `),
            element("span", { class: "criterion" }, criterion.name),
            criterion.description
              ? element("span", { class: "criterion-note" }, criterion.description) : null),
          element("div", { class: "scores" }, row.inputs.map((input, index) => element(
            "label", { class: "score" }, input, element("span", {}, String(scores[index]))))));
        return row.node;
      }));
  }

  rate(row, score) {
    row.value = score;
    row.inputs[score - 1].checked = true;
    this.update();
  }

  update() {
    const rated = this.rows.filter((row) => row.value !== null).length;
    this.rows.forEach((row, index) => row.node?.classList.toggle("marked", index === this.at));
    this.status.textContent = rated === this.rows.length
      ? "All rated." : `${rated} of ${this.rows.length} rated. 1 is worst, 5 is best.`;
    this.button.setAttribute("aria-disabled", String(rated < this.rows.length));
  }

  command(name) {
    if (name in digits) {
      const row = this.rows[this.at];
      this.rate(row, digits[name]);
      const next = this.rows.findIndex((other, index) => index > this.at && other.value === null);
      const open = next >= 0 ? next : this.rows.findIndex((other) => other.value === null);
      const said = `Answer ${row.label}, ${row.criterion.name}: ${digits[name]}.`;
      if (open >= 0) this.move(open, said);
      else announce(`${said} All rated.`);
      return true;
    }
    if (name === "back") {
      this.move(Math.max(0, this.at - 1), "");
      return true;
    }
    if (name === "send") {
      this.send();
      return true;
    }
    return false;
  }

  move(index, said) {
    this.at = index;
    this.update();
    const { label, criterion, node } = this.rows[index];
    node.scrollIntoView({ block: "nearest" });
    announce(`${said} Next: answer ${label}, ${criterion.name}.`);
  }

  send() {
    const missing = this.rows.findIndex((row) => row.value === null);
    if (missing >= 0) {
      this.move(missing, "Not everything is rated.");
      return;
    }
    const ratings = {};
    for (const { label, criterion, value } of this.rows) {
      ratings[label] ??= {};
      ratings[label][criterion.name] = value;
    }
    this.submit({ ratings });
  }
}
