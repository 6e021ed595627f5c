internal import TerminalOutput

/// Tables as aligned plain text for terminals.
package struct TextRenderer: Sendable {
  /// The number of columns of the terminal.
  package let width: Int

  private static let labelLimit = 32

  /// A renderer.
  ///
  /// - Parameter width: the terminal's columns; wider tables are cut into blocks of columns, each
  ///   with the first column again.
  package init(width: Int = 100) { self.width = max(20, width) }

  /// The report: its title, the tables and the notes.
  package func text(_ report: EvaluationReport) -> String {
    var parts = [DisplayWidth.printable(report.options.title) + "\n"]
    parts += report.tables.map(text)
    if !report.notes.isEmpty {
      parts.append(
        "Notes\n" + report.notes.map { wrapped(DisplayWidth.printable($0), indent: "  ") }.joined())
    }
    return parts.joined(separator: "\n")
  }

  /// One table. The best values of a group are marked with `*`.
  package func text(_ table: ReportTable) -> String {
    let labels = min(Self.labelLimit, max(8, width / 2))
    let rows = table.groups.flatMap(\.rows)
    let texts = rows.map { row in
      row.enumerated().map { position, cell in
        let text = DisplayWidth.printable(cell.text)
        if position == 0 { return DisplayWidth.fitted(text, to: labels) }
        let marksBest = table.columns[position].direction != .none
        return text + (cell.isBest ? "*" : marksBest ? " " : "")
      }
    }
    let headings = table.columns.enumerated().map { position, column in
      position == 0
        ? DisplayWidth.fitted(DisplayWidth.printable(column.heading), to: labels)
        : DisplayWidth.fitted(
          DisplayWidth.printable(column.heading), to: max(8, width - labels - 2))
          + (column.direction != .none ? " " : "")
    }
    let widths = table.columns.indices.map { column in
      max(
        DisplayWidth.columns(headings[column]),
        texts.map { DisplayWidth.columns($0[column]) }.max() ?? 0)
    }
    var result = wrapped(DisplayWidth.printable(table.title), indent: "")
    for (number, block) in blocks(widths).enumerated() {
      if number > 0 { result += "\n" }
      result += line(headings, block, widths, table)
      result +=
        block.map { String(repeating: "-", count: widths[$0]) }
        .joined(separator: "  ") + "\n"
      var index = 0
      for (position, group) in table.groups.enumerated() {
        if let title = group.title, table.groups.count > 1 {
          if position > 0 { result += "\n" }
          result += wrapped(DisplayWidth.printable(title), indent: "")
        }
        for _ in group.rows {
          result += line(texts[index], block, widths, table)
          index += 1
        }
      }
    }
    if table.groups.contains(where: { $0.rows.contains { $0.contains(where: \.isBest) } }) {
      result += "* best" + (table.groups.count > 1 ? " of its group" : "") + "\n"
    }
    if let caption = table.caption {
      result += wrapped(DisplayWidth.printable(caption), indent: "")
    }
    return result
  }

  /// Columns in blocks that fit; the first column starts each.
  private func blocks(_ widths: [Int]) -> [[Int]] {
    var blocks: [[Int]] = []
    var current = [0]
    var used = widths.first ?? 0
    for column in widths.indices.dropFirst() {
      if used + 2 + widths[column] > width && current.count > 1 {
        blocks.append(current)
        current = [0]
        used = widths[0]
      }
      current.append(column)
      used += 2 + widths[column]
    }
    return blocks + [current]
  }

  private func line(
    _ texts: [String], _ block: [Int], _ widths: [Int], _ table: ReportTable
  ) -> String {
    var result = ""
    for (position, column) in block.enumerated() {
      let padding = String(
        repeating: " ", count: widths[column] - DisplayWidth.columns(texts[column]))
      if position > 0 { result += "  " }
      result += table.columns[column].isText ? texts[column] + padding : padding + texts[column]
    }
    while result.utf8.last == UInt8(ascii: " ") { result.removeLast() }
    return result + "\n"
  }

  private func wrapped(_ text: String, indent: String) -> String {
    TextWrapping.lines(text, width: width - indent.utf8.count)
      .map { indent + $0 + "\n" }.joined()
  }
}
