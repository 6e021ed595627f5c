internal import DatasetStore
internal import Records
internal import Reranking

/// The logits of a ranker on some examples: those of the ledger, and those that are new.
struct RankerLedger {
  /// A verdict that is to be stored.
  typealias NewLogit = (example: Int, first: Int, second: Int, logit: Float)

  /// What is known of each example, equal texts included.
  private(set) var matrices: [ComparisonMatrix]
  /// What is to be stored, in the order in which it was asked for.
  private(set) var newLogits: [NewLogit] = []
  /// How many pairs that were asked for were in the ledger already.
  private(set) var reusedCount = 0
  /// The number of each candidate's text, so that equal texts are compared once.
  private let texts: [[Int]]
  private var stored: [Set<RankingMode.Pair>]
  private var asked: [Set<RankingMode.Pair>]

  /// How many pairs were computed; equal texts share one.
  private(set) var computedCount = 0

  /// Takes the verdicts of the ledger.
  init(_ examples: [(stored: StoredExample, verdicts: [StoredVerdict])]) {
    texts = examples.map { example, _ in
      var numbers: [[UInt8]: Int] = [:]
      return example.example.candidates.map { candidate in
        let key = Array(candidate.text.utf8)
        let number = numbers[key] ?? numbers.count
        numbers[key] = number
        return number
      }
    }
    matrices = examples.map { ComparisonMatrix(count: $0.stored.candidateRows.count) }
    stored = examples.map { _ in [] }
    asked = stored
    for (number, (_, verdicts)) in examples.enumerated() {
      for verdict in verdicts {
        guard let logit = verdict.logit else { continue }
        let pair = RankingMode.Pair(verdict.candidateA, verdict.candidateB)
        stored[number].insert(pair)
        learn(number, pair, Float(logit))
      }
    }
  }

  /// Those pairs that must be computed.
  func missing(of requests: [PairRanker.Request]) -> [PairRanker.Request] {
    requests.filter {
      matrices[$0.input][first: $0.first, second: $0.second] == nil
    }
  }

  /// Takes computed logits.
  ///
  /// - Parameter logits: the pairs with their logits.
  /// - Returns: how many were computed; equal texts share one.
  mutating func add(_ logits: some Sequence<(PairRanker.Request, Float)>) -> Int {
    let before = computedCount
    for (request, logit) in logits
    where matrices[request.input][first: request.first, second: request.second] == nil {
      computedCount += 1
      learn(request.input, RankingMode.Pair(request.first, request.second), logit)
    }
    return computedCount - before
  }

  /// The logits of pairs that are all known; marks those that are not in the ledger for it.
  mutating func answer(_ requests: [PairRanker.Request]) -> [Float] {
    requests.map { request in
      let pair = RankingMode.Pair(request.first, request.second)
      let logit = matrices[request.input][first: request.first, second: request.second] ?? .nan
      if asked[request.input].insert(pair).inserted {
        if stored[request.input].contains(pair) {
          reusedCount += 1
        } else {
          newLogits.append((request.input, request.first, request.second, logit))
        }
      }
      return logit
    }
  }

  /// A logit holds for all candidates of the same two texts.
  private mutating func learn(_ example: Int, _ pair: RankingMode.Pair, _ logit: Float) {
    let numbers = texts[example]
    for first in numbers.indices where numbers[first] == numbers[pair.first] {
      for second in numbers.indices
      where first != second && numbers[second] == numbers[pair.second] {
        matrices[example][first: first, second: second] = logit
      }
    }
  }
}
