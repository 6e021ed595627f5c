// Judges against people: what a judge says where most people say something.

import { element } from "./dom.js";
import { heatTable, intervalPlot } from "./plots.js";
import { View } from "./view.js";
import { coefficient, counted, percent, verdicts } from "./wording.js";

export class JudgesView extends View {
  async load() {
    const { judges } = await this.app.service.get(this.app.path("judges"));
    this.show(judges, () => (judges.length > 0 ? this.build(judges) : element(
      "p", { class: "card" },
      "No judge of this store has judged a pair on which people have a majority.")));
  }

  build(judges) {
    const rows = judges.map(({ name, kappa }) => (
      { label: name, value: kappa, low: null, high: null }));
    const plot = judges.length > 1 ? element("section", { class: "card" }, intervalPlot({
      title: "Cohen’s kappa against the people’s majority", rows, key: "judges",
      summary: `${rows.map(({ label, value }) => `${label} ${coefficient(value)}`).join("; ")}.`,
      heading: ["Judge", "Kappa", "From", "To"], format: coefficient,
    })) : null;
    const tables = judges.map((judge) => this.judgeNode(judge));
    return [plot, element("div", { class: "judges" }, tables)];
  }

  judgeNode({ name, kind, confusion, items, raw, kappa }) {
    const labels = verdicts.map(({ label }) => label);
    const cells = confusion.map((row) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count, column) => ({
        text: String(count), share: total === 0 ? 0 : count / total,
        note: total === 0 ? "" : percent(count / total),
        title: `${count} where people say ${labels[column]}`,
      }));
    });
    return element("section", { class: "card", "aria-label": name },
      element("h2", {}, name, " ", element("span", { class: "badge" }, kind)),
      element("p", {}, `Agrees with people on ${percent(raw)} of ${counted(items, "pair")}, kappa `
        + `${coefficient(kappa)}.`),
      heatTable({
        caption: "Rows: the judge. Columns: the people’s majority. Per cent of each row.",
        corner: "", rows: labels, columns: labels, cells, className: "confusion",
      }));
  }
}
