// Everything that happened, the latest first.

import { element } from "./dom.js";
import { View } from "./view.js";
import { exactMoment } from "./wording.js";

const page = 50;

export class AuditView extends View {
  constructor(app) {
    super(app);
    this.events = new Map();
    this.isComplete = false;
    this.action = "";
  }

  async load() {
    const { events } = await this.app.service.get(`admin/audit?limit=${page}`);
    // Should more than a page have happened since, the page is filled up from the newest on.
    const known = events.some(({ event_id: id }) => this.events.has(id));
    if (!known) {
      this.events.clear();
      this.isComplete = events.length < page;
    }
    this.add(events);
  }

  async loadOlder() {
    const oldest = Math.min(...this.events.keys());
    try {
      const { events } = await this.app.service.get(`admin/audit?limit=${page}&before=${oldest}`);
      this.isComplete = events.length < page;
      this.add(events);
    } catch (error) {
      this.app.showFreshness(error.message);
    }
  }

  add(events) {
    for (const event of events) this.events.set(event.event_id, event);
    this.render();
  }

  render() {
    const all = [...this.events.values()].sort((one, other) => other.event_id - one.event_id);
    const actions = [...new Set(all.map(({ action }) => action))].sort();
    const shown = all.filter(({ action }) => this.action === "" || action === this.action);
    this.show([shown, actions, this.isComplete, this.action], () => this.build(shown, actions));
  }

  build(shown, actions) {
    const select = element("select", {
      id: "action", data: { key: "action" },
      on: { change: (event) => {
        this.action = event.target.value;
        this.render();
      } },
    }, element("option", { value: "" }, "Everything"),
    actions.map((action) => element("option", { value: action }, words(action))));
    select.value = this.action;
    return element("section", { class: "card" },
      element("div", { class: "queue-head" },
        element("label", { for: "action" }, "Show"), select),
      element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Audit trail" },
        element("table", { class: "audit" },
          element("caption", { class: "visually-hidden" }, "Audit trail, the latest first"),
          element("thead", {}, element("tr", {}, ["When", "Who", "What", "Details"].map(
            (name) => element("th", { scope: "col" }, name)))),
          element("tbody", {}, shown.map((event) => element("tr", {},
            element("td", { class: "time" }, exactMoment(event.at)),
            element("td", {}, event.person ?? element("span", { class: "hint" }, "command line")),
            element("td", {}, words(event.action)),
            element("td", { class: "details" }, detailsText(event.details))))))),
      this.isComplete ? null : element("button", {
        type: "button", data: { key: "older" }, on: { click: () => this.loadOlder() },
      }, "Show older"));
  }
}

function words(action) {
  const text = action.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function detailsText(details) {
  return Object.entries(details ?? {}).map(([name, value]) => (
    `${name.replaceAll("_", " ")}: ${typeof value === "string" ? value : JSON.stringify(value)}`))
    .join(" · ");
}
