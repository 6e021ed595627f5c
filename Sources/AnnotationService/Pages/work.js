// Work on one queue: guidelines, then task after task.

import { newKey } from "./api.js";
import { announce, element, keyCap, openDialog, replaceContent } from "./dom.js";
import { feedbackDialog } from "./feedback.js";
import { TaskFeed } from "./feed.js";
import { renderMarkdown } from "./markdown.js";
import { PairControls } from "./pair.js";
import { Panes, promptNode } from "./panes.js";
import { RankingControls } from "./ranking.js";
import { RatingControls } from "./rating.js";
import { counted, describe, percent, skipReasons } from "./wording.js";

// A key pressed twice by mistake must not judge a task that nobody has seen.
const shortestLook = 300;
const longestNote = 2000;
const askAgain = { waiting: 20_000, paused: 20_000 };

const controls = { pair: PairControls, rating: RatingControls, ranking: RankingControls };

export class Work {
  constructor(app, queue, main) {
    Object.assign(this, { app, queue, main });
    this.preferences = app.preferences;
    this.outbox = app.outbox;
    this.feed = new TaskFeed(app.service, queue.queue_id, {
      pending: () => this.outbox.waiting().map(({ body }) => body.assignment_id),
      lost: () => this.leaseLostView(),
    });
    this.task = null;
    this.view = null;
    this.busy = false;
    this.closed = false;
    this.last = null;
    this.undoKey = null;
    this.answers = new Map();
    this.seconds = [];
    this.today = app.me.today.votes;
    this.median = app.me.today.median_seconds;
    this.done = queue.done;
    const open = queue.done + queue.available;
    this.total = queue.quota === null ? open : Math.min(queue.quota, open);
    this.watch = new AbortController();
    document.addEventListener("visibilitychange", () => this.clock(), {
      signal: this.watch.signal,
    });
  }

  close() {
    this.closed = true;
    this.feed.close();
    this.watch.abort();
    clearTimeout(this.timer);
  }

  start() {
    this.app.menu();
    this.showProgress();
    const { guidelines, queue_id: id } = this.queue;
    const read = this.preferences.get("guidelinesRead")[id] === fingerprint(guidelines);
    if (guidelines.trim() === "" || read) this.advance();
    else this.guidelinesView();
  }

  // MARK: Views

  guidelinesView() {
    const title = element("h1", { tabindex: -1 }, "Guidelines");
    const begin = () => {
      const { guidelines, queue_id: id } = this.queue;
      this.preferences.set("guidelinesRead", {
        ...this.preferences.get("guidelinesRead"), [id]: fingerprint(guidelines),
      });
      this.advance();
    };
    const key = this.preferences.key("guidelines");
    this.show(element("div", { class: "card guidelines" },
      title,
      element("p", { class: "hint" }, "Please read them before you begin. "
        + (key ? `You can open them again at any time with ${key.toUpperCase()}.`
          : "You can open them again at any time from the menu.")),
      element("div", { class: "text" }, renderMarkdown(this.queue.guidelines, 1)),
      this.qualificationNote(),
      element("div", { class: "dialog-actions" },
        element("button", { type: "button", class: "primary", on: { click: begin } },
          "I have read them, begin"))));
    title.focus();
  }

  qualificationNote() {
    const { state, done, total } = this.queue.qualification;
    if (state !== "open") return null;
    return element("p", { class: "notice" }, `The first ${total} tasks are a qualification round: `
      + `after each you see what was expected and why. ${done} of ${total} are done.`);
  }

  show(node) {
    this.task = null;
    this.view = null;
    this.main.className = "page";
    replaceContent(this.main, node);
    window.scrollTo(0, 0);
  }

