// The people: their work, what it is worth, and their links.

import { announce, confirmed, element, openDialog } from "./dom.js";
import { scatterPlot, shareBar, wilson } from "./plots.js";
import { View } from "./view.js";
import { duration, moment, number, percent } from "./wording.js";

const states = { active: "Active", revoked: "Revoked", expired: "Expired" };

export class PeopleView extends View {
  async load() {
    const { people } = await this.app.service.get(this.app.path("people"));
    this.show(people, () => this.build(people));
  }

  build(people) {
    const placed = people.filter((person) => (
      person.median_seconds !== null && person.agreement_with_others !== null));
    return [
      element("section", { class: "card", "aria-labelledby": "people-title" },
        element("div", { class: "queue-head" },
          element("h2", { id: "people-title" }, "Who takes part"),
          element("button", {
            type: "button", class: "primary", data: { key: "new" },
            on: { click: () => this.newPerson() },
          }, "New personal link")),
        this.table(people)),
      placed.length > 0 ? element("section", { class: "card" }, scatterPlot({
        title: "Agreement with others against time for a vote", key: "people",
        summary: `${placed.map((person) => `${person.name}: ${duration(person.median_seconds)}, `
          + `${percent(person.agreement_with_others)}`).join("; ")}.`,
        points: placed.map((person) => ({
          label: person.name, x: person.median_seconds, y: person.agreement_with_others,
        })),
        axes: ["Median time for a vote", "Agreement with others"],
        formatX: duration, formatY: (value) => percent(value),
      }), element("p", { class: "hint" },
        "Somebody far to the left and below the others may not be reading.")) : null,
    ];
  }

  table(people) {
    const head = [
      "Name", "Votes", "Skips", "Median time", "Same on repeats", "Right on gold", "Chose A",
      "Agrees with others", "Last vote", "Link",
    ];
    return element("div", {
      class: "scroll", tabindex: 0, role: "group", "aria-label": "People, scrolls sideways",
    }, element("table", { class: "people" },
      element("caption", { class: "visually-hidden" }, "People and the quality of their votes"),
      element("thead", {}, element("tr", {},
        head.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, people.map((person) => this.row(person)))));
  }

  row(person) {
    const { quota, role, state, votes } = person;
    return element("tr", {},
      element("th", { scope: "row" }, element("span", { class: "person" }, person.name),
        state === "active" ? null
          : element("span", { class: `badge ${state}` }, states[state] ?? state),
        role === "administrator" ? element("span", { class: "badge" }, "Administrator") : null),
      element("td", {}, number(votes), quota === null ? null
        : element("span", { class: "cell-note" }, `of ${number(quota)}`)),
      element("td", {}, number(person.skips)),
      element("td", {}, duration(person.median_seconds)),
      shareCell(person.self_consistency.same, person.self_consistency.total),
      shareCell(person.gold.correct, person.gold.total),
      element("td", {}, person.side_a_share === null ? "–"
        : [percent(person.side_a_share), shareBar(person.side_a_share, null, 0.5)]),
      element("td", {}, percent(person.agreement_with_others)),
      element("td", { class: "time" }, moment(person.last_vote_at)),
      element("td", { class: "row-actions" }, this.actions(person)));
  }

  actions(person) {
    const button = (label, kind, action) => element("button", {
      type: "button", class: `small-text ${kind}`, "aria-label": `${label} for ${person.name}`,
      data: { key: `${label}-${person.person_id}` }, on: { click: action },
    }, label);
    if (person.role === "administrator") return null;
    return [
      button("New link", "", async () => {
        const sure = await confirmed(`A new link for ${person.name}?`,
          "The old link stops working at once. Votes stay.", "Make a new link");
        if (sure) {
          await this.act(async () => this.showLink(person.name,
            await this.app.service.post(`admin/people/${person.person_id}/link`)));
        }
      }),
      person.state === "active" ? button("Revoke", "quiet", async () => {
        const sure = await confirmed(`Revoke the link of ${person.name}?`,
          "The link stops working at once, and the session ends. Votes stay.", "Revoke the link");
        if (sure) {
          await this.act(async () => {
            await this.app.service.post(`admin/people/${person.person_id}/revoke`);
            announce(`The link of ${person.name} is revoked.`);
          });
        }
      }) : null,
    ];
  }

  async act(action) {
    try {
      await action();
    } catch (error) {
      announce(`Not done: ${error.message}`, { urgent: true });
      this.app.showFreshness(error.message);
    }
    this.app.refresh();
  }

  newPerson() {
    const name = element("input", {
      id: "new-name", type: "text", required: true, maxlength: 100, autocomplete: "off",
      autofocus: true, "aria-describedby": "new-error",
    });
    const quota = element("input", { id: "new-quota", type: "number", min: 1, max: 1_000_000 });
    const days = element("input", { id: "new-days", type: "number", min: 1, max: 3650 });
    const error = element("p", { id: "new-error", class: "error", role: "alert" });
    const submit = async (event) => {
      event.preventDefault();
      error.textContent = "";
      const body = { name: name.value.trim() };
      if (quota.value !== "") body.quota = Number(quota.value);
      if (days.value !== "") body.expires_in_days = Number(days.value);
      try {
        const link = await this.app.service.post("admin/people", body);
        dialog.close();
        this.showLink(body.name, link);
        this.app.refresh();
      } catch (problem) {
        error.textContent = problem.message;
        name.focus();
      }
    };
    const dialog = openDialog("New personal link", {},
      element("form", { class: "stack", on: { submit } },
        element("label", { for: "new-name" }, "Name of the person"), name,
        element("label", { for: "new-quota" }, "Most votes (optional)"), quota,
        element("label", { for: "new-days" }, "Days until the link ends (optional)"), days,
        error,
        element("button", { type: "submit", class: "primary" }, "Make the link")));
  }

  showLink(name, { link_path: path }) {
    const address = new URL(`.${path}`, document.baseURI).href;
    const field = element("input", {
      id: "link-text", type: "text", readonly: true, class: "link-field", value: address,
      autofocus: true,
    });
    const copied = element("span", { role: "status" });
    openDialog(`The link of ${name}`, {},
      element("p", {}, "It is shown this once: copy it now and send it to nobody else."),
      element("label", { for: "link-text" }, "Personal link"), field,
      element("div", { class: "dialog-actions" }, copied,
        element("button", {
          type: "button", class: "primary",
          on: { click: async () => {
            field.select();
            try {
              await navigator.clipboard.writeText(address);
              copied.textContent = "Copied.";
            } catch {
              copied.textContent = "Selected: copy it with your keys.";
            }
          } },
        }, "Copy")));
    field.select();
  }
}

function shareCell(part, total) {
  if (total === 0) return element("td", {}, "–");
  const interval = wilson(part, total);
  return element("td", {
    title: `95 % interval ${percent(interval[0])} to ${percent(interval[1])}`,
  }, percent(part / total), shareBar(part / total, interval),
  element("span", { class: "cell-note" }, `${part} of ${total}`));
}
