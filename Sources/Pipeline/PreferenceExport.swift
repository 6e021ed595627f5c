package import DatasetStore
package import Evaluation
package import Exporting
internal import JSON
internal import Judging
package import RecordFiles
package import Records
internal import SQLite

/// Writes the dataset of a store in the preference formats of other tools.
package struct PreferenceExport {
  /// What orders the candidates of an example.
  package enum Order: Sendable, Equatable {
    /// Max-logits scores of the verdicts: GPT-Rank.
    case gptRank
    /// The verdicts themselves, one pair for each decided pair of candidates.
    case verdicts
    /// A metric, computed or imported.
    case metric(String)
  }

  /// The format.
  package var format: ExportFormat
  /// What orders the candidates.
  package var order = Order.gptRank
  /// Which pairs are made of an order.
  package var binarizer = PairBinarizer()
  /// Which answer formats with one answer get.
  package var answer = Exporter.Answer.reference
  /// Which pairs become tasks for people.
  package var tasks = Exporter.TaskChoice.judged
  /// A file of the only pairs that become tasks, as `select` writes it.
  package var pairsFile: String?
  /// The part of the dataset; `nil` for all of it.
  package var split: Split?
  /// Whose verdicts count.
  package var selection = JudgeSelection()
  /// What ties are worth where verdicts order the candidates.
  package var ties = TiePolicy.reference

  /// An export in a format.
  package init(format: ExportFormat) { self.format = format }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - path: where to; `-` is standard output.
  ///   - store: the store.
  ///   - context: who runs it.
  ///   - losses: receives what could not be carried.
  ///   - close: puts the complete file in its place, or keeps it until others are complete.
  /// - Returns: the counts.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``.
  package func run(
    to path: String, from store: Store, _ context: StageContext, losses: inout LossCounts,
    close: (RecordFileWriter) throws -> Void = { try $0.close() }
  ) throws -> StageSummary {
    let judges = try Judges(store, selection)
    let exporter = Exporter(
      format: format, pairSource: order == .verdicts ? .verdicts : .scores(binarizer),
      answer: answer, tasks: tasks, seed: binarizer.seed)
    let scorers = try scorers(of: store)
    let reader = try ExampleReader(store, .init(split: split))
    let lookup = try store.makeReader()
    let writer = try RecordFileWriter(path: path)
    var summary = StageSummary()
    summary["examples"] = 0
    summary["records"] = 0
    let list = try pairsFile.map { try PairListFile.read($0, for: store) }
    while let stored = try reader.next() {
      if let list, !list.names(stored.example.id) { continue }
      summary["examples"] += 1
      if summary["examples"] % 256 == 0 {
        context.report(.init(done: summary["examples"]))
        // The writer leaves nothing behind when it is not closed.
        try context.stopIfCancelled("\(writer.file) is not written")
      }
      let verdicts = try reader.verdicts(of: stored)
      let said = judges.attributedVerdicts(verdicts, of: stored.example)
      let exported = exporter.export(
        ExportInput(
          example: stored.example,
          scores: try scores(
            of: stored, judges.pairVerdicts(verdicts, of: stored.example), scorers, lookup),
          judgements: said, pairs: list.map { Self.pairs(of: stored.example, in: $0) }))
      losses.add(exported.losses)
      for record in exported.records {
        var json = JSONWriter()
        json.append(record)
        try writer.append(json.bytes)
        summary["records"] += 1
      }
    }
    try close(writer)
    return summary
  }

  private static func pairs(of example: Example, in list: PairList) -> [ExportInput.Pair] {
    let models = example.candidates.map(\.model)
    return models.indices.flatMap { low in
      models.indices.dropFirst(low + 1).compactMap { high in
        list.contains(id: example.id, models[low], models[high])
          ? ExportInput.Pair(low, high) : nil
      }
    }
  }

  private func scorers(of store: Store) throws -> [Int64] {
    guard case .metric(let name) = order else { return [] }
    let known = try store.scorers().filter { $0.count > 0 }
    let rows = known.filter { $0.metric == name }.map(\.row)
    if rows.isEmpty {
      let isImported =
        try store.connection.integer(
          "SELECT 1 FROM candidates c, json_each(c.scores) j WHERE j.key = ? LIMIT 1", .text(name))
        != nil
      guard isImported else {
        throw StageError.invalid(
          "there are no scores of '\(name)': expected gpt-rank, verdicts, or a metric of the store"
            + (known.isEmpty ? "" : ": " + known.map(\.metric).joined(separator: ", ")))
      }
    }
    return rows
  }

  private func scores(
    of stored: StoredExample, _ said: (verdicts: [PairVerdict], weights: [Double]?),
    _ scorers: [Int64], _ lookup: Connection
  ) throws -> CandidateScores? {
    switch order {
    case .verdicts: return nil
    case .gptRank:
      guard !said.verdicts.isEmpty else { return nil }
      let result = AggregationPolicy.maxLogits.aggregate(
        models: stored.example.candidates.map(\.model), verdicts: said.verdicts,
        weights: said.weights, ties: ties)
      return CandidateScores(source: "gpt-rank", values: result.scores.map { $0 })
    case .metric(let name):
      let values = try stored.candidateRows.enumerated().map { place, row -> Double? in
        let computed = scorers.isEmpty ? [:] : try Store.scores(of: row, on: lookup)
        return scorers.compactMap { computed[$0] }.first
          ?? stored.example.candidates[place].score(name)
      }
      return CandidateScores(source: name, values: values)
    }
  }
}
