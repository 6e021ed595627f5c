package import DatasetStore
internal import JSON
internal import Judging
package import RecordFiles
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
  /// Whose verdicts are written; `nil` takes the imported ones, or else those of the judge with the
  /// most, rankers left out.
  package var judge: String?
  /// Which scores are written.
  package var scores = ScoreChoice.all
  /// Whether arrays are indented like the reference's files.
  package var isIndented = false
  /// Whether candidates and verdicts are left out, as in the files of the reference mix.
  package var withoutCandidates = false
  /// Whether the fields `source` and `license` are written, which MixInstruct does not have.
  package var withProvenance = false

  /// An export with the usual options.
  package init() {}

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - path: where to; `-` is standard output.
  ///   - store: the store.
  ///   - context: who runs it.
  ///   - close: puts the complete file in its place, or keeps it until others are complete.
  /// - Returns: the counts.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``.
  package func run(
    to path: String, from store: Store, _ context: StageContext,
    close: (RecordFileWriter) throws -> Void = { try $0.close() }
  ) throws -> StageSummary {
    let judges = try store.judges().filter { $0.verdicts > 0 }
    let chosen = try chosenJudge(of: judges)
    // Ties of equal texts stand in for the verdicts that a prompted judge was not asked for.
    let ties = chosen?.kind == .llm ? judges.first { $0.name == DerivedVerdict.judge } : nil
    let scorers = scores == .imported ? [] : try store.scorers().filter { $0.count > 0 }
    let batches = ExampleBatch.reading(
      store, .init(split: split), withScores: !scorers.isEmpty && !withoutCandidates,
      withVerdicts: chosen != nil && !withoutCandidates)
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
    while let batch = try batches.next(orWhen: context.isCancelled) {
      if context.isCancelled() { break }
      context.report(.init(done: summary["examples"], total: total.map { Int($0) }))
      for item in batch.items {
        let example = prepared(item, judge: chosen, ties: ties, scorers)
        json.bytes.removeAll(keepingCapacity: true)
        json.append(example.json(comparisonForm: comparisonForm), depth: depth)
        try writer.append(json.bytes)
        summary["examples"] += 1
        summary["candidates"] += example.candidates.count
        summary["verdicts"] += example.verdicts.count
      }
    }
    // The writer leaves nothing behind when it is not closed.
    try context.stopIfCancelled("\(writer.file) is not written")
    try close(writer)
    let left = judges.filter { $0.row != chosen?.row && $0.row != ties?.row }
    if !left.isEmpty, !withoutCandidates {
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
    // A ranker compares everything: its verdicts would push those of judges aside.
    return judges.first { $0.kind == .imported }
      ?? judges.filter { $0.kind != .ranker }.max { $0.verdicts < $1.verdicts }
  }

  /// The record as it is to be written.
  private func prepared(
    _ item: ExampleBatch.Item, judge: Judge?, ties: Judge?, _ scorers: [Store.Scorer]
  ) -> Example {
    var example = item.stored.example
    if withProvenance {
      for (name, value) in [("source", item.stored.source), ("license", item.stored.license)] {
        // A record that was imported with such a field keeps it.
        guard let value, example.additionalFields[name] == nil else { continue }
        example.additionalFields[name] = .string(value)
      }
    }
    if withoutCandidates {
      example.candidates = []
      example.missingFields.append("candidates")
      example.comparisonForm = nil
      example.additionalFields["cmp_results"] = nil
      return example
    }
    for place in example.candidates.indices {
      let values = item.scores.isEmpty ? [:] : item.scores[place]
      guard !values.isEmpty || scores == .computed else { continue }
      example.candidates[place].scores = merged(example.candidates[place].scores, values, scorers)
    }
    guard let judge else { return example }
    let models = example.candidates.map(\.model)
    var judged: Set<[Int]> = []
    for verdict in item.verdicts where verdict.judge == judge.row && ties != nil {
      judged.insert([
        min(verdict.candidateA, verdict.candidateB), max(verdict.candidateA, verdict.candidateB),
      ])
    }
    for verdict in item.verdicts {
      let isTie = verdict.judge == ties?.row
      guard let said = verdict.verdict, verdict.judge == judge.row || isTie,
        !isTie || !judged.contains([verdict.candidateA, verdict.candidateB])
      else { continue }
      example.verdicts.append(
        PairVerdict(
          modelA: models[verdict.candidateA], modelB: models[verdict.candidateB], verdict: said))
    }
    if self.judge != nil, judge.kind != .imported { example.additionalFields["cmp_results"] = nil }
    return example
  }

  private func merged(
    _ imported: JSONObject?, _ values: [Int64: Double], _ scorers: [Store.Scorer]
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