  /** Fetches and shows the next task; `said` is announced with it. */
  async advance(said = "") {
    clearTimeout(this.timer);
    this.busy = true;
    const slow = setTimeout(() => announce("Loading the next task."), 1500);
    try {
      const { task, reason } = await this.feed.next();
      if (this.closed) return;
      if (task) this.showTask(task, said);
      else this.pauseView(reason, said);
    } catch (error) {
      if (this.closed) return;
      if (error.status === 401) this.app.signedOut();
      else if (error.isPassing) this.offlineView(said);
      else this.problemView(error, said);
    } finally {
      clearTimeout(slow);
      this.busy = false;
    }
  }

  showTask(task, said, previous = null) {
    this.task = task;
    this.shownAt = performance.now();
    this.elapsed = 0;
    this.runningSince = document.hidden ? null : performance.now();
    const Controls = controls[task.kind];
    if (!Controls) {
      this.problemView(new Error(`This page does not know tasks of the kind “${task.kind}”.`), "");
      return;
    }
    this.view = new Controls(task, {
      preferences: this.preferences, submit: (vote) => this.submit(vote),
    });
    this.panes = new Panes(task.answers, {
      formatted: this.preferences.get("formatted"), together: this.preferences.get("together"),
      footer: (answer) => this.view.footer(answer), badge: (answer) => this.view.badge(answer),
    });
    this.title = element("h1", { tabindex: -1, class: "task-title" }, this.view.title);
    this.prompt = element("div", { class: "prompt-holder" });
    this.tools = element("div", { class: "tools", role: "toolbar", "aria-label": "View" });
    this.actions = element("div", { class: "actions" });
    this.note = this.noteField(previous?.body.note ?? "");
    this.main.className = `task kind-${task.kind} count-${Math.min(task.answers.length, 4)}`;
    replaceContent(this.main,
      element("div", { class: "task-head" }, this.title, this.tools),
      previous
        ? element("p", { class: "notice" }, `Taken back. You had voted: ${describe(previous.body)}.`)
        : null,
      this.prompt, this.panes.node,
      element("div", { class: "bar", role: "group", "aria-label": "Your verdict" },
        this.view.node, this.actions, this.note.holder));
    this.renderPrompt();
    this.refreshTools();
    this.refreshActions();
    this.showProgress();
    window.scrollTo(0, 0);
    this.title.focus({ preventScroll: true });
    if (said) announce(said);
    this.feed.prefetch();
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

  pauseView(reason, said) {
    const texts = {
      finished: ["All done. Thank you!", "There is nothing left to judge in this queue."],
      quota_reached: ["Your share is done. Thank you!", "You have judged as many as were planned."],
      waiting: ["Nothing to judge at the moment", "Others are working on what is left. The page "
        + "asks again by itself."],
      paused: ["This queue is paused", "Whoever runs it has paused it. The page asks again by "
        + "itself."],
      not_qualified: ["Thank you for taking part", "The qualification round was not passed, so this "
        + "queue has no tasks for you."],
    };
    const [heading, text] = texts[reason] ?? ["Nothing to judge", "The queue has no task for you."];
    const given = this.seconds.length;
    this.messageView(heading, said, element("p", {}, text),
      given > 0 ? element("p", { class: "hint" }, `You gave ${counted(given, "vote")} just now.`) : null);
    if (reason in askAgain) {
      this.timer = setTimeout(() => this.advance(), askAgain[reason]);
    }
  }

  offlineView(said) {
    this.messageView("No connection", said,
      element("p", {}, "The next task cannot be fetched. Your votes are kept in this browser; both "
        + "goes on by itself when the connection is back."),
      element("button", { type: "button", class: "primary", on: { click: () => this.retry() } },
        "Try again now"));
    this.isOffline = true;
    this.timer = setTimeout(() => this.retry(), 5000);
  }

  retry() {
    this.isOffline = false;
    this.outbox.send();
    this.advance();
  }

  connectionIsBack() {
    if (this.isOffline) this.retry();
  }

  problemView(error, said) {
    this.messageView("This did not work", said, element("p", { class: "error" }, error.message),
      element("button", { type: "button", class: "primary", on: { click: () => this.advance() } },
        "Try again"));
  }

  leaseLostView() {
    this.messageView("This task went back to the queue", "",
      element("p", {}, "Its time ran out, so that somebody else can judge it. Nothing is lost "
        + "besides this one task."),
      element("button", {
        type: "button", class: "primary", on: { click: () => this.advance() },
      }, "Continue with the next one"));
  }

  messageView(heading, said, ...children) {
    const title = element("h1", { tabindex: -1 }, heading);
    const undo = this.last
      ? element("button", { type: "button", on: { click: () => this.undo() } },
        element("span", {}, `Undo “${describe(this.last.body)}”`),
        keyCap(this.preferences.key("undo"))) : null;
    this.isOffline = false;
    this.show(element("div", { class: "card narrow message" }, title, children, undo));
    this.showProgress();
    title.focus();
    if (said) announce(said);
  }

  // MARK: What stands around a task

  showProgress() {
    const waiting = this.outbox.waiting().filter(({ body }) => !body.skip).length;
    const pace = this.seconds.length >= 5 || this.median === null
      ? middle(this.seconds) : this.median;
    const done = Math.min(this.done + waiting, Math.max(this.total, this.done));
    this.app.headings(this.queue.name, {
      done, total: Math.max(this.total, done), pace, today: this.today + waiting,
    });
  }

  tool(label, command, pressed) {
    const key = this.preferences.key(command);
    return element("button", {
      type: "button", class: "quiet tool", "aria-pressed": pressed === null ? null : String(pressed),
      "aria-keyshortcuts": key, data: { command }, on: { click: () => this.command(command) },
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
        on: { click: () => this.command(command) },
      }, element("span", {}, label), keyCap(key));
    };
    const undo = this.last ? `Undo “${describe(this.last.body)}”` : "Undo";
    replaceContent(this.actions,
      action("Note", "note", { "aria-expanded": String(!this.note.holder.hidden) }),
      action("Skip", "skip", { "aria-haspopup": "dialog" }), action(undo, "undo", { class: "quiet undo" }));
  }

