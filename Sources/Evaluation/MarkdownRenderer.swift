internal import TerminalOutput

/// Tables as Markdown with pipes (GitHub's flavour).
package struct MarkdownRenderer: Sendable {
  /// A renderer.
  package init() {}

  /// The report: its title, the tables and the notes.
  package func text(_ report: EvaluationReport) -> String {
    var parts = ["# \(Self.escaped(report.options.title))\n"]
    parts += report.tables.map(text)
    if !report.notes.isEmpty {
      parts.append(
        "## Notes\n\n" + report.notes.map { "- \(Self.escaped($0))\n" }.joined())
    }
    return parts.joined(separator: "\n")
  }

  /// One table. The best values of a group are bold.
  package func text(_ table: ReportTable) -> String {
    var result = "## \(Self.escaped(table.title))\n\n"
    result +=
      "| " + table.columns.map { Self.escaped($0.heading) }.joined(separator: " | ") + " |\n"
    result += "|" + table.columns.map { $0.isText ? " :-- |" : " --: |" }.joined() + "\n"
    for group in table.groups {
      if let title = group.title, table.groups.count > 1 {
        result += "| *\(Self.escaped(title))* |"
        result += String(repeating: " |", count: table.columns.count - 1) + "\n"
      }
      for row in group.rows {
        let cells = row.map { cell in
          let text = Self.escaped(cell.text)
          return cell.isBest ? "**\(text)**" : text
        }
        result += "| " + cells.joined(separator: " | ") + " |\n"
      }
    }
    if let caption = table.caption { result += "\n\(Self.escaped(caption))\n" }
    return result
  }

  /// Text in which no character means anything to Markdown.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in DisplayWidth.printable(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
