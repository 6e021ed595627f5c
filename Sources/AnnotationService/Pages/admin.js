// The administrator's page: views over one queue or all, kept up to date by asking again.

import { AgreementView } from "./agreement.js";
import { Service } from "./api.js";
import { AuditView } from "./audit.js";
import { ConflictsView } from "./conflicts.js";
import { announce, element, replaceContent } from "./dom.js";
import { JudgesView } from "./judges.js";
import { OverviewView } from "./overview.js";
import { PeopleView } from "./people.js";
import { applyTheme } from "./preferences.js";
import { signInView, takeToken, unreachableView } from "./signing.js";
import { keep, kept } from "./storage.js";

const main = document.getElementById("main");
const askEvery = 5_000;
const views = {
  overview: ["Overview", OverviewView], agreement: ["Agreement", AgreementView],
  people: ["People", PeopleView], judges: ["Judges", JudgesView],
  conflicts: ["Conflicts", ConflictsView], audit: ["Audit trail", AuditView],
};

class Dashboard {
  constructor() {
    this.service = new Service();
    this.queueId = null;
    this.queues = [];
    this.view = null;
    this.live = true;
    this.signedIn = false;
    window.addEventListener("hashchange", () => {
      const token = takeToken();
      if (token) this.start(token);
      else if (this.signedIn) this.route();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.live) this.refresh();
    });
    document.addEventListener("keydown", (event) => {
      const free = !document.querySelector("dialog[open]") && !event.ctrlKey && !event.altKey
        && !event.metaKey && !event.repeat
        && !event.target.closest?.("textarea, input, select");
      if (free && this.view?.key?.(event.key)) event.preventDefault();
    });
  }

  async start(token = takeToken()) {
    this.signedIn = false;
    clearTimeout(this.timer);
    try {
      const session = token ? await this.service.signIn(token) : await this.service.session();
      if (session.role !== "administrator") {
        this.strangerView();
        return;
      }
      await this.loadQueues();
    } catch (error) {
      if (error.isPassing) await unreachableView(main, () => this.start(token));
      else this.signIn(token ? error.message : null);
      return;
    }
    this.signedIn = true;
    this.route();
  }

  signIn(message) {
    this.leave();
    signInView(main, message, (token) => this.start(token));
  }

  leave() {
    this.signedIn = false;
    this.view = null;
    clearTimeout(this.timer);
    document.getElementById("views").replaceChildren();
    document.getElementById("controls").replaceChildren();
  }

  strangerView() {
    this.leave();
    const title = element("h1", { tabindex: -1 }, "This page is for the administrator");
    replaceContent(main, element("div", { class: "card narrow" }, title,
      element("p", {}, "Your link is one for annotators."),
      element("p", {}, element("a", { class: "button primary", href: "./" }, "Go to your tasks"))));
    title.focus();
  }

  async loadQueues() {
    this.queues = (await this.service.get("admin/overview")).queues;
    if (!this.queues.some((queue) => queue.queue_id === this.queueId)) this.queueId = null;
  }

  /** Takes over queues that were made since. */
  knowQueues(queues) {
    const names = (list) => list.map(({ queue_id: id, name }) => `${id} ${name}`).join("\n");
    if (names(queues) === names(this.queues)) return;
    this.queues = queues;
    this.controls();
  }

  /** The address of a request, for the queue that is chosen. */
  path(name, query = {}) {
    const parameters = new URLSearchParams(query);
    if (this.queueId !== null) parameters.set("queue_id", String(this.queueId));
    const text = parameters.toString();
    return `admin/${name}${text ? `?${text}` : ""}`;
  }

  // MARK: Views

  route() {
    const asked = /^#\/(\w+)/.exec(location.hash)?.[1];
    const name = asked in views ? asked : "overview";
    const [title, View] = views[name];
    const isChange = this.name !== undefined && this.name !== name;
    this.name = name;
    document.title = `${title} · Annotation dashboard`;
    replaceContent(document.getElementById("views"), element("ul", {},
      Object.entries(views).map(([key, [label]]) => element("li", {}, element("a", {
        href: `#/${key}`, "aria-current": key === name ? "page" : null,
      }, label)))));
    this.controls();
    this.view = new View(this);
    const heading = element("h1", { tabindex: -1 }, title);
    replaceContent(main, element("div", { class: "view" }, heading, this.view.node));
    if (isChange) heading.focus();
    this.refresh();
  }

  controls() {
    const select = element("select", {
      id: "queue", on: { change: (event) => {
        this.queueId = event.target.value === "" ? null : Number(event.target.value);
        this.route();
      } },
    }, element("option", { value: "" }, "All queues"), this.queues.map((queue) => element(
      "option", { value: queue.queue_id, selected: queue.queue_id === this.queueId },
      queue.name)));
    select.value = this.queueId === null ? "" : String(this.queueId);
    this.status = element("span", { class: "freshness" });
    const theme = kept("preferences")?.theme ?? "auto";
    const themes = { auto: "light", light: "dark", dark: "auto" };
    replaceContent(document.getElementById("controls"),
      element("label", { for: "queue", class: "visually-hidden" }, "Queue"), select,
      this.status,
      element("button", {
        type: "button", class: "quiet", id: "live", "aria-pressed": String(this.live),
        on: { click: () => this.toggleLive() },
      }, "Live"),
      element("button", {
        type: "button", class: "quiet", id: "theme",
        on: { click: () => {
          keep("preferences", { ...(kept("preferences") ?? {}), theme: themes[theme] });
          applyTheme(themes[theme]);
          this.controls();
          document.getElementById("theme").focus();
        } },
      }, `Theme: ${theme}`),
      element("button", { type: "button", class: "quiet", on: { click: () => this.signOut() } },
        "Sign out"));
    this.showFreshness();
  }

  toggleLive() {
    this.live = !this.live;
    document.getElementById("live").setAttribute("aria-pressed", String(this.live));
    announce(this.live ? "Figures are kept up to date." : "Figures stay as they are.");
    this.showFreshness();
    clearTimeout(this.timer);
    if (this.live) this.refresh();
  }

  showFreshness(problem) {
    if (problem !== undefined) this.problem = problem;
    this.status.classList.toggle("stale", Boolean(this.problem));
    this.status.textContent = this.problem ?? (this.live ? "" : "Updates are paused");
  }

  /** Fetches what the view shows, now and again later. */
  async refresh() {
    clearTimeout(this.timer);
    const { view } = this;
    if (!view) return;
    if (!document.hidden) {
      try {
        await view.load();
        if (this.view === view) this.showFreshness(null);
      } catch (error) {
        if (this.view !== view) return;
        if (error.status === 401) {
          this.signIn("Your session has ended. Open your link again.");
          return;
        }
        this.showFreshness(error.isPassing ? "No connection" : error.message);
      }
    }
    clearTimeout(this.timer);
    if (this.view === view && this.live && view.isLive) {
      this.timer = setTimeout(() => this.refresh(), askEvery);
    }
  }

  async signOut() {
    try {
      await this.service.delete("session");
    } catch {
      // Without a connection the session ends by its own time.
    }
    this.signIn("You are signed out.");
  }
}

new Dashboard().start();
