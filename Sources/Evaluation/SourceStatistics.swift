package import JSON
internal import Records

/// Examples, candidates and mean lengths per source: the published table of the mix.
package struct SourceStatistics: Sendable {
  /// One line of the table.
  package struct Row: Sendable, Equatable {
    /// The source; `Total` for the last line.
    package let source: String
    /// Who wrote the reference answers, where the source is a known collection.
    package let answersBy: String?
    /// The number of examples.
    package let examples: Int
    /// The mean length of instruction and input.
    package let meanInput: Double?
    /// The mean length of the reference answer, over the examples that have one.
    package let meanOutput: Double?
    /// The number of candidates.
    package let candidates: Int
  }

  /// What lengths are counted in: `tokens` or `words`.
  package let unit: String
  private var index = ModelIndex()
  private var counts: [Counts] = []

  private struct Counts: Sendable {
    var input = Tally()
    var output = Tally()
    var candidates = 0

    mutating func add(_ other: Counts) {
      input.add(other.input.sum, count: other.input.count)
      output.add(other.output.sum, count: other.output.count)
      candidates += other.candidates
    }
  }

  /// No examples yet.
  ///
  /// - Parameter unit: what lengths are counted in.
  package init(unit: String) { self.unit = unit }

  /// Counts one example.
  ///
  /// - Parameters:
  ///   - source: the source's name; `nil` when it is unknown.
  ///   - input: the length of instruction and input.
  ///   - output: the length of the reference answer; `nil` when there is none.
  ///   - candidates: the number of candidates.
  package mutating func add(source: String?, input: Int, output: Int?, candidates: Int = 0) {
    let number = index.number(adding: source ?? "unknown")
    if number == counts.count { counts.append(Counts()) }
    counts[number].input.add(Double(input))
    if let output { counts[number].output.add(Double(output)) }
    counts[number].candidates += candidates
  }

  /// The sources, largest first, then the total.
  package var rows: [Row] {
    let order = counts.indices.sorted {
      (-counts[$0].input.count, index.names[$0]) < (-counts[$1].input.count, index.names[$1])
    }
    var total = Counts()
    for count in counts { total.add(count) }
    return order.map { Self.row(index.names[$0], counts[$0]) } + [Self.row("Total", total)]
  }

  private static func row(_ source: String, _ counts: Counts) -> Row {
    Row(
      source: source, answersBy: author(of: Source(rawValue: source)),
      examples: Int(counts.input.count), meanInput: counts.input.mean().value,
      meanOutput: counts.output.mean().value, candidates: counts.candidates)
  }

  /// Source: the table of sources of LLM-Blender's paper.
  private static func author(of source: Source) -> String? {
    switch source {
    case .alpacaGPT4: "GPT-4"
    case .dolly: "people"
    case .gpt4All, .shareGPT: "ChatGPT"
    default: nil
    }
  }

  /// The published table of the mix.
  package var table: ReportTable {
    ReportTable(
      name: "sources", title: "Sources",
      columns: [
        .init("Source", isText: true), .init("Answers by", isText: true), .init("Examples"),
        .init("Input \(unit)"), .init("Output \(unit)"), .init("Candidates"),
      ],
      rows: rows.map { row in
        [
          .text(row.source), .text(row.answersBy ?? ""), .integer(row.examples),
          .number(row.meanInput, decimals: 1), .number(row.meanOutput, decimals: 1),
          .integer(row.candidates),
        ]
      },
      caption: "Lengths are means per example: of instruction and input together, and of the "
        + "reference answer.")
  }

  /// The table in full precision.
  package var json: JSONObject {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    return [
      "unit": .string(unit),
      "sources": .array(
        rows.map { row in
          [
            "source": .string(row.source),
            "answers_by": row.answersBy.map { .string($0) } ?? .null,
            "examples": .integer(Int64(row.examples)), "mean_input": number(row.meanInput),
            "mean_output": number(row.meanOutput),
            "candidates": .integer(Int64(row.candidates)),
          ]
        }),
    ]
  }
}
