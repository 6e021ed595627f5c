/// The report as one self-contained page: inline style and SVG, no scripts, nothing loaded.
///
/// Equal reports give equal bytes.
package struct HTMLRenderer: Sendable {
  /// A renderer.
  package init() {}

  /// The page.
  ///
  /// - Parameter report: the report.
  /// - Returns: an HTML document.
  package func text(_ report: EvaluationReport) -> String {
    let title = Self.escaped(report.options.title)
    var page = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <style>
      \(HTMLStylesheet.text)
      </style>
      </head>
      <body>
      <main>
      <header>
      <h1>\(title)</h1>
      \(facts(report))</header>

      """
    if report.ranked > 0 && !report.models.isEmpty { page += firstPlaces(report) }
    page += section(report.mainTable, id: "main", extra: details(report.countsTable))
    let hasMethods = report.rows.contains { $0.category == .methods && $0.key != "random" }
    if report.ranked > 0, hasMethods || report.rows.contains(where: { $0.category == .fused }) {
      page += ranks(report)
    }
    if !report.choices.isEmpty { page += choices(report) }
    if report.metricSummaries.contains(where: \.metric.isRated) {
      page += section(report.metricsTable, id: "metrics")
    }
    if report.correlations.count > 1 {
      page += section(report.correlationTable, id: "correlation")
    }
    if report.verdicts > 0 { page += winRates(report) + ratings(report) }
    if report.distributions.contains(where: { $0.contains { $0.total > 0 } }) {
      page += distributions(report)
    }
    if let corpus = report.corpus { page += section(corpus.table, id: "corpus") }
    if !report.judges.isEmpty { page += judges(report) }
    if !report.agreements.isEmpty { page += section(report.agreementTable, id: "agreement") }
    page += notes(report)
    return page + "</main>\n</body>\n</html>\n"
  }

  /// Text with the characters that mean something to HTML written as entities.
  ///
  /// Control characters, which HTML does not allow, become the replacement character.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result += " "
      case _ where scalar.value < 0x20 || (0x7F..<0xA0) ~= scalar.value: result += "\u{FFFD}"
      // Overrides of the writing direction would reorder what stands around a name.
      case _ where (0x202A...0x202E) ~= scalar.value || (0x2066...0x2069) ~= scalar.value:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A number for coordinates.
  static func coordinate(_ value: Double) -> String { FixedDecimal.text(value, decimals: 2) }

  // MARK: Parts without pictures

  private func facts(_ report: EvaluationReport) -> String {
    var facts = [
      ("Examples", FixedDecimal.grouped(report.examples)),
      ("With GPT-Rank", FixedDecimal.grouped(report.ranked)),
      ("Models", FixedDecimal.grouped(report.models.count)),
      ("Verdicts", FixedDecimal.grouped(report.verdicts)),
    ]
    if let best = report.modelOrder.first, let rank = report.rows[best].rank.value {
      let text = FixedDecimal.text(rank, decimals: 2)
      facts.append(("Best GPT-Rank", "\(report.models[best]) (\(text))"))
    }
    let items = facts.map { "<div><dt>\($0.0)</dt><dd>\(Self.escaped($0.1))</dd></div>\n" }
    return "<dl class=\"facts\">\n" + items.joined() + "</dl>\n"
  }

  private func notes(_ report: EvaluationReport) -> String {
    guard !report.notes.isEmpty else { return "" }
    let items = report.notes.map { "<li>\(Self.escaped($0))</li>\n" }.joined()
    return
      "<section id=\"notes\" aria-labelledby=\"notes-title\">\n<h2 id=\"notes-title\">Notes</h2>\n"
      + "<ul class=\"notes\">\n\(items)</ul>\n</section>\n"
  }

  /// A table that is folded away; nothing for `nil`.
  func details(_ table: ReportTable?) -> String {
    guard let table else { return "" }
    return "<details>\n<summary>\(Self.escaped(table.title))</summary>\n"
      + scrolling(table) + "</details>\n"
  }

  private func section(_ table: ReportTable, id: String, extra: String = "") -> String {
    heading(table.title, id: id) + scrolling(table) + caption(table.caption) + extra
      + "</section>\n"
  }

  /// The beginning of a section.
  func heading(_ title: String, id: String) -> String {
    "<section id=\"\(id)\" aria-labelledby=\"\(id)-title\">\n"
      + "<h2 id=\"\(id)-title\">\(Self.escaped(title))</h2>\n"
  }

  /// A sentence below a table or picture.
  func caption(_ text: String?) -> String {
    text.map { "<p class=\"caption\">\(Self.escaped($0))</p>\n" } ?? ""
  }

  /// A table in a region that scrolls sideways, by keyboard too.
  func scrolling(_ table: ReportTable) -> String {
    region(table.title, body(table))
  }

  /// A region that scrolls sideways, by keyboard too.
  func region(_ label: String, _ content: String) -> String {
    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
      + "aria-label=\"\(Self.escaped(label))\">\n\(content)</div>\n"
  }

  private func body(_ table: ReportTable) -> String {
    var html = "<table>\n<thead>\n<tr>"
    for column in table.columns {
      let direction =
        switch column.direction {
        case .higherIsBetter: "<span class=\"hidden\"> (higher is better)</span>"
        case .lowerIsBetter: "<span class=\"hidden\"> (lower is better)</span>"
        case .none: ""
        }
      // Short headings stay on one line; long ones, with names of models, may be broken.
      var classes = column.isText ? ["text"] : []
      if column.heading.utf8.count <= 20 { classes.append("short") }
      html +=
        "<th scope=\"col\"\(classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"")>"
        + Self.escaped(Self.unbroken(column.heading)) + direction + "</th>"
    }
    html += "</tr>\n</thead>\n"
    for group in table.groups {
      html += "<tbody>\n"
      if let title = group.title, table.groups.count > 1 {
        html +=
          "<tr><th scope=\"rowgroup\" colspan=\"\(table.columns.count)\">"
          + Self.escaped(title) + "</th></tr>\n"
      }
      for row in group.rows { html += self.row(row, of: table) }
      html += "</tbody>\n"
    }
    return html + "</table>\n"
  }

  /// A heading whose signs stay on the line of the word they belong to.
  private static func unbroken(_ heading: String) -> String {
    var result = String.UnicodeScalarView()
    let scalars = Array(heading.unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      let next = place + 1 < scalars.count ? scalars[place + 1] : " "
      let isBound =
        scalar == " "
        && (result.last == "\u{2265}" || ["(", "\u{2191}", "\u{2193}"].contains(next))
      result.append(isBound ? "\u{A0}" : scalar)
    }
    return String(result)
  }

  private func row(_ cells: [ReportTable.Cell], of table: ReportTable) -> String {
    var html = "<tr>"
    for (position, cell) in cells.enumerated() {
      let text = Self.escaped(cell.text)
      if position == 0 {
        html += "<th scope=\"row\" class=\"text\" title=\"\(text)\">\(text)</th>"
        continue
      }
      let hint = cell.count.map { " title=\"n = \(FixedDecimal.count($0))\"" } ?? ""
      let side = table.columns[position].isText ? " class=\"text\"" : ""
      html += "<td\(side)\(hint)>" + (cell.isBest ? "<strong>\(text)</strong>" : text) + "</td>"
    }
    return html + "</tr>\n"
  }
}
