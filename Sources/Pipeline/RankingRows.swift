internal import DatasetStore
internal import Evaluation
internal import JSON
internal import SQLite

/// The rankings that rankers wrote, as rows of the tables; those of `aggregate` are made of verdicts.
struct RankingRows {
  private struct Ranking {
    let row: Int64
    let name: String
    let label: String
  }

  private let rankings: [Ranking]
  private let connection: Connection

  /// The rankings of a store.
  ///
  /// - Throws: `SQLiteError`.
  init(_ store: Store) throws {
    connection = try store.makeReader()
    var rankings: [Ranking] = []
    try connection.query("SELECT ranking_id, name, details FROM rankings ORDER BY ranking_id") {
      let details = try? JSONValue(json: $0.text(2)).object
      guard let kind = details?["kind"]?.string, details?["ranker"] != nil else { return }
      let name = $0.text(1)
      rankings.append(
        Ranking(
          row: $0.int64(0), name: name,
          label: Self.label(name, kind: kind, mode: details?["mode"]?.string)))
    }
    self.rankings = rankings
  }

  /// The kind and the mode first, as narrow tables cut what is behind them.
  private static func label(_ name: String, kind: String, mode: String?) -> String {
    guard let mode, mode != "scores" else { return "\(title(ofKind: kind)) (\(name))" }
    let ranker = name.hasSuffix(" " + mode) ? String(name.dropLast(mode.count + 1)) : name
    return "\(title(ofKind: kind)), \(mode) (\(ranker))"
  }

  /// What the published tables call a kind of ranker.
  private static func title(ofKind kind: String) -> String {
    switch kind {
    case "pairranker": "PairRanker"
    case "summareranker": "SummaReranker"
    case "simcls": "SimCLS"
    case "mlm": "MLM-Scoring"
    case "reward": "Reward model"
    case "default": "Default ranker"
    default: "Ranker \(kind)"
    }
  }

  /// What each ranking says of an example whose candidates it ranks all.
  ///
  /// Ranks, not scores, are what is compared: the ranks of max-wins are not those of its published
  /// scores.
  ///
  /// - Parameter candidates: the rows of the candidates.
  /// - Returns: the outcomes.
  /// - Throws: `SQLiteError`.
  func outcomes(of candidates: [Int64]) throws -> [MethodOutcome] {
    guard !rankings.isEmpty, !candidates.isEmpty else { return [] }
    let statement = try connection.prepare(
      "SELECT ranking_id, rank FROM ranks WHERE candidate_id = ?")
    var ranks: [Int64: [Double]] = [:]
    for candidate in candidates {
      try statement.bind(1, candidate)
      while try statement.step() {
        ranks[statement.int64(0), default: []].append(-statement.double(1))
      }
      statement.reset()
    }
    return rankings.compactMap { ranking in
      guard let scores = ranks[ranking.row], scores.count == candidates.count else { return nil }
      return MethodOutcome(method: ranking.name, label: ranking.label, outcome: .scores(scores))
    }
  }
}