  refreshKeys() {
    if (!this.task || !this.view) return;
    // Buttons show their keys: they are made anew with what was entered so far.
    const note = this.note.field.value;
    const { elapsed, runningSince } = this;
    this.showTask(this.task, "");
    Object.assign(this, { elapsed, runningSince });
    this.note.field.value = note;
    this.note.holder.hidden = note === "";
  }

  // MARK: Voting

  clock() {
    const now = performance.now();
    if (this.runningSince !== null && this.runningSince !== undefined) {
      this.elapsed += now - this.runningSince;
    }
    this.runningSince = document.hidden ? null : now;
  }

  async submit(part) {
    const { task } = this;
    if (!task || this.busy || performance.now() - this.shownAt < shortestLook) return;
    this.clock();
    const body = {
      assignment_id: task.assignment_id, client_key: newKey(), ...part,
      milliseconds: Math.round(this.elapsed),
    };
    const note = (part.note ?? this.note.field.value).trim();
    delete body.note;
    if (note !== "") body.note = note;
    this.busy = true;
    this.last = { task, body };
    this.undoKey = null;
    if (this.queue.qualification.state === "open") await this.submitForFeedback(body);
    else {
      this.outbox.add(body);
      await this.advance(`${describe(body)}.`);
    }
  }

  // In a qualification round the next task waits for what is said about this one.
  async submitForFeedback(body) {
    this.main.setAttribute("aria-busy", "true");
    const answered = new Promise((resolve) => this.answers.set(body.client_key, resolve));
    this.outbox.add(body);
    const answer = await answered;
    this.main.removeAttribute("aria-busy");
    if (this.closed) return;
    if (answer?.feedback) await feedbackDialog(body, answer.feedback);
    await this.refreshQualification();
    await this.advance();
  }

