package import Records

/// What is wrong with the verdicts on one example.
package enum VerdictFinding: Sendable, Equatable {
  /// One judge named different winners when the two candidates were exchanged.
  case contradictionBetweenOrders(judge: String, first: String, second: String)
  /// Two judges named different winners of one pair.
  case contradictionBetweenJudges(
    judge: String, other: String, winner: String, otherWinner: String)
  /// A minimal cycle of preferences; `judge` is `nil` for all verdicts of the example together.
  case cycle(judge: String?, models: [String])
  /// The search for cycles stopped at its limit.
  case moreCycles(judge: String?, listed: Int)
  /// A verdict names a model that is no candidate, or one model twice.
  case notAPair(modelA: String, modelB: String)
  /// Several candidates of one model.
  case repeatedModel(String)

  /// A short stable name to count by.
  package var rule: String {
    switch self {
    case .contradictionBetweenOrders: "contradiction-between-orders"
    case .contradictionBetweenJudges: "contradiction-between-judges"
    case .cycle, .moreCycles: "preference-cycle"
    case .notAPair: "verdict-not-a-pair"
    case .repeatedModel: "repeated-model"
    }
  }

  /// What was found, for people.
  package var message: String {
    switch self {
    case .contradictionBetweenOrders(let judge, let first, let second):
      "\(judge) prefers a different one of \(first) and \(second) when their order is exchanged"
    case .contradictionBetweenJudges(let judge, let other, let winner, let otherWinner):
      "\(judge) prefers \(winner) to \(otherWinner), \(other) prefers \(otherWinner) to \(winner)"
    case .cycle(let judge, let models):
      (judge.map { "\($0): " } ?? "")
        + "preferences form a cycle: "
        + (models + models.prefix(1)).joined(separator: " > ")
    case .moreCycles(let judge, let listed):
      (judge.map { "\($0): " } ?? "") + "there can be more cycles than the \(listed) listed"
    case .notAPair(let a, let b):
      a.utf8.elementsEqual(b.utf8)
        ? "a verdict compares \(a) with itself"
        : "a verdict on \(a) and \(b) names a model that is not among the candidates"
    case .repeatedModel(let model): "there is more than one candidate of \(model)"
    }
  }

  /// The finding as a diagnostic of a record.
  package func diagnostic(recordID: String) -> Diagnostic {
    Diagnostic(recordID: recordID, rule: rule, message: message)
  }
}

/// Checks the verdicts on one example for contradictions and cycles.
package struct VerdictCheck: Sendable {
  /// How many cycles are listed per example and judge.
  package var cycleLimit = 10

  /// A check with the usual limit.
  package init() {}

  /// What is wrong with an example's verdicts, in a fixed order.
  ///
  /// Judgments are used where there are any, else the verdicts. A judge that names different winners
  /// in the two orders contradicts itself and is not compared with others on that pair.
  ///
  /// - Parameter example: the example.
  /// - Returns: the findings.
  package func findings(in example: EvaluatedExample) -> [VerdictFinding] {
    let index = ModelIndex(example.models)
    var findings: [VerdictFinding] = repeatedModels(in: example)
    // Verdicts may also name the answers that a fuser generated.
    let generated = example.outcomes.compactMap { outcome -> String? in
      if case .generated = outcome.outcome { outcome.method } else { nil }
    }
    let judgeable = ModelIndex(example.models + generated)
    for verdict in example.verdicts {
      let a = judgeable.number(of: verdict.modelA)
      let b = judgeable.number(of: verdict.modelB)
      if a == nil || b == nil || a == b {
        findings.append(.notAPair(modelA: verdict.modelA, modelB: verdict.modelB))
      }
    }
    let judged = judgedPairs(in: example, index: index)
    findings += contradictions(judged, index: index)
    findings += cycles(in: example)
    return findings
  }

  private struct JudgedPair {
    let judge: String
    let low: Int
    let high: Int
    /// Winners by presentation order; `nil` for ties and unseen orders.
    var forward: Int?
    var backward: Int?

    /// The winner where the orders do not contradict each other.
    var winner: Int? {
      if let forward, let backward { return forward == backward ? forward : nil }
      return forward ?? backward
    }
  }

  private func repeatedModels(in example: EvaluatedExample) -> [VerdictFinding] {
    var seen = ModelIndex()
    var reported = ModelIndex()
    var findings: [VerdictFinding] = []
    for model in example.models {
      let known = seen.names.count
      _ = seen.number(adding: model)
      if seen.names.count == known && reported.number(of: model) == nil {
        _ = reported.number(adding: model)
        findings.append(.repeatedModel(model))
      }
    }
    return findings
  }

  private func judgedPairs(in example: EvaluatedExample, index: ModelIndex) -> [JudgedPair] {
    var judges = ModelIndex()
    var pairs: [[Int]: JudgedPair] = [:]
    for judgment in example.judgments {
      guard let verdict = judgment.verdict,
        let a = index.number(of: judgment.shownFirst),
        let b = index.number(of: judgment.shownSecond), a != b
      else { continue }
      let winner = verdict.isTie ? nil : verdict == .aIsBetter ? a : b
      let key = [min(a, b), max(a, b), judges.number(adding: judgment.judge)]
      var pair =
        pairs[key] ?? JudgedPair(judge: judgment.judge, low: key[0], high: key[1])
      if a < b { pair.forward = winner } else { pair.backward = winner }
      pairs[key] = pair
    }
    return pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  private func contradictions(_ pairs: [JudgedPair], index: ModelIndex) -> [VerdictFinding] {
    var findings: [VerdictFinding] = []
    for (position, pair) in pairs.enumerated() {
      if let forward = pair.forward, let backward = pair.backward, forward != backward {
        findings.append(
          .contradictionBetweenOrders(
            judge: pair.judge, first: index.names[pair.low], second: index.names[pair.high]))
      }
      for other in pairs[(position + 1)...] where other.low == pair.low && other.high == pair.high {
        if let winner = pair.winner, let otherWinner = other.winner, winner != otherWinner {
          findings.append(
            .contradictionBetweenJudges(
              judge: pair.judge, other: other.judge, winner: index.names[winner],
              otherWinner: index.names[otherWinner]))
        }
      }
    }
    return findings
  }

  private func cycles(in example: EvaluatedExample) -> [VerdictFinding] {
    var groups: [(judge: String?, verdicts: [PairVerdict])] = []
    var judges = ModelIndex()
    for judgment in example.judgments {
      let number = judges.number(adding: judgment.judge)
      if number == groups.count { groups.append((judgment.judge, [])) }
      guard let verdict = judgment.verdict else { continue }
      groups[number].verdicts.append(
        PairVerdict(
          modelA: judgment.shownFirst, modelB: judgment.shownSecond, verdict: verdict))
    }
    // With one judge, all verdicts together say the same once more.
    if groups.count != 1 { groups.append((nil, example.verdicts)) }
    var findings: [VerdictFinding] = []
    for (judge, verdicts) in groups {
      let found = PreferenceCycles(
        models: example.models, verdicts: verdicts, limit: cycleLimit)
      findings += found.cycles.map { .cycle(judge: judge, models: $0) }
      if found.isTruncated {
        findings.append(.moreCycles(judge: judge, listed: found.cycles.count))
      }
    }
    return findings
  }
}
