internal import DatasetStore
internal import Judging
internal import Records

/// What one judge says of a pair of candidates, both presentation orders together.
struct PairOpinion {
  /// The row of the judge.
  let judge: Int64
  /// The place of the candidate that stands first in the record.
  let a: Int
  /// The place of the other one.
  let b: Int
  /// What is said of (a, b).
  let verdict: Verdict
  /// A ranker's mean logit, above 0 when a is better; `nil` without logits.
  let logit: Double?
  /// In how many orders it was judged.
  let orders: Int

  /// Combines verdicts by pair and judge, in the order in which pairs were first judged.
  ///
  /// The mean of both orders decides: of logits, the swapped one negated, where a judge has them, of +1,
  /// 0 and -1 otherwise.
  ///
  /// - Parameters:
  ///   - verdicts: the verdicts on one example.
  ///   - margin: a mean logit within it is a tie, "Same good".
  /// - Returns: one opinion for each judge and pair.
  static func opinions(_ verdicts: [StoredVerdict], margin: Double = 0) -> [PairOpinion] {
    struct Key: Hashable {
      let judge: Int64
      let a: Int
      let b: Int
    }
    var order: [Key] = []
    var given: [Key: StoredVerdict] = [:]
    var exchanged: [Key: StoredVerdict] = [:]
    for stored in verdicts where stored.verdict != nil || stored.logit != nil {
      let isGiven = stored.candidateA < stored.candidateB
      let key = Key(
        judge: stored.judge, a: min(stored.candidateA, stored.candidateB),
        b: max(stored.candidateA, stored.candidateB))
      if given[key] == nil, exchanged[key] == nil { order.append(key) }
      if isGiven { given[key] = stored } else { exchanged[key] = stored }
    }
    return order.compactMap { key in
      let both = [given[key], exchanged[key]]
      let logits = [given[key]?.logit, exchanged[key]?.logit.map { -$0 }].compactMap(\.self)
      let orders = both.count { $0 != nil }
      if !logits.isEmpty, logits.count == orders {
        let mean = logits.reduce(0, +) / Double(logits.count)
        return PairOpinion(
          judge: key.judge, a: key.a, b: key.b, verdict: verdict(mean, margin: margin),
          logit: mean, orders: orders)
      }
      let combined = OrderCombination.average.combine(
        given: given[key]?.verdict, exchanged: exchanged[key]?.verdict?.exchanged)
      return combined.map {
        PairOpinion(
          judge: key.judge, a: key.a, b: key.b, verdict: $0.verdict, logit: nil, orders: orders)
      }
    }
  }

  /// What a mean logit says.
  ///
  /// - Parameters:
  ///   - logit: the mean over both orders.
  ///   - margin: what it must exceed.
  ///   - tie: what it says otherwise.
  /// - Returns: the verdict.
  static func verdict(_ logit: Double, margin: Double, tie: Verdict = .sameGood) -> Verdict {
    logit > margin ? .aIsBetter : logit < -margin ? .bIsBetter : tie
  }
}
