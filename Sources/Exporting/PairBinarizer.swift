internal import Hashing
package import Records

/// Makes preference pairs of an example from scores or from verdicts.
package struct PairBinarizer: Sendable, Equatable {
  /// The policy for scores.
  package let policy: Binarization
  /// The least difference of scores; equal scores never make a pair.
  package let minimalMargin: Double
  /// The seed of `best-vs-random`.
  package let seed: UInt64

  /// A binarizer.
  package init(
    policy: Binarization = .bestVersusWorst, minimalMargin: Double = 0, seed: UInt64 = 42
  ) {
    self.policy = policy
    self.minimalMargin = minimalMargin
    self.seed = seed
  }

  /// The pairs of an example by its candidates' scores.
  ///
  /// Candidates with equal scores keep the record's order; a candidate without a score takes no part.
  ///
  /// - Parameters:
  ///   - scores: a score for each candidate; missing ones at the end count as absent.
  ///   - example: the example.
  /// - Returns: the pairs, and what made none.
  package func pairs(
    by scores: CandidateScores, of example: Example
  ) -> (pairs: [PreferencePair], losses: [ExportLoss]) {
    var tally = LossTally(exampleID: example.id)
    guard example.candidates.count > 1 else {
      return ([], [ExportLoss(exampleID: example.id, reason: .singleCandidate)])
    }
    var scored: [(index: Int, score: Double)] = []
    for index in example.candidates.indices {
      let score = index < scores.values.count ? scores.values[index] : nil
      if let score, !score.isNaN {
        scored.append((index, score))
      } else {
        tally[.missingScore] += 1
      }
    }
    guard scored.count > 1 else {
      tally[.unjudged] += 1
      return ([], tally.losses)
    }
    scored.sort { ($1.score, $0.index) < ($0.score, $1.index) }
    var pairs: [PreferencePair] = []
    for (better, worse) in choices(among: scored, id: example.id, in: example) {
      // Infinite scores are ordered but their difference is not a number.
      if better.score == worse.score {
        tally[.tie] += 1
      } else if better.score - worse.score < minimalMargin {
        tally[.belowMargin] += 1
      } else if example.hasSameTexts(better.index, worse.index) {
        tally[.identicalTexts] += 1
      } else {
        pairs.append(
          PreferencePair(
            chosen: better.index, rejected: worse.index, scoreChosen: better.score,
            scoreRejected: worse.score))
      }
    }
    return (pairs, tally.losses)
  }

  private typealias Scored = (index: Int, score: Double)

  private func choices(
    among scored: [Scored], id: String, in example: Example
  ) -> [(Scored, Scored)] {
    let best = scored[0]
    switch policy {
    case .bestVersusWorst: return [(best, scored[scored.count - 1])]
    case .adjacent: return zip(scored, scored.dropFirst()).map { ($0, $1) }
    case .allPairs:
      return scored.indices.flatMap { first in
        scored[(first + 1)...].map { (scored[first], $0) }
      }
    case .bestVersusRandom:
      let worse = scored.dropFirst().filter {
        $0.score < best.score && best.score - $0.score >= minimalMargin
      }
      let draw = KeyedDraw(seed: seed, purpose: "best-vs-random")
      let rejected = worse.min {
        draw.bits(for: [id, example.candidates[$0.index].model, String($0.index)])
          < draw.bits(for: [id, example.candidates[$1.index].model, String($1.index)])
      }
      // With nobody far enough below, the worst shows why: a tie or too small a margin.
      return [(best, rejected ?? scored[scored.count - 1])]
    }
  }

  /// The pairs of an example by verdicts; the policy and the margin play no part.
  ///
  /// - Parameters:
  ///   - verdicts: one verdict for each pair; equal ones on a pair count once.
  ///   - example: the example.
  /// - Returns: the pairs in the order of the verdicts, and what made none.
  package static func pairs(
    by verdicts: [PairVerdict], of example: Example
  ) -> (pairs: [PreferencePair], losses: [ExportLoss]) {
    var tally = LossTally(exampleID: example.id)
    if example.candidates.count < 2 { tally[.singleCandidate] += 1 }
    if verdicts.isEmpty, example.candidates.count > 1 { tally[.unjudged] += 1 }
    var said: [[Int]: [Verdict]] = [:]
    var order: [[Int]] = []
    for verdict in verdicts {
      guard let a = example.index(ofModel: verdict.modelA),
        let b = example.index(ofModel: verdict.modelB), a != b
      else {
        tally[.unknownModel] += 1
        continue
      }
      let pair = [min(a, b), max(a, b)]
      if said[pair] == nil { order.append(pair) }
      said[pair, default: []].append(a < b ? verdict.verdict : verdict.verdict.exchanged)
    }
    var pairs: [PreferencePair] = []
    for pair in order {
      let verdicts = Set(said[pair] ?? [])
      if verdicts.allSatisfy(\.isTie) {
        tally[.tie] += 1
      } else if verdicts.count > 1 {
        tally[.contradiction] += 1
      } else if example.hasSameTexts(pair[0], pair[1]) {
        tally[.identicalTexts] += 1
      } else {
        let isFirst = verdicts.contains(.aIsBetter)
        pairs.append(
          PreferencePair(chosen: pair[isFirst ? 0 : 1], rejected: pair[isFirst ? 1 : 0]))
      }
    }
    return (pairs, tally.losses)
  }
}

/// Counts one example's losses; reports them in the order of their names.
struct LossTally {
  let exampleID: String
  private var counts: [ExportLoss.Reason: Int] = [:]

  init(exampleID: String) { self.exampleID = exampleID }

  subscript(reason: ExportLoss.Reason) -> Int {
    get { counts[reason] ?? 0 }
    set { counts[reason] = newValue }
  }

  mutating func add(_ losses: [ExportLoss]) {
    for loss in losses { self[loss.reason] += loss.count }
  }

  var losses: [ExportLoss] {
    counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
      ExportLoss(exampleID: exampleID, reason: $0.key, count: $0.value)
    }
  }
}
