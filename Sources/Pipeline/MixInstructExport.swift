package import DatasetStore
internal import JSON
internal import RecordFiles
package import Records
internal import SQLite

/// Writes the dataset of a store as MixInstruct records.
package struct MixInstructExport {
  /// Which scores a candidate is written with.
  package enum ScoreChoice: String, Sendable, CaseIterable {
    /// Those it was imported with, completed by computed ones.
    case all
    /// Only those it was imported with.
    case imported
    /// Only computed ones.
    case computed
  }

  /// The part of the dataset; `nil` for all of it.
  package var split: Split?
  /// How `cmp_results` is written; `nil` keeps each record's form.
  package var comparisonForm: Example.ComparisonForm?
  /// Whose verdicts are written; `nil` takes the imported ones, or else those of the only judge.
  package var judge: String?
  /// Which scores are written.
  package var scores = ScoreChoice.all
  /// Whether arrays are indented like the reference's files.
  package var isIndented = false
  /// Whether candidates and verdicts are left out, as in the files of the reference mix.
  package var withoutCandidates = false

  /// An export with the usual options.
  package init() {}

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - path: where to; `-` is standard output.
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``.
  package func run(
    to path: String, from store: Store, _ context: StageContext
  ) throws -> StageSummary {
    let judges = try store.judges().filter { $0.verdicts > 0 }
    let chosen = try chosenJudge(of: judges)
    let scorers = scores == .imported ? [] : try store.scorers().filter { $0.count > 0 }
    let reader = try ExampleReader(store, .init(split: split))
    let scoreReader = scorers.isEmpty ? nil : try store.makeReader()
    let style: JSONWriter.Style = isIndented ? .indented(4) : .compact
    let writer = try RecordFileWriter(
      path: path, arrayStyle: isIndented ? .pythonIndented : .compact)
    let depth = isIndented && writer.layout == .array ? 1 : 0
    let lineStyle: JSONWriter.Style = writer.layout == .array ? style : .compact
    var summary = StageSummary()
    for name in ["examples", "candidates", "verdicts"] { summary[name] = 0 }
    let total = try store.connection.integer(
      "SELECT count(*) FROM examples WHERE ?1 IS NULL OR split = ?1",
      split.map { .text($0.rawValue) } ?? .null)
    var json = JSONWriter(style: lineStyle)
    while var stored = try reader.next() {
      if summary["examples"] % 256 == 0 {
        context.report(.init(done: summary["examples"], total: total.map { Int($0) }))
        if context.isCancelled() {
          writer.abandon()
          summary.wasInterrupted = true
          return summary
        }
      }
      if withoutCandidates {
        stored.example.candidates = []
        stored.example.missingFields.append("candidates")
        stored.example.comparisonForm = nil
        stored.example.additionalFields["cmp_results"] = nil
      } else {
        if let scoreReader {
          for (place, row) in stored.candidateRows.enumerated() {
            let values = try Store.scores(of: row, on: scoreReader)
            guard !values.isEmpty || scores == .computed else { continue }
            stored.example.candidates[place].scores = merged(
              stored.example.candidates[place].scores, values, scorers)
          }
        }
        if let chosen { try addVerdicts(of: chosen, to: &stored, reader) }
      }
      json.bytes.removeAll(keepingCapacity: true)
      json.append(stored.example.json(comparisonForm: comparisonForm), depth: depth)
      try writer.append(json.bytes)
      summary["examples"] += 1
      summary["candidates"] += stored.example.candidates.count
      summary["verdicts"] += stored.example.verdicts.count
    }
    try writer.close()
    let left = judges.filter { $0.row != chosen?.row }
    if !left.isEmpty, !withoutCandidates {
      summary["verdicts not carried"] = left.reduce(0) { $0 + $1.verdicts }
      summary.notes.append(
        "cmp_results holds one verdict per pair: written from '\(chosen?.name ?? "")', left out: "
          + left.map(\.name).joined(separator: ", ") + " (--judge NAME chooses)")
    }
    return summary
  }

  private func chosenJudge(of judges: [Judge]) throws -> Judge? {
    if let judge {
      guard let found = judges.first(where: { $0.name == judge }) else {
        throw StageError.invalid(
          "there is no judge '\(judge)' with verdicts: the store has "
            + (judges.isEmpty ? "none" : judges.map { "'\($0.name)'" }.joined(separator: ", ")))
      }
      return found
    }
    return judges.first { $0.kind == .imported } ?? judges.max { $0.verdicts < $1.verdicts }
  }

  private func addVerdicts(
    of judge: Judge, to stored: inout StoredExample, _ reader: ExampleReader
  ) throws {
    let candidates = stored.example.candidates
    for verdict in try reader.verdicts(of: stored) where verdict.judge == judge.row {
      guard let said = verdict.verdict else { continue }
      stored.example.verdicts.append(
        PairVerdict(
          modelA: candidates[verdict.candidateA].model,
          modelB: candidates[verdict.candidateB].model, verdict: said))
    }
    if self.judge != nil, judge.kind != .imported {
      stored.example.additionalFields["cmp_results"] = nil
    }
  }

  private func merged(
    _ imported: JSONObject?, _ values: [Int64: Double],
    _ scorers: [(row: Int64, metric: String, signature: String, count: Int)]
  ) -> JSONObject? {
    var object = scores == .computed ? [:] : imported ?? [:]
    for scorer in scorers {
      guard let value = values[scorer.row], scores == .computed || object[scorer.metric] == nil
      else { continue }
      object[scorer.metric] = .double(value)
    }
    return object
  }
}
