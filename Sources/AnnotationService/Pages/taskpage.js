// One task on the page: what was asked, the answers, the verdict, and the tools around them.

import { announce, element, keyCap, openDialog, replaceContent } from "./dom.js";
import { PairControls } from "./pair.js";
import { Panes, promptNode } from "./panes.js";
import { RankingControls } from "./ranking.js";
import { RatingControls } from "./rating.js";
import { describe, percent, skipReasons } from "./wording.js";

const longestNote = 2000;

/** How each kind of task is answered. */
export const controls = { pair: PairControls, rating: RatingControls, ranking: RankingControls };

export class TaskPage {
  /**
   * `submit(vote)` takes a verdict, ratings, an order or a skip; `command(name)` what a button
   * stands for; `previous` is the vote that was taken back, `last` the one that undo would take
   * back.
   */
  constructor(task, { preferences, submit, command, previous, last }) {
    Object.assign(this, { task, preferences, submit, run: command, last });
    this.view = new controls[task.kind](task, { preferences, submit });
    this.panes = new Panes(task.answers, {
      formatted: preferences.get("formatted"), together: preferences.get("together"),
      footer: (answer) => this.view.footer(answer), badge: (answer) => this.view.badge(answer),
    });
    this.place = element("span", { class: "visually-hidden" });
    this.title = element("h1", { tabindex: -1, class: "task-title" }, this.view.title, this.place);
    this.prompt = element("div", { class: "prompt-holder" });
    this.tools = element("div", { class: "tools", role: "group", "aria-label": "View" });
    this.actions = element("div", { class: "actions" });
    this.note = this.noteField(previous?.body.note ?? "");
    this.previous = previous;
    this.renderPrompt();
    this.refreshTools();
    this.refreshActions();
  }

  /** Puts the task in the place of what is shown. */
  show(main) {
    const { task, previous } = this;
    main.className = `task kind-${task.kind} count-${Math.min(task.answers.length, 4)}`;
    replaceContent(main,
      element("div", { class: "task-head" }, this.title, this.tools),
      previous ? element("p", { class: "notice" },
        `Taken back. You had voted: ${describe(previous.body)}.`) : null,
      this.prompt, this.panes.node,
      element("div", { class: "bar", role: "group", "aria-label": "Your verdict" },
        this.view.node, this.actions, this.note.holder));
    window.scrollTo(0, 0);
    this.title.focus({ preventScroll: true });
  }

  renderPrompt() {
    replaceContent(this.prompt, promptNode(this.task, this.preferences.get("formatted")));
  }

  noteField(text) {
    const field = element("textarea", {
      id: "note", rows: 2, maxlength: longestNote, "aria-describedby": "note-hint", value: text,
    });
    const holder = element("div", { class: "note", hidden: text === "" },
      element("label", { for: "note" }, "Note (optional)"), field,
      element("p", { class: "hint", id: "note-hint" },
        "Sent with your verdict. Escape leaves the note and brings the keys back."));
    return { field, holder };
  }

  tool(label, command, pressed) {
    const key = this.preferences.key(command);
    return element("button", {
      type: "button", class: "quiet tool", "aria-pressed": String(pressed),
      "aria-keyshortcuts": key, data: { command }, on: { click: () => this.run(command) },
    }, element("span", {}, label), keyCap(key));
  }

  refreshTools() {
    const focused = this.tools.contains(document.activeElement)
      ? [...this.tools.children].indexOf(document.activeElement) : -1;
    const { panes } = this;
    replaceContent(this.tools,
      panes.canCompare ? this.tool("Differences", "difference", panes.marked) : null,
      panes.common === null ? null
        : element("span", { class: "common" }, `${percent(panes.common)} in common`),
      panes.answers.length > 1 ? this.tool("Scroll together", "together", panes.together) : null,
      this.tool("Formatted", "format", panes.formatted));
    if (focused >= 0) {
      const next = this.tools.children[focused];
      (next?.matches("button") ? next : this.tools.querySelector("button"))?.focus();
    }
  }

  refreshActions() {
    const action = (label, command, properties = {}) => {
      const key = this.preferences.key(command);
      return element("button", {
        type: "button", class: "quiet", "aria-keyshortcuts": key, ...properties,
        on: { click: () => this.run(command) },
      }, element("span", {}, label), keyCap(key));
    };
    const undo = this.last ? `Undo “${describe(this.last.body)}”` : "Undo";
    replaceContent(this.actions,
      action("Note", "note", { "aria-expanded": String(!this.note.holder.hidden) }),
      action("Skip", "skip", { "aria-haspopup": "dialog" }),
      action(undo, "undo", { class: "quiet undo" }));
  }

  skipDialog() {
    const note = element("textarea", {
      id: "skip-note", rows: 2, maxlength: longestNote, value: this.note.field.value,
    });
    const choose = (reason) => {
      dialog.close();
      this.submit({ skip: { reason }, note: note.value });
    };
    const dialog = openDialog("Skip this task", { class: "narrow", on: { keydown: (event) => {
      if (event.target === note || event.ctrlKey || event.altKey || event.metaKey) return;
      const reason = skipReasons[Number(event.key) - 1];
      if (!reason) return;
      event.preventDefault();
      choose(reason[0]);
    } } },
    element("p", { id: "skip-why" }, "Why? The reason helps to mend the data."),
    element("div", { class: "reasons", role: "group", "aria-labelledby": "skip-why" },
      skipReasons.map(([value, label], at) => element("button", {
        type: "button", autofocus: at === 0, data: { reason: value },
        "aria-keyshortcuts": String(at + 1), on: { click: () => choose(value) },
      }, element("span", {}, label), keyCap(String(at + 1))))),
    element("label", { for: "skip-note" }, "Note (optional)"), note);
  }

  /** Does what a key stands for; says whether it meant anything here. */
  command(name) {
    const own = {
      skip: () => this.skipDialog(), note: () => this.openNote(),
      difference: () => this.toggleDifference(), together: () => this.toggleTogether(),
      format: () => this.toggleFormat(), down: () => this.panes.scroll(1),
      up: () => this.panes.scroll(-1),
    }[name];
    if (!own) return this.view.command(name);
    own();
    return true;
  }

  openNote() {
    this.note.holder.hidden = false;
    this.refreshActions();
    this.note.field.focus();
  }

  /** Goes back from the note to the task. */
  leaveNote() {
    if (this.note.field.value.trim() === "") this.note.holder.hidden = true;
    this.refreshActions();
    this.title.focus({ preventScroll: true });
  }

  toggleDifference() {
    if (!this.panes.canCompare) return;
    const common = this.panes.setMarked(!this.panes.marked);
    this.refreshTools();
    announce(common === null ? "No marks."
      : `Differing words are marked. ${percent(common)} of the words are in common.`);
  }

  toggleTogether() {
    this.panes.together = !this.panes.together;
    this.preferences.set("together", this.panes.together);
    this.refreshTools();
    announce(this.panes.together ? "Answers scroll together." : "Answers scroll apart.");
  }

  toggleFormat() {
    const formatted = !this.panes.formatted;
    this.preferences.set("formatted", formatted);
    this.panes.setFormatted(formatted);
    this.renderPrompt();
    this.refreshTools();
    announce(formatted ? "Formatted." : "As written.");
  }
}
