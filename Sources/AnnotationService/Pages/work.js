// Work on one queue: guidelines, then task after task.

import { newKey } from "./api.js";
import { announce, element, keyCap, openDialog, replaceContent } from "./dom.js";
import { TaskFeed } from "./feed.js";
import { feedbackDialog } from "./feedback.js";
import { fingerprint, guidelinesNode } from "./guidelines.js";
import { renderMarkdown } from "./markdown.js";
import { TaskPage, controls } from "./taskpage.js";
import { counted, describe, pauses } from "./wording.js";

// A key pressed twice by mistake must not judge a task that nobody has seen.
const shortestLook = 300;
const askAgain = { waiting: 20_000, paused: 20_000, offline: 5_000 };

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
    this.page = null;
    this.busy = false;
    this.closed = false;
    this.last = null;
    this.undoKey = null;
    this.answers = new Map();
    this.seconds = [];
    this.given = 0;
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
    const { queue, preferences } = this;
    const title = element("h1", { tabindex: -1 }, "Guidelines");
    this.show(guidelinesNode(queue, title, preferences.key("guidelines"), () => {
      preferences.set("guidelinesRead", {
        ...preferences.get("guidelinesRead"), [queue.queue_id]: fingerprint(queue.guidelines),
      });
      this.advance();
    }));
    title.focus();
  }

  show(node) {
    this.waitsFor = null;
    this.task = null;
    this.page = null;
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
      else if (reason in askAgain && this.waitsFor === reason) this.askAgainLater(reason);
      else this.pauseView(reason, said);
    } catch (error) {
      if (this.closed) return;
      if (error.status === 401) this.app.signedOut();
      else if (error.isPassing && this.waitsFor === "offline") this.askAgainLater("offline");
      else if (error.isPassing) this.offlineView(said);
      else this.problemView(error, said);
    } finally {
      clearTimeout(slow);
      this.busy = false;
    }
  }

  showTask(task, said, previous = null) {
    if (!(task.kind in controls)) {
      const message = `This page does not know tasks of the kind “${task.kind}”.`;
      this.problemView(new Error(message), "");
      return;
    }
    this.waitsFor = null;
    this.task = task;
    this.shownAt = performance.now();
    this.elapsed = 0;
    this.runningSince = document.hidden ? null : performance.now();
    this.page = new TaskPage(task, {
      preferences: this.preferences, submit: (vote) => this.submit(vote),
      command: (name) => this.command(name), previous, last: this.last,
    });
    this.showProgress();
    this.page.show(this.main);
    if (said) announce(said);
    this.feed.prefetch();
  }

  pauseView(reason, said) {
    const other = ["Nothing to judge", "The queue has no task for you."];
    const [heading, text] = pauses[reason] ?? other;
    this.messageView(heading, said, element("p", {}, text),
      this.given > 0 ? element(
        "p", { class: "hint" }, `You gave ${counted(this.given, "vote")} just now.`) : null);
    if (reason in askAgain) this.askAgainLater(reason);
  }

  // A view that stays while it is asked again keeps the focus and is not read out anew.
  askAgainLater(reason) {
    this.waitsFor = reason;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), askAgain[reason]);
  }

  offlineView(said) {
    this.messageView("No connection", said,
      element("p", {}, "The next task cannot be fetched. Your votes are kept in this browser; both "
        + "goes on by itself when the connection is back."),
      element("button", { type: "button", class: "primary", on: { click: () => this.retry() } },
        "Try again now"));
    this.askAgainLater("offline");
  }

  retry() {
    if (this.busy) {
      if (this.waitsFor) this.askAgainLater(this.waitsFor);
      return;
    }
    this.outbox.send();
    this.advance();
  }

  connectionIsBack() {
    if (this.waitsFor === "offline") this.retry();
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
    const total = Math.max(this.total, done);
    this.app.headings(this.queue.name, { done, total, pace, today: this.today + waiting });
    // Heard with the heading when a task appears.
    if (this.page && done < total) this.page.place.textContent = `(${done + 1} of ${total})`;
  }

  refreshKeys() {
    if (!this.page) return;
    // Buttons show their keys: they are made anew with what was entered so far.
    const { elapsed, runningSince, shownAt } = this;
    const note = this.page.note.field.value;
    this.showTask(this.task, "");
    Object.assign(this, { elapsed, runningSince, shownAt });
    this.page.note.field.value = note;
    this.page.note.holder.hidden = note === "";
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
    const note = (part.note ?? this.page.note.field.value).trim();
    delete body.note;
    if (note !== "") body.note = note;
    this.busy = true;
    this.last = { task, body };
    this.given += 1;
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
    if (answer?.feedback) {
      // Who has seen what was expected cannot vote on it again.
      this.last = null;
      await feedbackDialog(body, answer.feedback);
    }
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
      if (this.page) this.page.last = null;
      this.page?.refreshActions();
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
    this.given = Math.max(0, this.given - 1);
    this.feed.putBack(task);
    const said = previous ? `Taken back: ${describe(previous.body)}.` : "Taken back.";
    this.showTask(this.feed.current, said, previous);
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
    return this.page?.command(name) ?? false;
  }

  /** Goes back from the note to the task. */
  leaveNote() {
    this.page?.leaveNote();
  }
}

function middle(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((first, second) => first - second);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
