// How far the queues are and how fast they go.

import { announce, confirmed, element } from "./dom.js";
import { columnPlot } from "./plots.js";
import { fact, View } from "./view.js";
import { counted, duration, moment, number, percent } from "./wording.js";

const kinds = { pair: "pairs", rating: "ratings", ranking: "rankings" };
const states = { open: "Open", paused: "Paused", closed: "Closed" };
const hour = 3_600_000;

export class OverviewView extends View {
  async load() {
    const { queues } = await this.app.service.get(this.app.path("overview"));
    if (this.app.queueId === null) this.app.knowQueues(queues);
    this.show(queues, () => queues.length > 0
      ? queues.map((queue) => this.queueNode(queue))
      : element("p", { class: "card" }, "There is no queue yet."));
  }

  queueNode(queue) {
    const share = queue.votes_needed === 0 ? 0 : queue.votes / queue.votes_needed;
    const key = (name) => `${name}-${queue.queue_id}`;
    const left = queue.estimated_end ? Date.parse(queue.estimated_end) - Date.now() : null;
    return element("section", { class: "card queue", "aria-labelledby": key("title") },
      element("div", { class: "queue-head" },
        element("h2", { id: key("title") }, queue.name),
        element("span", { class: `badge ${queue.state}` }, states[queue.state] ?? queue.state),
        element("span", { class: "hint" },
          `${kinds[queue.kind] ?? queue.kind}, each judged by `
          + counted(queue.overlap, "person", "people")),
        element("span", { class: "queue-actions" }, this.actions(queue, key))),
      element("div", { class: "queue-progress" },
        element("progress", {
          max: Math.max(1, queue.votes_needed), value: queue.votes,
          "aria-label": `Votes in ${queue.name}`,
        }),
        element("span", { class: "progress-text" },
          `${number(queue.votes)} of ${counted(queue.votes_needed, "vote")} (${percent(share)})`)),
      element("dl", { class: "facts" },
        fact("Complete tasks", `${number(queue.complete_tasks)} of ${number(queue.tasks)}`),
        fact("Being judged now", number(queue.leased)),
        fact("Skipped", number(queue.skips)),
        fact("Conflicts", element("a", {
          href: "#/conflicts", data: { key: key("conflicts") },
          on: { click: () => { this.app.queueId = queue.queue_id; } },
          "aria-label": `${counted(queue.conflicts, "conflict")} in ${queue.name}`,
        }, number(queue.conflicts))),
        fact("Expected end", left === null ? "–" : moment(queue.estimated_end),
          left === null || left < 0 ? null : `in ${duration(left / 1000)}`)),
      queue.votes_per_hour.length > 0 ? this.pace(queue) : null);
  }

  actions(queue, key) {
    const change = async (state, said) => {
      try {
        await this.app.service.post(`admin/queues/${queue.queue_id}/state`, { state });
        announce(said);
      } catch (error) {
        announce(`Not changed: ${error.message}`, { urgent: true });
        this.app.showFreshness(error.message);
      }
      this.app.refresh();
    };
    const button = (label, action) => element("button", {
      type: "button", data: { key: key("state") }, "aria-label": `${label} ${queue.name}`,
      on: { click: action },
    }, label);
    if (queue.state !== "open") {
      return button(queue.state === "closed" ? "Open again" : "Resume",
        () => change("open", `${queue.name} is open.`));
    }
    return [
      button("Pause", () => change("paused", `${queue.name} is paused.`)),
      element("button", {
        type: "button", class: "quiet", data: { key: key("close") },
        "aria-label": `Close ${queue.name}`,
        on: { click: async () => {
          const sure = await confirmed(
            `Close ${queue.name}?`, "Nobody gets further tasks of it. All votes stay, and it can "
            + "be opened again.", "Close the queue");
          if (sure) change("closed", `${queue.name} is closed.`);
        } },
      }, "Close"),
    ];
  }

  // Hours without votes count as well: they are the pauses.
  pace(queue) {
    const counts = new Map(
      queue.votes_per_hour.map((entry) => [Date.parse(entry.hour), entry.votes]));
    const last = Math.max(...counts.keys());
    const first = Math.min(last - 11 * hour, Math.max(Math.min(...counts.keys()), last - 71 * hour));
    const columns = [];
    for (let at = first; at <= last; at += hour) {
      const start = new Date(at);
      const clock = start.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      columns.push({ label: moment(start), value: counts.get(at) ?? 0, short: clock });
    }
    const total = columns.reduce((sum, { value }) => sum + value, 0);
    const most = columns.reduce((best, one) => (one.value > best.value ? one : best));
    return columnPlot({
      title: "Votes per hour", heading: ["Hour", "Votes"], columns, key: `pace-${queue.queue_id}`,
      summary: `${counted(total, "vote")} in ${counted(columns.length, "hour")}; the most, `
        + `${most.value}, at ${most.label}.`,
    });
  }
}
