/// A table as comma-separated values with full precision.
///
/// Source: RFC 4180, with line feeds. Numbers are unscaled; a column with counts is followed by one
/// named `… n`.
package struct CSVRenderer: Sendable {
  /// A renderer.
  package init() {}

  /// One table; where it has several groups, their names are the first column.
  package func text(_ table: ReportTable) -> String {
    let hasGroups = table.groups.count > 1
    let rows = table.groups.flatMap(\.rows)
    let hasCounts = table.columns.indices.map { column in
      rows.contains { $0[column].count != nil }
    }
    var header = hasGroups ? ["Group"] : []
    for (position, column) in table.columns.enumerated() {
      header.append(column.title)
      if hasCounts[position] { header.append(column.title + " n") }
    }
    var result = Self.line(header)
    for group in table.groups {
      for row in group.rows {
        var fields = hasGroups ? [group.title ?? ""] : []
        for (position, cell) in row.enumerated() {
          if table.columns[position].isText {
            fields.append(cell.text)
          } else {
            fields.append(cell.number.map(Self.number) ?? "")
          }
          if hasCounts[position] { fields.append(cell.count.map(Self.number) ?? "") }
        }
        result += Self.line(fields)
      }
    }
    return result
  }

  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      let special: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D]
      guard
        field.utf8.contains(where: { special.contains($0) })
          || field.utf8.first == 0x20 || field.utf8.last == 0x20
      else { return field }
      var quoted = "\""
      for scalar in field.unicodeScalars {
        if scalar == "\"" { quoted += "\"" }
        quoted.unicodeScalars.append(scalar)
      }
      return quoted + "\""
    }.joined(separator: ",") + "\n"
  }
}
