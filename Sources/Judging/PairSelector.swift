internal import Hashing
package import Records

/// Chooses which pairs of an example a judge is asked about, and in which order each is shown.
///
/// What is chosen depends on the seed, the example's id and the models' names only: not on the
/// order of examples, nor on how many are judged in one run. A larger sample contains the smaller
/// one of the same seed.
package struct PairSelector: Sendable {
  /// How many of the pairs are asked about.
  package enum Amount: Sendable, Equatable {
    /// Every pair.
    case all
    /// At most this many pairs of each example.
    case count(Int)
    /// Each pair with this probability, from 0 to 1.
    case share(Double)
  }

  /// Which orders of presentation are asked for.
  package enum Orders: String, Sendable, CaseIterable {
    /// Both, as two questions.
    case both
    /// The record's order only.
    case given
    /// One of the two, drawn for each pair.
    case random
  }

  /// What happens to a pair whose two texts are the same bytes.
  package enum IdenticalTexts: String, Sendable, CaseIterable {
    /// It is judged like any other.
    case judge
    /// It is not judged, and nothing is kept of it.
    case skip
    /// It is not judged, and counts as "Same good".
    case sameGood = "same-good"
    /// It is not judged, and counts as "Same bad".
    case sameBad = "same-bad"
  }

  /// How many of the pairs.
  package var amount: Amount
  /// The model that every pair must contain; `nil` for no such condition.
  package var against: String?
  /// The only pairs that are asked about; `nil` for no such condition.
  package var list: PairList?
  /// The orders of presentation.
  package var orders: Orders
  /// The treatment of identical texts.
  package var identicalTexts: IdenticalTexts
  /// The seed of samples and random orders.
  package var seed: UInt64

  /// A selector; the defaults ask about all pairs in both orders.
  package init(
    amount: Amount = .all, against: String? = nil, list: PairList? = nil, orders: Orders = .both,
    identicalTexts: IdenticalTexts = .judge, seed: UInt64 = 42
  ) {
    self.amount = amount
    self.against = against
    self.list = list
    self.orders = orders
    self.identicalTexts = identicalTexts
    self.seed = seed
  }

  /// Chooses among an example's pairs.
  ///
  /// - Parameter example: the example.
  /// - Returns: the questions in the record's order, the ties that need no question, and findings.
  package func select(from example: Example) -> SelectedPairs {
    var selected = SelectedPairs()
    if let list, !list.names(example.id) { return selected }
    let names = example.candidates.map { Array($0.model.utf8) }
    let repeated = Set(Dictionary(grouping: names, by: \.self).filter { $1.count > 1 }.keys)
    if !repeated.isEmpty {
      // A verdict names its candidates by model, so one on a repeated model could not be read back.
      let list = repeated.map { String(decoding: $0, as: UTF8.self) }.sorted()
      selected.diagnostics.append(
        Diagnostic(
          recordID: example.id, rule: "repeated-model",
          message: "candidates with a model name used twice are not judged: "
            + list.joined(separator: ", ")))
    }
    if let against, !names.contains(Array(against.utf8)) {
      selected.diagnostics.append(
        Diagnostic(
          recordID: example.id, rule: "model-missing",
          message: "no candidate of model \(against), against which pairs were asked for"))
      return selected
    }
    let usable = example.candidates.indices.filter { !repeated.contains(names[$0]) }
    if usable.count < 2 {
      selected.diagnostics.append(
        Diagnostic(
          recordID: example.id, rule: "no-pair",
          message: "\(usable.count) candidates to compare, expected at least 2"))
    }
    for pair in sample(of: pairs(of: usable, in: example)) {
      let (a, b) = (example.candidates[pair.indexA].text, example.candidates[pair.indexB].text)
      guard identicalTexts != .judge, a.utf8.elementsEqual(b.utf8) else {
        selected.comparisons += presentations(of: pair)
        continue
      }
      switch identicalTexts {
      case .judge, .skip: selected.skipped.append(pair)
      case .sameGood: selected.derived.append(DerivedVerdict(pair: pair, verdict: .sameGood))
      case .sameBad: selected.derived.append(DerivedVerdict(pair: pair, verdict: .sameBad))
      }
    }
    return selected
  }

  private func pairs(of indices: [Int], in example: Example) -> [CandidatePair] {
    var pairs: [CandidatePair] = []
    let wanted = against.map { Array($0.utf8) }
    for (offset, first) in indices.enumerated() {
      for second in indices[(offset + 1)...] {
        let (modelA, modelB) = (example.candidates[first].model, example.candidates[second].model)
        if let wanted, !modelA.utf8.elementsEqual(wanted), !modelB.utf8.elementsEqual(wanted) {
          continue
        }
        if let list, !list.contains(id: example.id, modelA, modelB) { continue }
        pairs.append(
          CandidatePair(
            exampleID: example.id, modelA: modelA, modelB: modelB, indexA: first, indexB: second))
      }
    }
    return pairs
  }

  private func sample(of pairs: [CandidatePair]) -> [CandidatePair] {
    let draw = KeyedDraw(seed: seed, purpose: "pair sample")
    switch amount {
    case .all: return pairs
    case .share(let share): return pairs.filter { draw.unit(for: key(of: $0)) < share }
    case .count(let count):
      guard count < pairs.count else { return pairs }
      let ordered = pairs.indices.map { (draw.bits(for: key(of: pairs[$0])), $0) }.sorted(by: <)
      return ordered.prefix(max(0, count)).map(\.1).sorted().map { pairs[$0] }
    }
  }

  private func presentations(of pair: CandidatePair) -> [Comparison] {
    switch orders {
    case .both: return Comparison.Order.allCases.map { Comparison(pair: pair, order: $0) }
    case .given: return [Comparison(pair: pair, order: .given)]
    case .random:
      // The draw decides which *model* is shown first, so reordering candidates changes nothing.
      let draw = KeyedDraw(seed: seed, purpose: "presentation order").bits(for: key(of: pair))
      let isSorted = isOrdered(pair)
      return [Comparison(pair: pair, order: (draw & 1 == 0) == isSorted ? .given : .exchanged)]
    }
  }

  /// The key of a pair's draws: the same whichever of the two stands first in the record.
  private func key(of pair: CandidatePair) -> [String] {
    let models = isOrdered(pair) ? [pair.modelA, pair.modelB] : [pair.modelB, pair.modelA]
    return [pair.exampleID] + models
  }

  private func isOrdered(_ pair: CandidatePair) -> Bool {
    pair.modelA.utf8.lexicographicallyPrecedes(pair.modelB.utf8)
  }
}