  async refreshQualification() {
    try {
      const me = await this.app.service.get("me");
      const queue = me.queues.find(({ queue_id: id }) => id === this.queue.queue_id);
      if (!queue) return;
      const before = this.queue.qualification.state;
      this.queue = queue;
      this.done = queue.done;
      const open = queue.done + queue.available;
      this.total = queue.quota === null ? open : Math.min(queue.quota, open);
      if (before === "open" && queue.qualification.state === "passed") {
        announce("You have passed the qualification round.", { urgent: true });
      }
    } catch {
      // What was known stays.
    }
  }

  /** The service has stored a vote. */
  saved(vote, answer) {
    if (!vote.skip) {
      this.seconds.push(vote.milliseconds / 1000);
      this.today += 1;
    } else if (this.queue.quota === null) {
      this.total -= 1;
    }
    this.done = answer.done;
    this.showProgress();
    const waiting = this.answers.get(vote.client_key);
    this.answers.delete(vote.client_key);
    if (waiting) waiting(answer);
    else if (answer.feedback) feedbackDialog(vote, answer.feedback);
  }

  /** The service will not store a vote. */
  refused(vote) {
    if (this.last?.body.client_key === vote.client_key) {
      this.last = null;
      if (this.task) this.refreshActions();
    }
    this.answers.get(vote.client_key)?.(null);
    this.answers.delete(vote.client_key);
    this.showProgress();
  }

  async undo() {
    if (this.busy) return;
    const { last } = this;
    if (last && this.outbox.withdraw(last.body.client_key)) {
      this.takeBack(last.task, last);
      return;
    }
    if (this.outbox.waiting().length > 0) {
      announce("The last vote is on its way. It can be taken back when it has arrived.",
        { urgent: true });
      this.outbox.send();
      return;
    }
    this.busy = true;
    try {
      // The same key until there is an answer: sent twice, it takes back one vote.
      this.undoKey ??= newKey();
      const { task } = await this.app.service.post("votes/undo", { client_key: this.undoKey });
      this.undoKey = null;
      if (this.closed) return;
      if (last && !last.body.skip) {
        this.done = Math.max(0, this.done - 1);
        this.today = Math.max(0, this.today - 1);
        this.seconds.pop();
      } else if (last && this.queue.quota === null) {
        this.total += 1;
      }
      this.takeBack(task, last?.task.assignment_id === task.assignment_id ? last : null);
    } catch (error) {
      if (!error.isPassing) this.undoKey = null;
      if (error.status === 401) this.app.signedOut();
      else {
        announce(error.code === "nothing_to_undo"
          ? "There is no vote to take back." : `Not taken back: ${error.message}`,
        { urgent: true });
      }
    } finally {
      this.busy = false;
    }
  }

  takeBack(task, previous) {
    clearTimeout(this.timer);
    this.last = null;
    this.feed.putBack(task);
    const said = previous ? `Taken back: ${describe(previous.body)}.` : "Taken back.";
    this.showTask(this.feed.current, said, previous);
  }

  skipDialog() {
    const { task } = this;
    const note = element("textarea", {
      id: "skip-note", rows: 2, maxlength: longestNote, value: this.note.field.value,
    });
    const choose = (reason) => {
      dialog.close();
      if (this.task === task) this.submit({ skip: { reason }, note: note.value });
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

  // MARK: Keys

  /** Does what a key stands for; says whether it meant anything now. */
  command(name) {
    if (name === "undo") {
      this.undo();
      return true;
    }
    if (name === "guidelines") {
      if (this.queue.guidelines.trim() !== "") {
        openDialog("Guidelines", { class: "wide guidelines" }, element(
          "div", { class: "text" }, renderMarkdown(this.queue.guidelines)));
      }
      return true;
    }
    if (!this.task || !this.view) return false;
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
    if (!this.task) return;
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

// A short stand-in for a text, to see whether it has changed.
function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash.toString(16);
}

function middle(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((first, second) => first - second);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
