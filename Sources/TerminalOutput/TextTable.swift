/// Rows under headings, in aligned columns, for the summaries that commands print.
package struct TextTable: Sendable {
  /// One column: its heading and the side its cells stand on.
  package struct Column: Sendable {
    let heading: String
    let isNumeric: Bool

    /// A column of texts, aligned left.
    ///
    /// - Parameter heading: the heading.
    /// - Returns: the column.
    package static func text(_ heading: String) -> Column {
      Column(heading: heading, isNumeric: false)
    }

    /// A column of numbers, aligned right.
    ///
    /// - Parameter heading: the heading.
    /// - Returns: the column.
    package static func number(_ heading: String) -> Column {
      Column(heading: heading, isNumeric: true)
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// A table without rows.
  ///
  /// - Parameter columns: the columns from left to right.
  package init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row.
  ///
  /// - Parameter cells: one text for each column.
  package mutating func append(_ cells: [String]) {
    precondition(
      cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
    rows.append(cells.map(DisplayWidth.printable))
  }

  /// The table as lines.
  ///
  /// - Parameters:
  ///   - style: how the headings are decorated.
  ///   - indent: the spaces before each line.
  /// - Returns: the headings, then one line for each row, without spaces at their ends.
  package func lines(style: TerminalStyle = .plain, indent: Int = 0) -> [String] {
    let widths = columns.indices.map { index in
      rows.reduce(DisplayWidth.columns(columns[index].heading)) { widest, row in
        max(widest, DisplayWidth.columns(row[index]))
      }
    }
    let headings = line(columns.map(\.heading), widths: widths, indent: indent, style.bold)
    return [headings] + rows.map { line($0, widths: widths, indent: indent) { $0 } }
  }

  private func line(
    _ cells: [String], widths: [Int], indent: Int, _ decorate: (String) -> String
  ) -> String {
    var result = ""
    var gap = DisplayWidth.spaces(indent)
    for (index, cell) in cells.enumerated() {
      let missing = DisplayWidth.spaces(widths[index] - DisplayWidth.columns(cell))
      // Spaces wait until something follows them, so that no line ends in a space.
      if columns[index].isNumeric { gap += missing }
      if !cell.isEmpty {
        result += gap + decorate(cell)
        gap = ""
      }
      if !columns[index].isNumeric { gap += missing }
      gap += "  "
    }
    return result
  }
}
