// Tasks on which votes differ, one at a time, and the decision on each. A decision is a row of its
// own in the ledger: no vote is changed, and a later decision stands above an earlier one.

import { newKey } from "./api.js";
import { announce, element, keyCap, replaceContent } from "./dom.js";
import { Panes, promptNode } from "./panes.js";
import { View } from "./view.js";
import { describe, moment, verdicts } from "./wording.js";

export class ConflictsView extends View {
  constructor(app) {
    super(app);
    // What somebody decides on must not change under their eyes.
    this.isLive = false;
    this.at = 0;
    this.showsModels = false;
    this.clientKey = newKey();
    this.busy = false;
  }

  async load() {
    if (this.conflict && this.app.view === this) return;
    await this.fetch();
  }

  async fetch(focus = false) {
    const page = await this.app.service.get(
      this.app.path("conflicts", { offset: this.at, limit: 1 }));
    if (page.conflicts.length === 0 && page.total > 0) {
      this.at = page.total - 1;
      await this.fetch(focus);
      return;
    }
    this.total = page.total;
    this.conflict = page.conflicts[0] ?? null;
    this.clientKey = newKey();
    this.build();
    if (focus) this.title?.focus();
  }

  async go(step) {
    const target = this.at + step;
    if (target < 0 || target >= this.total) return;
    this.at = target;
    try {
      await this.fetch(true);
    } catch (error) {
      this.app.showFreshness(error.message);
    }
  }

  build() {
    const { conflict } = this;
    if (!conflict) {
      this.title = null;
      replaceContent(this.node, element("p", { class: "card" },
        "No conflicts: wherever two or more people judged, they said the same."));
      return;
    }
    this.title = element("h2", { tabindex: -1 }, `Conflict ${this.at + 1} of ${this.total}`);
    const panes = new Panes(conflict.answers, {
      formatted: true, together: true,
      badge: ({ model }) => (this.showsModels ? element("span", { class: "badge" }, model) : null),
    });
    replaceContent(this.node,
      element("div", { class: "queue-head" }, this.title,
        conflict.adjudication ? element("span", { class: "badge open" }, "Decided")
          : element("span", { class: "badge paused" }, "No decision yet"),
        element("span", { class: "queue-actions" }, this.navigation())),
      promptNode(conflict, true), panes.node,
      element("div", { class: "decision" }, this.votesNode(), this.decisionNode()));
  }

  navigation() {
    const step = (label, by) => element("button", {
      type: "button", "aria-disabled": String(this.at + by < 0 || this.at + by >= this.total),
      on: { click: () => this.go(by) },
    }, label);
    return [
      step("Previous", -1), step("Next", 1),
      element("button", {
        type: "button", class: "quiet", "aria-pressed": String(this.showsModels),
        data: { key: "models" },
        on: { click: () => {
          this.showsModels = !this.showsModels;
          const note = this.note.value;
          this.build();
          this.note.value = note;
          this.node.querySelector("[data-key=models]").focus();
        } },
      }, "Show models"),
    ];
  }

  votesNode() {
    const { votes } = this.conflict;
    const groups = verdicts.map(({ value, label }) => (
      { label, given: votes.filter((vote) => vote.verdict === value) }))
      .filter(({ given }) => given.length > 0);
    return element("section", { class: "card", "aria-labelledby": "votes-title" },
      element("h2", { id: "votes-title" }, "What people said"),
      groups.map(({ label, given }) => element("div", { class: "vote-group" },
        element("h3", {}, label, element("span", { class: "badge" }, String(given.length))),
        element("ul", {}, given.map((vote) => element("li", {},
          element("span", { class: "person" }, vote.person),
          element("time", { datetime: vote.created_at, class: "hint" }, moment(vote.created_at)),
          vote.note ? element("p", { class: "vote-note", dir: "auto" }, vote.note) : null))))));
  }

  decisionNode() {
    const { adjudication } = this.conflict;
    this.note = element("textarea", { id: "decision-note", rows: 2, maxlength: 2000 });
    return element("section", { class: "card", "aria-labelledby": "decision-title" },
      element("h2", { id: "decision-title" }, adjudication ? "Decision" : "Your decision"),
      adjudication ? element("p", { class: "standing" },
        element("strong", {}, describe(adjudication)),
        ` by ${adjudication.person}, ${moment(adjudication.created_at)}`,
        adjudication.note ? element("span", { class: "vote-note", dir: "auto" }, adjudication.note)
          : null) : null,
      adjudication ? element("p", { class: "hint" },
        "A further decision is kept besides this one and stands in its place.") : null,
      element("div", { class: "decision-buttons" }, verdicts.map(({ value, label }, at) => element(
        "button", {
          type: "button", data: { verdict: value }, "aria-keyshortcuts": String(at + 1),
          on: { click: () => this.decide(value) },
        }, element("span", {}, label), keyCap(String(at + 1))))),
      element("label", { for: "decision-note" }, "Reason (optional)"), this.note);
  }

  /** A key that no field takes: 1 to 4 decide. */
  key(name) {
    const verdict = verdicts[Number(name) - 1];
    if (!verdict || !this.conflict) return false;
    this.decide(verdict.value);
    return true;
  }

  async decide(verdict) {
    if (this.busy) return;
    this.busy = true;
    const body = { task_id: this.conflict.task_id, verdict, client_key: this.clientKey };
    const note = this.note.value.trim();
    if (note !== "") body.note = note;
    try {
      // The same key while it is not known to be stored: sent twice, it is one decision.
      await this.app.service.post("admin/adjudications", body);
      announce(`Decided: ${describe(verdict)}.`);
      // Decided ones go to the end, so the next one has come to this place; after the last one the
      // decisions can be looked through.
      await this.fetch(true);
      this.app.showFreshness(null);
    } catch (error) {
      announce(`Not stored: ${error.message}`, { urgent: true });
      this.app.showFreshness(error.message);
    } finally {
      this.busy = false;
    }
  }
}
