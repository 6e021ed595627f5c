internal import JSON
internal import Records

extension DatasetCard {
  /// The card's text: YAML front matter for the Hub, then Markdown.
  package var text: String {
    ["---\n" + frontMatter.joined(separator: "\n") + "\n---", "# \(title)", summary]
      .joined(separator: "\n\n") + sections + "\n"
  }

  // MARK: Front matter

  private var frontMatter: [String] {
    var lines: [String] = []
    let licenses = Array(Set(origins.map { HubLicense.name(of: $0.license) })).sorted()
    lines += Self.list("license", licenses.isEmpty ? ["unknown"] : licenses)
    let others = Set(
      origins.filter { HubLicense.name(of: $0.license) == "other" }.compactMap(\.license))
    if !others.isEmpty {
      lines.append("license_name: " + Self.scalar(others.sorted().joined(separator: ", ")))
    }
    if !languages.isEmpty { lines += Self.list("language", languages) }
    lines.append("pretty_name: " + Self.scalar(title))
    lines += Self.list("size_categories", [sizeCategory])
    if !taskCategories.isEmpty { lines += Self.list("task_categories", taskCategories) }
    if !tags.isEmpty { lines += Self.list("tags", tags) }
    if !files.isEmpty {
      lines += ["configs:", "- config_name: default", "  data_files:"]
      for split in Split.allCases {
        let paths = files.filter { $0.split ?? .train == split }.map { Self.scalar($0.path) }
        guard !paths.isEmpty else { continue }
        lines.append("  - split: \(Self.hubName(of: split))")
        if paths.count == 1 {
          lines.append("    path: \(paths[0])")
        } else {
          lines.append("    path:")
          lines += paths.map { "    - \($0)" }
        }
      }
    }
    return lines
  }

  private static func list(_ key: String, _ values: [String]) -> [String] {
    values.count == 1 && key == "license"
      ? ["\(key): \(scalar(values[0]))"] : ["\(key):"] + values.map { "- \(scalar($0))" }
  }

  /// The Hub's viewer knows the split as `validation`.
  private static func hubName(of split: Split?) -> String {
    switch split ?? .train {
    case .train: "train"
    case .dev: "validation"
    case .test: "test"
    }
  }

  /// The Hub's bucket for the number of records.
  private var sizeCategory: String {
    let count = files.reduce(0) { $0 + $1.count }
    let names = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"]
    var (limit, previous) = (1000, "")
    for name in names {
      if count < limit { return previous.isEmpty ? "n<\(name)" : "\(previous)<n<\(name)" }
      previous = name
      limit *= 10
    }
    return "n>1T"
  }

  /// A YAML scalar: plain where no reader can take it for anything but this text, else in quotes.
  private static func scalar(_ text: String) -> String {
    let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
    let isPlain = text.utf8.allSatisfy {
      (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
        || "._/+- ".utf8.contains($0)
    }
    let isLetterFirst = text.utf8.first.map { (65...90).contains($0) || (97...122).contains($0) }
    if isPlain, isLetterFirst == true, text.utf8.last != 0x20, !words.contains(text.lowercased()) {
      return text
    }
    return JSONValue.string(text).json()
  }

  // MARK: Sections

  private var sections: String {
    var parts: [(String, String)] = [
      (
        "Files",
        Self.table(
          ["Split", "File", "Records"],
          files.map { [Self.hubName(of: $0.split), "`\($0.path)`", "\($0.count)"] })
      )
    ]
    if !origins.isEmpty {
      let rows = origins.map { [$0.name, "\($0.count)", $0.license ?? "unknown"] }
      parts.append(
        (
          "Sources",
          "Each source keeps its own licence.\n\n"
            + Self.table(["Source", "Examples", "Licence"], rows)
        ))
    }
    if !models.isEmpty {
      let rows = models.map { [$0.name, "\($0.count)"] }
      parts.append(("Models", Self.table(["Model", "Candidates"], rows)))
    }
    let judged =
      judging.isEmpty ? "Nothing was judged." : judging.map { "- \($0)" }.joined(separator: "\n")
    parts.append(("How it was judged", judged))
    parts.append(
      (
        "Fields",
        Self.table(
          ["Field", "Type", "Meaning"], fields.map { ["`\($0.name)`", $0.type, $0.meaning] })
      ))
    if !losses.counts.isEmpty {
      let rows = losses.sorted.map {
        [
          $0.reason.rawValue, "\($0.count)", "\($0.examples)", $0.reason.effect,
        ]
      }
      parts.append(
        (
          "What the format does not carry",
          Self.table(["Reason", "Count", "Examples", "Effect"], rows)
        ))
    }
    let block = commands.map { "    " + $0 }.joined(separator: "\n")
    parts.append(("How to rebuild", "\(Self.origin)\(programVersion):\n\n\(block)"))
    return parts.map { "\n\n## \($0.0)\n\n\($0.1)" }.joined()
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
      let escaped = cells.map { cell in
        cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
      }
      return "| " + escaped.joined(separator: " | ") + " |"
    }
    return ([line(header), line(header.map { _ in "---" })] + rows.map(line)).joined(
      separator: "\n")
  }
}
