internal import DatasetStore
internal import Fusion
internal import JSON
internal import Records
internal import SQLite

/// Stores the fusions of a group of examples together, or not at all.
struct FusionWriter {
  /// A fusion that is to be stored.
  struct Fusion {
    /// The example without its fusions.
    let stored: StoredExample
    /// The places of its candidates in the record.
    let places: [Int]
    /// The numbers of those that were fused, the best one first.
    let parents: [Int]
    /// The answer.
    let text: String
    /// What the ranker says of it, when there is one.
    var comparison: FusionRanker.Comparison?
  }

  /// What became of a fusion.
  enum Fate: String {
    case kept
    case empty
    case notBetter = "not better"
  }

  let store: Store
  let run: Int64
  let identity: FuserIdentity
  let rules: FusionRules
  let ranker: FusionRanker?
  /// What the order of the candidates was read from; `nil` for the ranker.
  let order: String?
  /// The row of the ranker among the judges; `nil` for rankers that compare no pairs.
  let judge: Int64?

  /// What the order was read from, for people.
  var orderText: String {
    order.map { $0 == "as they come" ? "candidates \($0)" : "the ranking '\($0)'" }
      ?? "the order of '\(ranker?.identity.name ?? "")'"
  }

  /// Stores fusions, and what the ranker said of their parents.
  ///
  /// - Parameters:
  ///   - fusions: the fusions.
  ///   - examples: the examples of the ledger.
  ///   - ledger: the logits of the candidates' pairs.
  /// - Returns: what became of each fusion.
  /// - Throws: `SQLiteError`.
  func write(
    _ fusions: [Fusion], verdictsOf examples: [StoredExample], _ ledger: RankerLedger
  ) throws -> [Fate] {
    try store.connection.transaction {
      if let judge, !examples.isEmpty {
        for new in ledger.newLogits {
          let rows = examples[new.example].candidateRows
          try add(new.logit, rows[new.first], rows[new.second], examples[new.example].row, judge)
        }
      }
      return try fusions.map(write)
    }
  }

  private func write(_ fusion: Fusion) throws -> Fate {
    let example = fusion.stored.example
    let models = fusion.parents.map { example.candidates[$0].model }
    func refuse(_ rule: String, _ message: String) throws {
      try store.addRefused(
        .init(
          example: fusion.stored.row, id: example.id, margin: fusion.comparison?.margin,
          message: message), rule: rule, run: run)
    }
    if fusion.text.isEmpty {
      try refuse(rules.empty, "the fuser wrote an empty text")
      return .empty
    }
    if let rule = rules.notBetter, let margin = fusion.comparison?.margin, !(margin > 0) {
      try refuse(rule, "'\(models[0])' is preferred to: \(fusion.text)")
      return .notBetter
    }
    var fields = identity.details
    fields["parents"] = .array(models.map { .string($0) })
    fields["parent_positions"] = .array(
      fusion.parents.map { .integer(Int64(fusion.places[$0])) })
    fields["order"] = .string(order ?? ranker?.identity.name ?? "")
    if let ranker, let comparison = fusion.comparison {
      fields["ranker"] = .string(ranker.identity.name)
      fields["margin"] = .double(comparison.margin)
    }
    let row = try store.addCandidate(
      fusion.text, model: identity.name, decodingMethod: identity.decodingMethod,
      fields: [Parents.field: .object(fields)], example: fusion.stored.row)
    if let judge, let logits = fusion.comparison?.logits {
      let parent = fusion.stored.candidateRows[fusion.parents[0]]
      try add(logits.fusionFirst, row, parent, fusion.stored.row, judge)
      try add(logits.parentFirst, parent, row, fusion.stored.row, judge)
    }
    return .kept
  }

  private func add(
    _ logit: Float, _ first: Int64, _ second: Int64, _ example: Int64, _ judge: Int64
  ) throws {
    try store.add(
      NewVerdict(
        example: example, candidateA: first, candidateB: second,
        verdict: RankingWriter.verdict(logit), logit: Double(logit)), judge: judge, run: run)
  }
}
