package import DatasetStore
internal import Evaluation
internal import Records

/// Compares the judges of a store with a ranker, with people, or with one another.
///
/// The unit is the pair of candidates: what a judge says of it in both orders is combined by the mean.
package struct JudgeComparisonStage {
  /// Whom the others are compared with: `ranker`, `judge`, `human` or a judge's name.
  package var reference: String
  /// A ranker's mean logit within it is a tie, "Same good".
  package var margin = 0.0
  /// How many suspicious judgments are listed.
  package var listed = 20

  /// A comparison with some judges.
  package init(against reference: String) { self.reference = reference }

  /// A suspicious judgment with what it is sorted by.
  private struct Entry {
    let suspicion: JudgeComparison.Suspicion
    let place: Int

    static func precedes(_ left: Entry, _ right: Entry) -> Bool {
      left.keys < right.keys
    }

    /// The surest ranker first, an opposite winner before a tie, then the order of the dataset.
    private var keys: (Double, Int, Int) {
      (
        -abs(suspicion.logit ?? 0),
        suspicion.verdict.isTie || suspicion.otherVerdict.isTie ? 1 : 0, place
      )
    }
  }

  /// Compares.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: agreements, the judges' habits, and suspicious judgments.
  /// - Throws: `SQLiteError`, ``StageError/invalid(_:)`` when there is nobody to compare.
  package func run(on store: Store, _ context: StageContext) throws -> JudgeComparison {
    let names = try JudgeLookup(store)
    let references = try names.judges(reference)
    let others = names.all.filter { judge in !references.contains { $0.row == judge.row } }
    guard !others.isEmpty else {
      throw StageError.invalid(
        "nobody to compare with \(references.map { "'\($0.name)'" }.joined(separator: ", ")): "
          + "nobody else has verdicts")
    }
    var agreements = references.map { reference in
      others.map { JudgeAgreement(first: reference.name, second: $0.name) }
    }
    var qualities = JudgeQualityAccumulator()
    var entries: [Entry] = []
    var count = 0
    var examples = 0
    let reader = try ExampleReader(store)
    try reader.forEachExample(context) { stored in
      examples += 1
      let verdicts = try reader.verdicts(of: stored)
      guard !verdicts.isEmpty else { return }
      qualities.add(Self.judgments(verdicts, of: stored.example, names))
      var pairs: [[Int]] = []
      var byPair: [[Int]: [Int64: PairOpinion]] = [:]
      for opinion in PairOpinion.opinions(verdicts, margin: margin) {
        if byPair[[opinion.a, opinion.b]] == nil { pairs.append([opinion.a, opinion.b]) }
        byPair[[opinion.a, opinion.b], default: [:]][opinion.judge] = opinion
      }
      for pair in pairs.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        guard let opinions = byPair[pair] else { continue }
        for (row, reference) in references.enumerated() {
          guard let own = opinions[reference.row] else { continue }
          for (column, other) in others.enumerated() {
            guard let opinion = opinions[other.row] else { continue }
            agreements[row][column].add(own.verdict, opinion.verdict)
            guard
              let suspicion = Self.suspicion(
                of: opinion, by: other, against: own, by: reference, opinions, names,
                stored.example)
            else { continue }
            entries.append(Entry(suspicion: suspicion, place: count))
            count += 1
          }
        }
      }
      // What can no longer be listed is not kept.
      if entries.count > 4 * listed + 4096 {
        entries = Array(entries.sorted(by: Entry.precedes).prefix(listed))
      }
    }
    return JudgeComparison(
      examples: examples, agreements: agreements.flatMap(\.self).filter { $0.total > 0 },
      judges: qualities.judges,
      suspicions: entries.sorted(by: Entry.precedes).prefix(listed).map(\.suspicion),
      suspicionCount: count)
  }

  private static func judgments(
    _ verdicts: [StoredVerdict], of example: Example, _ names: JudgeLookup
  ) -> EvaluatedExample {
    let candidates = example.candidates
    return EvaluatedExample(
      id: example.id, models: candidates.map(\.model),
      judgments: verdicts.compactMap { verdict in
        names.all.first { $0.row == verdict.judge }.map {
          Judgment(
            judge: $0.name, shownFirst: candidates[verdict.candidateA].model,
            shownSecond: candidates[verdict.candidateB].model, verdict: verdict.verdict)
        }
      }, lengths: candidates.map { $0.text.unicodeScalars.count })
  }

  /// A judgment is suspicious when the other one names a winner and it does not name the same one, or,
  /// where people or judges are the measure, when the two differ at all.
  private static func suspicion(
    of opinion: PairOpinion, by judge: Judge, against own: PairOpinion, by reference: Judge,
    _ opinions: [Int64: PairOpinion], _ names: JudgeLookup, _ example: Example
  ) -> JudgeComparison.Suspicion? {
    guard opinion.verdict != own.verdict else { return nil }
    var logit = own.logit
    if reference.kind == .ranker {
      guard !own.verdict.isTie else { return nil }
    } else {
      logit = nil
      for ranker in names.all where ranker.kind == .ranker && ranker.row != judge.row {
        guard let other = opinions[ranker.row], let own = other.logit, !other.verdict.isTie,
          other.verdict != opinion.verdict, abs(own) > abs(logit ?? 0)
        else { continue }
        logit = own
      }
    }
    return JudgeComparison.Suspicion(
      id: example.id, modelA: example.candidates[own.a].model,
      modelB: example.candidates[own.b].model, judge: judge.name, verdict: opinion.verdict,
      other: reference.name, otherVerdict: own.verdict, logit: logit)
  }
}
