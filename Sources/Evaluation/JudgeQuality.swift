package import Records

/// How one judge behaves: all numbers are counts, so that every share can state its n.
package struct JudgeQuality: Sendable, Equatable {
  /// Who judged.
  package let judge: String
  /// Verdicts that could be parsed, by what they say.
  package internal(set) var verdicts: [Verdict: Int] = [:]
  /// Answers that could not be parsed.
  package internal(set) var unparsable = 0
  /// Pairs of one example that were judged in both presentation orders.
  package internal(set) var bothOrders = 0
  /// Of these, pairs with the same winner, or the same kind of tie, in both orders.
  package internal(set) var consistent = 0
  /// Of these, pairs where the other candidate wins when the order is exchanged.
  package internal(set) var flips = 0
  /// Of the flips, those where the candidate shown first won both times.
  package internal(set) var flipsToFirst = 0
  /// Decisive verdicts on answers of different length.
  package internal(set) var decisiveWithLengths = 0
  /// Of these, verdicts for the longer answer.
  package internal(set) var forLonger = 0

  init(judge: String) { self.judge = judge }

  /// The number of parsed verdicts.
  package var parsed: Int { Verdict.allCases.reduce(0) { $0 + (verdicts[$1] ?? 0) } }

  /// The number of answers, parsed or not.
  package var answers: Int { parsed + unparsable }

  /// The number of verdicts that name a winner.
  package var decisive: Int { (verdicts[.aIsBetter] ?? 0) + (verdicts[.bIsBetter] ?? 0) }

  /// The share of answers that could not be parsed.
  package var unparsableRate: MeanValue { .share(unparsable, of: answers) }

  /// The share of parsed verdicts that are ties.
  package var tieRate: MeanValue { .share(parsed - decisive, of: parsed) }

  /// The share of decisive verdicts for the candidate shown first; 50 % without preference.
  package var firstPositionPreference: MeanValue {
    .share(verdicts[.aIsBetter] ?? 0, of: decisive)
  }

  /// The share of pairs judged in both orders whose winner changed with the order.
  package var flipRate: MeanValue { .share(flips, of: bothOrders) }

  /// The share of pairs judged in both orders that got the same verdict in both.
  package var consistencyRate: MeanValue { .share(consistent, of: bothOrders) }

  /// The share of decisive verdicts for the longer of two answers of different length.
  package var lengthPreference: MeanValue { .share(forLonger, of: decisiveWithLengths) }
}

extension MeanValue {
  /// A percentage.
  static func share(_ part: Int, of whole: Int) -> MeanValue {
    Proportion(part, of: whole).percentage
  }
}
