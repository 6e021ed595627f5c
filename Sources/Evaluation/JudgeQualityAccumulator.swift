internal import Records

/// Counts what judges do over a stream of examples; memory grows with pairs of judges only.
package struct JudgeQualityAccumulator: Sendable {
  private var index = ModelIndex()
  private var qualities: [JudgeQuality] = []
  private var agreements: [JudgePair: JudgeAgreement] = [:]

  private struct JudgePair: Hashable {
    let first: Int
    let second: Int
  }

  /// What one judge said of a pair of candidates, in each presentation order of it.
  private struct PairJudgments {
    /// The verdict when the pair was shown in candidate order.
    var forward: Verdict?
    /// The verdict when it was shown the other way round, as it was given.
    var backward: Verdict?
  }

  /// No judgments yet.
  package init() {}

  /// The judges in the order they were first seen.
  package var judges: [JudgeQuality] { qualities }

  /// The agreement of every two judges with common pairs, in the order of the judges.
  package var judgeAgreements: [JudgeAgreement] {
    agreements.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
      .map(\.value)
  }

  /// Counts the judgments of one example.
  ///
  /// Every answer counts for the rates; where one judge judged the same pair in the same order again,
  /// its last verdict counts for flips and agreement.
  package mutating func add(_ example: EvaluatedExample) {
    guard !example.judgments.isEmpty else { return }
    // The judge, then the pair in candidate order.
    var pairs: [[Int]: PairJudgments] = [:]
    let candidates = ModelIndex(example.judgedModels ?? example.models)
    for judgment in example.judgments {
      let judge = index.number(adding: judgment.judge)
      if judge == qualities.count { qualities.append(JudgeQuality(judge: judgment.judge)) }
      guard let verdict = judgment.verdict else {
        qualities[judge].unparsable += 1
        continue
      }
      qualities[judge].verdicts[verdict, default: 0] += 1
      guard let a = candidates.number(of: judgment.shownFirst),
        let b = candidates.number(of: judgment.shownSecond), a != b
      else { continue }
      addLengths(verdict, judgment, of: example, judge: judge)
      if a < b {
        pairs[[judge, a, b], default: PairJudgments()].forward = verdict
      } else {
        pairs[[judge, b, a], default: PairJudgments()].backward = verdict
      }
    }
    let sorted = pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (key, judgments) in sorted { addOrders(judgments, judge: key[0]) }
    addAgreements(sorted.map { (judge: $0.key[0], pair: ($0.key[1], $0.key[2]), $0.value) })
  }

  private mutating func addLengths(
    _ verdict: Verdict, _ judgment: Judgment, of example: EvaluatedExample, judge: Int
  ) {
    let models = example.judgedModels ?? example.models
    guard !verdict.isTie, let lengths = example.lengths, lengths.count == models.count
    else { return }
    func length(_ model: String) -> Int {
      models.firstIndex { $0.utf8.elementsEqual(model.utf8) }.map { lengths[$0] } ?? 0
    }
    let first = length(judgment.shownFirst)
    let second = length(judgment.shownSecond)
    guard first != second else { return }
    qualities[judge].decisiveWithLengths += 1
    if (first > second) == (verdict == .aIsBetter) { qualities[judge].forLonger += 1 }
  }

  private mutating func addOrders(_ judgments: PairJudgments, judge: Int) {
    guard let forward = judgments.forward, let backward = judgments.backward else { return }
    qualities[judge].bothOrders += 1
    if forward == backward.exchanged {
      qualities[judge].consistent += 1
    } else if !forward.isTie && !backward.isTie {
      qualities[judge].flips += 1
      if forward == .aIsBetter { qualities[judge].flipsToFirst += 1 }
    }
  }

  /// Judges are compared in the orders that both saw, else across orders with one exchanged.
  private mutating func addAgreements(
    _ judged: [(judge: Int, pair: (Int, Int), judgments: PairJudgments)]
  ) {
    for (position, left) in judged.enumerated() {
      for right in judged[(position + 1)...]
      where right.judge != left.judge && right.pair == left.pair {
        let common = [
          (left.judgments.forward, right.judgments.forward),
          (left.judgments.backward?.exchanged, right.judgments.backward?.exchanged),
        ]
        let crossed = [
          (left.judgments.forward, right.judgments.backward?.exchanged),
          (left.judgments.backward?.exchanged, right.judgments.forward),
        ]
        let hasCommon = common.contains { $0.0 != nil && $0.1 != nil }
        for case (let first?, let second?) in hasCommon ? common : crossed {
          let key = JudgePair(first: left.judge, second: right.judge)
          let known = agreements[key]
          var agreement =
            known
            ?? JudgeAgreement(
              first: qualities[left.judge].judge, second: qualities[right.judge].judge)
          agreement.add(first, second)
          agreements[key] = agreement
        }
      }
    }
  }
}
