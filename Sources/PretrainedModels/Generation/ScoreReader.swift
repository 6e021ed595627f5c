internal import Foundation
internal import Synchronization
internal import Tensors

/// Chooses next tokens from the logits of many sequences, on all workers.
struct ScoreReader {
  /// One sequence: its row of logits, its tokens, and how the next one is chosen.
  struct Row: Sendable {
    var tokens: [Int]
    var choice: TokenChoice
  }

  /// What a row gave.
  enum Outcome: Sendable {
    case candidates([TokenCandidate])
    case notFinite
    case noToken
  }

  let processors: [any LogitsProcessor]
  /// Whether processors see log-probabilities rather than logits.
  let usesLogProbabilities: Bool
  let compute: Compute

  /// Reads the rows.
  ///
  /// - Parameters:
  ///   - logits: `[sequences, vocabulary]`; overwritten.
  ///   - rows: the sequences.
  /// - Returns: for each sequence what was chosen, the best one first.
  func read(_ logits: Matrix, _ rows: [Row]) -> [Outcome] {
    let workspace = compute.workspace
    return workspace.scope {
      let sums = workspace.matrix(rows: rows.count, columns: 1)
      compute.logSumExp(logits, into: sums)
      if usesLogProbabilities { compute.logSoftmax(logits, into: logits) }
      var scores = logits
      if !processors.isEmpty {
        scores = workspace.matrix(rows: rows.count, columns: logits.columns)
        compute.copy(logits, into: scores)
      }
      let outcomes = Mutex([Outcome](repeating: .noToken, count: rows.count))
      compute.pool.run(jobs: rows.count) {
        [scores, processors, usesLogProbabilities] index, _ in
        guard sums[index, 0].isFinite else {
          outcomes.withLock { $0[index] = .notFinite }
          return
        }
        let chosen = scores.withMutableRow(index) { span in
          processors.process(&span, after: rows[index].tokens)
          return Self.choose(rows[index].choice, from: span.span)
        }
        // Beams may run into a dead end, a sequence alone may not.
        guard let first = chosen.first, usesLogProbabilities || first.score > -.infinity else {
          return
        }
        let shift = usesLogProbabilities ? 0 : sums[index, 0]
        let candidates = chosen.map {
          TokenCandidate(
            token: $0.index, score: $0.score, logProbability: logits[index, $0.index] - shift)
        }
        outcomes.withLock { $0[index] = .candidates(candidates) }
      }
      return outcomes.withLock { $0 }
    }
  }

  private static func choose(
    _ choice: TokenChoice, from scores: Span<Float>
  ) -> [(score: Float, index: Int)] {
    switch choice {
    case .greatest(let count, let added): greatest(count, of: scores, added: added)
    case .drawn(let number): drawn(number, from: scores).map { [$0] } ?? []
    }
  }

  static func greatest(
    _ count: Int, of scores: Span<Float>, added: Float
  ) -> [(score: Float, index: Int)] {
    var greatest = GreatestScores(count: count)
    for index in scores.indices { greatest.add(scores[index] + added, index) }
    return greatest.sorted
  }

  /// The token in whose share of the softmax a number in 0 ..< 1 falls; nil when all are forbidden.
  static func drawn(_ number: Double, from scores: Span<Float>) -> (score: Float, index: Int)? {
    var top = -Float.infinity
    for index in scores.indices { top = max(top, scores[index]) }
    guard top > -.infinity else { return nil }
    var total: Double = 0
    for index in scores.indices where scores[index] > -.infinity {
      total += Double(exp(scores[index] - top))
    }
    var rest = number * total
    var last: Int?
    for index in scores.indices where scores[index] > -.infinity {
      rest -= Double(exp(scores[index] - top))
      last = index
      if rest < 0 { break }
    }
    return last.map { (scores[$0], $0) }
  }
}
