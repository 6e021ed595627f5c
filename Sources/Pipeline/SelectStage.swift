package import DatasetStore
internal import JSON
package import Records
internal import SQLite

/// Chooses the next pairs that are worth judging.
package struct SelectStage {
  /// What makes a pair worth judging.
  package enum Strategy: String, Sendable, CaseIterable {
    /// A ranker's mean logit is near 0, and nobody judged the pair.
    case uncertain
    /// Judges and rankers prefer different candidates of it.
    case conflict
  }

  /// What was chosen.
  package struct Selection: Sendable {
    /// The pairs, the one most worth judging first.
    package let pairs: [SelectedPair]
    /// The number of pairs that were chosen from.
    package let eligible: Int
    /// The ranker whose logits were looked at; `nil` for none.
    package let ranker: String?
  }

  /// How many pairs.
  package var budget: Int
  /// What makes a pair worth judging.
  package var strategy = Strategy.uncertain
  /// The ranker's name among the judges, or the beginning of it; `nil` for the only one.
  package var ranker: String?
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?

  /// A choice of so many pairs.
  package init(budget: Int) { self.budget = budget }

  /// A pair with what it is sorted by.
  private struct Entry {
    let pair: SelectedPair
    /// Pairs are sorted by these numbers, the smallest first, then as they stand in the dataset.
    let keys: (Double, Double)
    let place: Int

    static func precedes(_ left: Entry, _ right: Entry) -> Bool {
      (left.keys.0, left.keys.1, left.place) < (right.keys.0, right.keys.1, right.place)
    }
  }

  /// Chooses.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the pairs.
  /// - Throws: `SQLiteError`, ``StageError/invalid(_:)`` when there is no such ranker.
  package func run(on store: Store, _ context: StageContext) throws -> Selection {
    let names = try JudgeLookup(store)
    let ranker =
      strategy == .uncertain || self.ranker != nil ? try names.ranker(self.ranker) : nil
    var judges: [Int64: Judge] = [:]
    for judge in names.all { judges[judge.row] = judge }
    let reader = try ExampleReader(store, .init(split: split))
    var entries: [Entry] = []
    var eligible = 0
    try reader.forEachExample(context) { stored in
      let usable = Self.usablePairs(of: stored.example)
      let opinions = PairOpinion.opinions(try reader.verdicts(of: stored))
      var order: [[Int]] = []
      var byPair: [[Int]: [PairOpinion]] = [:]
      for opinion in opinions where usable(opinion.a, opinion.b) {
        if byPair[[opinion.a, opinion.b]] == nil { order.append([opinion.a, opinion.b]) }
        byPair[[opinion.a, opinion.b], default: []].append(opinion)
      }
      for pair in order.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        guard let opinions = byPair[pair],
          let entry = entry(
            opinions, stored.example, ranker: ranker, judges: judges, place: eligible)
        else { continue }
        eligible += 1
        entries.append(entry)
      }
      // What can no longer be chosen is not kept.
      if entries.count > 4 * budget + 4096 {
        entries = Array(entries.sorted(by: Entry.precedes).prefix(budget))
      }
    }
    return Selection(
      pairs: entries.sorted(by: Entry.precedes).prefix(budget).map(\.pair), eligible: eligible,
      ranker: ranker?.name)
  }

  /// Whether a judge can be asked about a pair: not when a model is repeated, nor when the texts are the
  /// same.
  private static func usablePairs(of example: Example) -> (Int, Int) -> Bool {
    let names = example.candidates.map { Array($0.model.utf8) }
    let repeated = Set(Dictionary(grouping: names, by: \.self).filter { $1.count > 1 }.keys)
    return { a, b in
      !repeated.contains(names[a]) && !repeated.contains(names[b])
        && !example.candidates[a].text.utf8.elementsEqual(example.candidates[b].text.utf8)
    }
  }

  private func entry(
    _ opinions: [PairOpinion], _ example: Example, ranker: Judge?, judges: [Int64: Judge],
    place: Int
  ) -> Entry? {
    guard let first = opinions.first else { return nil }
    // Labels are made of other verdicts: they are no voice of their own.
    let voices = opinions.filter { judges[$0.judge].map { $0.kind != .derived } ?? false }
    // Without a ranker of choice, the surest one in a conflict.
    let logit =
      ranker.map { ranker in opinions.first { $0.judge == ranker.row }?.logit }
      ?? voices.compactMap(\.logit).max { abs($0) < abs($1) }
    var votes: (a: [String], b: [String], ties: [String]) = ([], [], [])
    let keys: (Double, Double)
    switch strategy {
    case .uncertain:
      let isJudged = voices.contains {
        judges[$0.judge].map { $0.kind != .ranker && $0.kind != .metric } ?? false
      }
      guard let logit, !isJudged else { return nil }
      keys = (abs(logit), 0)
    case .conflict:
      for voice in voices {
        guard let name = judges[voice.judge]?.name else { continue }
        switch voice.verdict {
        case .aIsBetter: votes.a.append(name)
        case .bIsBetter: votes.b.append(name)
        case .sameGood, .sameBad: votes.ties.append(name)
        }
      }
      let minority = min(votes.a.count, votes.b.count)
      guard minority > 0 else { return nil }
      keys = (-Double(minority), -abs(logit ?? 0))
    }
    return Entry(
      pair: SelectedPair(
        id: example.id, modelA: example.candidates[first.a].model,
        modelB: example.candidates[first.b].model, logit: logit, votes: votes),
      keys: keys, place: place)
  }
}
