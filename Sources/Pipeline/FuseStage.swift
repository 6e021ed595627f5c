package import DatasetStore
package import Fusion
internal import JSON
package import Records
internal import Reranking
internal import SQLite

/// Writes an answer out of the best candidates of each example, and keeps it as one more candidate.
///
/// Examples are worked on in groups that depend on the dataset alone, and each group is stored in one
/// transaction: what a killed run has left is what an undisturbed one has at that point.
package struct FuseStage {
  /// The fuser.
  let fuser: GenFuser
  /// Who it is.
  let identity: FuserIdentity
  /// How many candidates it reads.
  let topCount: Int
  /// The ranking that says which candidates are the best; `nil` for the ranker, or the latest one.
  package var ranking: String?
  /// Orders the candidates where no ranking is named, and compares fusions with their best parent.
  package var ranker: FusionRanker?
  /// Whether a fusion is kept only when the ranker prefers it to its best parent.
  package var keepsOnlyBetter = false
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?

  private static let examplesPerGroup = 16

  /// A stage that keeps every fusion.
  ///
  /// - Parameters:
  ///   - fuser: the fuser.
  ///   - identity: who it is.
  ///   - topCount: how many candidates it reads.
  package init(_ fuser: GenFuser, _ identity: FuserIdentity, topCount: Int) {
    self.fuser = fuser
    self.identity = identity
    self.topCount = topCount
  }

  private static let remainder = "what was finished is kept"

  /// Fuses.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts and the report.
  /// - Throws: `SQLiteError`, ``StageError``, `TokenizerError`, `ModelInputError`.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      let order = try order(in: store)
      let rules = FusionRules(identity, ranker: keepsOnlyBetter ? ranker : nil)
      let writer = FusionWriter(
        store: store, run: run, identity: identity, rules: rules, ranker: ranker,
        order: order?.name ?? (ranker == nil ? "as they come" : nil),
        judge: try ranker.flatMap { ranker in
          guard case .pairwise = ranker.ranker else { return nil }
          return try store.judgeRow(
            ranker.identity.name, kind: .ranker, details: ranker.identity.details)
        })
      let refused = try rules.all.reduce(into: Set<Int64>()) {
        $0.formUnion(try store.refusedFusions(rule: $1).keys)
      }
      var summary = StageSummary()
      for name in ["examples", "fused", "known", "kept"] { summary[name] = 0 }
      let total = try store.connection.integer(
        "SELECT count(*) FROM examples WHERE ?1 IS NULL OR split = ?1",
        split.map { .text($0.rawValue) } ?? .null)
      var position: Int64 = -1
      do {
        context.report(.init(done: 0, total: total.map { Int($0) }))
        while true {
          let group = try nextGroup(of: store, after: position)
          guard let last = group.last else { break }
          position = last.position
          try fuse(group, writer, order, refused, &summary, context)
          context.report(.init(done: summary["examples"], total: total.map { Int($0) }))
          try context.stopIfCancelled(Self.remainder)
        }
      } catch let error as StageError where error.isStop {
        summary.wasInterrupted = true
      }
      summary.details["model"] = .string(identity.name)
      let report = try FusionReport(
        store, identity, rules, ranker: ranker?.identity.name, split: split)
      summary.notes.append("kept as candidates of '\(identity.name)', from \(writer.orderText)")
      summary.notes += report.notes
      summary.details["report"] = .object(report.json)
      return summary
    }
  }

  /// The ranking that the order is read from; `nil` when the ranker or the record says it.
  private func order(in store: Store) throws -> (row: Int64, name: String)? {
    let rankings = try store.rankings()
    guard let ranking else { return ranker == nil ? rankings.last : nil }
    guard let found = rankings.first(where: { $0.name.utf8.elementsEqual(ranking.utf8) }) else {
      throw StageError.invalid(
        "there is no ranking '\(ranking)': the store has "
          + (rankings.isEmpty ? "none" : rankings.map { "'\($0.name)'" }.joined(separator: ", ")))
    }
    return found
  }

  // MARK: - Groups

  private struct Item {
    /// The example as it is stored.
    let stored: StoredExample
    /// The example without its fusions, with the places of its candidates.
    let parentsOnly: StoredExample
    let places: [Int]
    let verdicts: [StoredVerdict]
    let position: Int64
  }

  private func nextGroup(of store: Store, after position: Int64) throws -> [Item] {
    let reader = try ExampleReader(store, .init(split: split, after: position))
    var group: [Item] = []
    while group.count < Self.examplesPerGroup, let stored = try reader.next() {
      let places = stored.example.candidates.indices.filter {
        !Parents.isFusion(stored.example.candidates[$0])
      }
      var own = stored
      own.example.candidates = places.map { stored.example.candidates[$0] }
      own.candidateRows = places.map { stored.candidateRows[$0] }
      group.append(
        Item(
          stored: stored, parentsOnly: own, places: places,
          verdicts: ranker == nil ? [] : try reader.verdicts(of: own),
          position: reader.position))
    }
    return group
  }

  private func fuse(
    _ group: [Item], _ writer: FusionWriter, _ order: (row: Int64, name: String)?,
    _ refused: Set<Int64>, _ summary: inout StageSummary, _ context: StageContext
  ) throws {
    func stop() throws { try context.stopIfCancelled(Self.remainder) }
    summary["examples"] += group.count
    var open: [Item] = []
    for item in group {
      if try isKnown(item.stored) || refused.contains(item.stored.row) {
        summary["known"] += 1
      } else if item.places.isEmpty {
        summary["without candidates"] += 1
      } else {
        open.append(item)
      }
    }
    var ledger = RankerLedger(
      open.map { item in
        (item.parentsOnly, item.verdicts.filter { $0.judge == writer.judge })
      })
    var ranks: [[Int?]?] = open.map { _ in nil }
    if let order {
      let all = try open.map { item in
        try item.parentsOnly.candidateRows.map {
          try writer.store.rank(of: $0, in: order.row)?.rank
        }
      }
      let ranked = all.indices.filter { number in all[number].contains { $0 != nil } }
      if ranked.count < open.count { summary["not ranked"] += open.count - ranked.count }
      open = ranked.map { open[$0] }
      ranks = ranked.map { all[$0] }
    } else if let ranker {
      ranks = try ranker.ranks(of: open.map(\.parentsOnly), &ledger, observe: stop)
        .map { $0.map { .some($0) } }
    }
    guard !open.isEmpty else { return }
    let parents = zip(open, ranks).map { item, ranks in
      Parents.best(of: item.parentsOnly.example, topCount, by: ranks)
    }
    let outcomes = try fuser.fuse(
      zip(open, parents).map { FusionInput($0.parentsOnly.example, parents: $1) })
    var fusions: [FusionWriter.Fusion] = []
    for (number, outcome) in outcomes.enumerated() {
      switch outcome {
      case .failure(let error):
        summary["failed"] += 1
        context.note(
          Diagnostic(
            recordID: open[number].stored.example.id, rule: "not-fused",
            message: error.description))
      case .success(let fused):
        summary["fused"] += 1
        fusions.append(
          .init(
            stored: open[number].parentsOnly, places: open[number].places,
            parents: parents[number], text: fused.text))
      }
    }
    try compare(&fusions, stop)
    let fates = try writer.write(
      fusions, verdictsOf: order == nil ? open.map(\.parentsOnly) : [], ledger)
    for fate in fates { summary[fate.rawValue] += 1 }
  }

  /// Whether the fuser's answer is there; another answer of its name must not pass for it.
  private func isKnown(_ stored: StoredExample) throws -> Bool {
    var hasName = false
    for candidate in stored.example.candidates {
      let fusion = candidate.additionalFields[Parents.field]
      if fusion?["signature"]?.string == identity.signature { return true }
      if candidate.model.utf8.elementsEqual(identity.name.utf8) { hasName = true }
    }
    guard !hasName else {
      throw StageError.invalid(
        "the record '\(stored.example.id)' has a candidate of '\(identity.name)' that was made "
          + "otherwise: give another --name")
    }
    return false
  }

  private func compare(
    _ fusions: inout [FusionWriter.Fusion], _ observe: () throws -> Void
  ) throws {
    guard let ranker else { return }
    let places = fusions.indices.filter { !fusions[$0].text.isEmpty }
    let pairs = places.map { number in
      let fusion = fusions[number]
      return (
        source: RankingInput(fusion.stored.example).source, fusion: fusion.text,
        parent: fusion.stored.example.candidates[fusion.parents[0]].text
      )
    }
    for (place, result) in zip(places, try ranker.compare(pairs, observe: observe)) {
      fusions[place].comparison = result
    }
  }
}
