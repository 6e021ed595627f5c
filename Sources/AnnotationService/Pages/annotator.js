// The annotator's page: signing in, choosing a queue, and what stands around the task.

import { Service } from "./api.js";
import { keyHelp } from "./choices.js";
import { announce, element, keyCap, openDialog, replaceContent } from "./dom.js";
import { Outbox } from "./outbox.js";
import { Preferences, applyTheme } from "./preferences.js";
import { signInView, takeToken, unreachableView } from "./signing.js";
import { forget, keep, kept } from "./storage.js";
import { counted, describe, duration, moment } from "./wording.js";
import { Work } from "./work.js";

const main = document.getElementById("main");
const heads = {
  title: document.getElementById("queue-title"), progress: document.getElementById("progress"),
  connection: document.getElementById("connection"), menu: document.getElementById("menu"),
};
const kinds = {
  pair: "Compare two answers", rating: "Rate answers", ranking: "Put answers in order",
};

class Annotator {
  constructor() {
    this.service = new Service();
    this.preferences = new Preferences(this.service);
    this.outbox = null;
    this.me = null;
    this.work = null;
    applyTheme(this.preferences.get("theme"));
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("hashchange", () => {
      const token = takeToken();
      if (token) this.start(token);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.outbox && !this.outbox.durable && this.outbox.waiting().length > 0) {
        event.preventDefault();
      }
    });
  }

  async start(token = takeToken()) {
    this.leaveWork();
    try {
      const session = token ? await this.service.signIn(token) : await this.service.session();
      if (session.role === "administrator") {
        this.administratorView();
        return;
      }
      this.me = await this.service.get("me");
    } catch (error) {
      if (error.isPassing) await unreachableView(main, () => this.start(token));
      else this.signIn(token ? error.message : kept("session-ended") ?? null);
      return;
    }
    forget("session-ended");
    this.preferences.adopt(this.me.settings);
    this.openOutbox();
    this.menu();
    const open = this.me.queues.filter((queue) => queue.available > 0);
    if (this.me.queues.length === 1) this.enter(this.me.queues[0]);
    else if (open.length === 1) this.enter(open[0]);
    else this.queuesView();
  }

  signIn(message) {
    this.headings("Annotation", null);
    heads.menu.replaceChildren();
    signInView(main, message, (token) => this.start(token));
  }

  administratorView() {
    const title = element("h1", { tabindex: -1 }, "You are signed in as the administrator");
    replaceContent(main, element("div", { class: "card narrow" },
      title,
      element("p", {}, "This page is for annotators. To see it as they do, make a link for "
        + "yourself under People."),
      element("p", {}, element("a", { class: "button primary", href: "admin" },
        "Open the dashboard"))));
    title.focus();
  }

  openOutbox() {
    if (this.outbox?.person === this.me.name) {
      this.outbox.send();
      return;
    }
    this.outbox = new Outbox(this.service, this.me.name, {
      saved: (vote, answer) => this.work?.saved(vote, answer),
      refused: (vote, error) => this.refused(vote, error),
      signedOut: () => this.signedOut(),
      changed: (state) => this.showConnection(state),
    });
    this.outbox.person = this.me.name;
    this.outbox.send();
  }

  signedOut() {
    const message = "Your session has ended. Open your link again; votes that were not sent yet "
      + "are kept in this browser.";
    keep("session-ended", message);
    this.leaveWork();
    this.signIn(message);
  }

  leaveWork() {
    this.work?.close();
    this.work = null;
  }

  enter(queue) {
    this.leaveWork();
    this.work = new Work(this, queue, main);
    this.work.start();
  }

  async queuesView() {
    this.leaveWork();
    this.headings("Your queues", null);
    const title = element("h1", { tabindex: -1 }, `Welcome, ${this.me.name}`);
    const cards = this.me.queues.map((queue) => this.queueCard(queue));
    replaceContent(main, element("div", { class: "column" },
      title,
      cards.length > 0
        ? element("ul", { class: "queue-list" }, cards)
        : element("p", { class: "card" }, "There is nothing to judge yet. Come back later.")));
    title.focus();
  }

  queueCard(queue) {
    const { qualification } = queue;
    const state = {
      open: `Qualification: ${qualification.done} of ${qualification.total}`,
      failed: "Qualification not passed", passed: "Qualified", none: "",
    }[qualification.state];
    const total = queue.done + queue.available;
    return element("li", { class: "card" },
      element("h2", {}, queue.name),
      element("p", { class: "hint" }, kinds[queue.kind] ?? queue.kind),
      element("p", {}, `${counted(queue.done, "vote")} given, ${queue.available} open`
        + (queue.quota === null ? "" : `, your share is ${queue.quota}`)
        + (state ? ` · ${state}` : "")),
      total > 0
        ? element("progress", {
          max: total, value: queue.done, "aria-label": `Progress in ${queue.name}`,
        }) : null,
      element("button", {
        type: "button", class: "primary", "aria-label": `Open ${queue.name}`,
        on: { click: () => this.enter(queue) },
      }, queue.done > 0 ? "Continue" : "Start"));
  }

  /** Fetches counts anew and shows the list of queues. */
  async backToQueues() {
    try {
      this.me = await this.service.get("me");
    } catch {
      // The counts stay as they were.
    }
    this.queuesView();
  }

  // MARK: Around the task

  headings(title, progress) {
    heads.title.textContent = title;
    document.title = progress ? `${progress.done} of ${progress.total} · ${title}` : title;
    if (!progress) {
      heads.progress.replaceChildren();
      return;
    }
    const { done, total, pace, today } = progress;
    const left = Math.max(0, total - done);
    const details = [
      today > 0 ? `${today} today` : null, pace === null ? null : `${duration(pace)} each`,
      pace === null || left === 0 ? null : `${duration(left * pace)} left`,
    ].filter(Boolean).join(" · ");
    replaceContent(heads.progress,
      element("progress", {
        max: Math.max(1, total), value: done, "aria-label": "Progress",
        "aria-valuetext": `${done} of ${total}`,
      }),
      element("span", { class: "count" }, `${done} of ${total}`),
      element("span", { class: "pace" }, details));
  }

  menu() {
    const item = (label, command, action) => element("button", {
      type: "button", class: "quiet", "aria-keyshortcuts": this.preferences.key(command),
      on: { click: action },
    }, element("span", {}, label), keyCap(this.preferences.key(command)));
    const items = () => [
      this.work ? item("Guidelines", "guidelines", () => this.command("guidelines")) : null,
      item("Recent", "recent", () => this.command("recent")),
      item("Settings", "keys", () => this.command("keys")),
      this.me.queues.length > 1
        ? element("button", {
          type: "button", class: "quiet", on: { click: () => this.backToQueues() },
        }, "All queues") : null,
      element("button", {
        type: "button", class: "quiet", on: { click: () => this.signOut() },
      }, "Sign out"),
    ];
    const openMenu = () => {
      const dialog = openDialog(
        "Menu", { class: "narrow menu-dialog", on: { click: (event) => {
          if (event.target.closest(".menu-items button")) dialog.close();
        } } },
        element("p", { class: "hint" }, `Signed in as ${this.me.name}`),
        element("div", { class: "menu-items" }, items()));
    };
    replaceContent(heads.menu,
      element("div", { class: "menu-row" }, items()),
      element("button", {
        type: "button", class: "quiet menu-button", "aria-haspopup": "dialog",
        on: { click: openMenu },
      }, "Menu"));
  }

  showConnection({ waiting, connected, durable }) {
    const state = waiting === 0 && connected ? "saved" : connected ? "sending" : "offline";
    const kept = counted(waiting, "vote");
    const text = {
      saved: "All saved", sending: `Sending ${kept}`,
      offline: waiting === 0 ? "No connection" : `No connection · ${kept} kept here`,
    }[state];
    heads.connection.dataset.state = state;
    heads.connection.textContent = text;
    if (state === this.connectionState) return;
    if (state === "offline") {
      this.wasOffline = true;
      announce(durable
        ? "No connection. Votes are kept in this browser and sent when it is back."
        : "No connection. Keep this window open: this browser does not let the page keep votes.",
      { urgent: true });
    } else if (this.wasOffline && state === "saved") {
      this.wasOffline = false;
      announce("The connection is back. All votes are saved.");
      this.work?.connectionIsBack();
    }
    this.connectionState = state;
  }

  refused(vote, error) {
    this.work?.refused(vote, error);
    const close = element("button", { type: "button", class: "quiet" }, "Dismiss");
    const notice = element("div", { class: "banner", role: "alert" },
      element("p", {}, `Your vote “${describe(vote)}” was not taken: ${error.message}`), close);
    close.addEventListener("click", () => notice.remove());
    document.getElementById("banners").append(notice);
  }

  async signOut() {
    this.leaveWork();
    try {
      await this.service.delete("session");
    } catch {
      // Without a connection the session ends by its own time.
    }
    this.signIn("You are signed out.");
  }

  // MARK: Keys

  key(event) {
    if (!this.me || document.querySelector("dialog[open]") || event.defaultPrevented) return;
    const { target } = event;
    if (target.closest?.("textarea, select, input:not([type=radio])")) {
      if (event.key === "Escape") this.work?.leaveNote();
      return;
    }
    const activates = event.key === "Enter" || event.key === " ";
    if (activates && target.closest?.("button, a, summary, input")) return;
    const command = this.preferences.commandOf(event);
    if (!command) return;
    // A key that is held down must not vote twice.
    if (event.repeat && command !== "down" && command !== "up") {
      event.preventDefault();
      return;
    }
    if (this.command(command)) event.preventDefault();
  }

  command(name) {
    if (name === "keys") {
      keyHelp(this.preferences, () => this.refreshKeys());
      return true;
    }
    if (name === "recent") {
      this.recentVotes();
      return true;
    }
    return this.work?.command(name) ?? false;
  }

  refreshKeys() {
    this.menu();
    this.work?.refreshKeys();
  }

  async recentVotes() {
    const list = element("div", { "aria-live": "polite" }, element("p", {}, "Loading…"));
    openDialog("Your last votes", {}, list);
    try {
      const { votes } = await this.service.get("votes?limit=20");
      replaceContent(list, votes.length === 0
        ? element("p", {}, "None yet.")
        : element("ol", { class: "recent" }, votes.map((vote) => element("li", {},
          element("span", { class: "recent-verdict" }, describe(vote)),
          element("span", { class: "recent-text", dir: "auto" }, vote.excerpt),
          element("time", { datetime: vote.created_at }, moment(vote.created_at))))));
    } catch (error) {
      replaceContent(list, element("p", { class: "error" }, error.message));
    }
  }
}

new Annotator().start();
