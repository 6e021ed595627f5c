// How far people agree: the statistics with their intervals, and every two people.

import { element } from "./dom.js";
import { heatTable, intervalPlot } from "./plots.js";
import { View } from "./view.js";
import { coefficient, counted, percent } from "./wording.js";

const names = {
  raw: "Raw agreement", cohen_kappa: "Cohen’s kappa", fleiss_kappa: "Fleiss’ kappa",
  krippendorff_alpha: "Krippendorff’s alpha", gwet_ac2: "Gwet’s AC2",
};

export class AgreementView extends View {
  async load() {
    const figures = await this.app.service.get(this.app.path("agreement"));
    this.show(figures, () => this.build(figures));
  }

  build({ items, raters, statistics, pairs }) {
    if (items === 0) {
      return element("p", { class: "card" },
        "There is no agreement to speak of yet: no task has been judged by two people.");
    }
    const rows = statistics.map((statistic) => ({
      ...statistic, label: names[statistic.name] ?? statistic.name,
    }));
    const known = rows.filter(({ value }) => value !== null);
    const summary = known.map(({ label, value, low, high }) => {
      const interval = `, from ${coefficient(low)} to ${coefficient(high)}`;
      return `${label} ${coefficient(value)}${(low ?? null) === null ? "" : interval}`;
    }).join("; ");
    return [
      element("section", { class: "card" },
        element("p", { class: "hint" },
          `${counted(items, "task")} judged by two or more of `
          + `${counted(raters, "person", "people")}.`),
        intervalPlot({
          title: "Agreement with 95 % intervals", summary: `${summary}.`, rows, key: "agreement",
          heading: ["Statistic", "Value", "From", "To"], format: coefficient,
        }),
        element("p", { class: "hint" }, "Raw agreement is the share of equal verdicts. The others "
          + "take off what chance would give: 0 is chance, 1 is full agreement. Kappa falls when "
          + "nearly all verdicts are of one kind, however well people agree; AC2 hardly does.")),
      pairs.length > 0 ? element("section", { class: "card" },
        element("h2", {}, "Every two people"), this.matrix(pairs)) : null,
    ];
  }

  matrix(pairs) {
    const people = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))]
      .sort((one, other) => one.localeCompare(other));
    const found = new Map();
    for (const pair of pairs) {
      found.set(`${pair.first}\n${pair.second}`, pair);
      found.set(`${pair.second}\n${pair.first}`, pair);
    }
    const cells = people.map((first) => people.map((second) => {
      const pair = found.get(`${first}\n${second}`);
      if (!pair) return null;
      return {
        text: coefficient(pair.kappa), share: Math.max(0, pair.kappa ?? 0), note: `${pair.items}`,
        title: `${first} and ${second}: kappa ${coefficient(pair.kappa)}, raw agreement `
          + `${percent(pair.raw)}, ${counted(pair.items, "task")}`,
      };
    }));
    return heatTable({
      caption: "Cohen’s kappa, and below it the number of tasks in common",
      corner: "", rows: people, columns: people, cells,
    });
  }
}
