extension HTMLRenderer {
  // MARK: Whom rankers choose

  /// Which models the verdicts and each ranker put first: one divided bar for each, in the colours
  /// and with the numbers of the pie.
  func choices(_ report: EvaluationReport) -> String {
    let order = report.ranked > 0 ? report.firstPlaceOrder : Array(report.models.indices)
    var bars = report.choices.map { ($0.label, $0.shares, $0.examples) }
    if report.ranked > 0 {
      bars.insert(
        ("GPT-Rank", report.firstPlaces.map { $0.value ?? 0 }, report.ranked), at: 0)
    }
    var rows = ""
    for (label, shares, examples) in bars {
      let name = Self.escaped(label)
      rows +=
        "<tr title=\"n = \(examples)\"><th scope=\"row\" class=\"text\" title=\"\(name)\">\(name)"
        + "</th><td class=\"wide\">\(divided(shares, order, report.models))</td></tr>\n"
    }
    let legend = order.enumerated().map { position, model in
      "<span class=\"legend\"><span class=\"swatch\">\(position + 1)</span><span class=\"dot\" "
        + "style=\"background: var(--c\(position % HTMLStylesheet.paletteSize))\"></span>"
        + "\(Self.escaped(report.models[model]))</span>"
    }
    let table = report.choiceTable
    return heading(table.title, id: "choices")
      + region(
        table.title,
        "<table class=\"choices\">\n<thead class=\"hidden\"><tr><th scope=\"col\">Ranking</th>"
          + "<th scope=\"col\">Shares</th></tr></thead>\n<tbody>\n\(rows)</tbody>\n</table>\n")
      + "<p class=\"caption\">\(legend.joined(separator: " "))</p>\n"
      + caption(table.caption) + details(table) + "</section>\n"
  }

  private func divided(_ shares: [Double], _ order: [Int], _ names: [String]) -> String {
    let total = max(shares.reduce(0, +), 1e-9)
    var parts = ""
    var labels: [String] = []
    for (position, model) in order.enumerated() where shares[model] > 0 {
      let width = 100 * shares[model] / total
      parts +=
        "<span class=\"part\" style=\"width: \(Self.coordinate(width))%; "
        + "background: var(--c\(position % HTMLStylesheet.paletteSize))\" "
        + "title=\"\(Self.escaped(names[model])): \(FixedDecimal.text(width, decimals: 1)) %\">"
        // A narrow part has no room for its number.
        + (width >= 3 ? "\(position + 1)" : "") + "</span>"
      labels.append("\(names[model]) \(FixedDecimal.text(width, decimals: 1)) %")
    }
    let summary = Self.escaped(labels.joined(separator: ", "))
    return "<div class=\"divided\" role=\"img\" aria-label=\"\(summary)\">\(parts)</div>"
  }

  // MARK: The ranks of all rows

  /// The mean GPT-Rank of models, oracles, rankers and fusers as bars, the best first.
  func ranks(_ report: EvaluationReport) -> String {
    let rows = report.rows.filter { $0.rank.value != nil && !$0.key.hasPrefix("best:") }
      .enumerated().sorted {
        ($0.element.rank.value ?? 0, $0.offset) < ($1.element.rank.value ?? 0, $1.offset)
      }.map(\.element)
    let largest = max(rows.compactMap(\.rank.value).max() ?? 1, 1e-9)
    var html = ""
    for row in rows {
      let name = Self.escaped(row.label)
      let value = row.rank.value ?? 0
      let colour =
        switch row.category {
        case .models: 0
        case .analysis: 1
        case .methods: 2
        case .fused: 3
        }
      html +=
        "<tr title=\"n = \(FixedDecimal.count(row.rank.count))\"><th scope=\"row\" class=\"text\" "
        + "title=\"\(name)\"><span class=\"dot\" style=\"background: var(--c\(colour))\"></span>"
        + "\(name)</th><td>\(FixedDecimal.text(value, decimals: 2))</td><td class=\"bar\">"
        + "<span class=\"track\" style=\"width: \(Self.coordinate(100 * value / largest))%; "
        + "background: var(--c\(colour))\"></span></td></tr>\n"
    }
    let kinds = EvaluationReport.Row.Category.allCases.enumerated().filter { _, category in
      rows.contains { $0.category == category }
    }
    let legend = kinds.map { place, category in
      "<span class=\"legend\"><span class=\"dot\" style=\"background: var(--c\(place))\"></span>"
        + "\(Self.escaped(category.rawValue))</span>"
    }
    return heading("Mean GPT-Rank", id: "ranks")
      + region(
        "Mean GPT-Rank",
        "<table class=\"bars\">\n<thead class=\"hidden\"><tr><th scope=\"col\">Row</th>"
          + "<th scope=\"col\">GPT-Rank</th><th scope=\"col\">Bar</th></tr></thead>\n<tbody>\n"
          + html + "</tbody>\n</table>\n")
      + "<p class=\"caption\">Shorter is better. \(legend.joined(separator: " "))</p>\n</section>\n"
  }
}
