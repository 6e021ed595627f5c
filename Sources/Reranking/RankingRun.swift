/// Ranks many inputs together: what their modes ask for next is compared in one go.
package enum RankingRun {
  /// An input and how it is ranked.
  package struct Work: Sendable {
    /// The input.
    package var input: RankingInput
    /// Which pairs are compared.
    package var mode: RankingMode

    /// Work.
    ///
    /// - Parameters:
    ///   - input: the input.
    ///   - mode: which pairs are compared.
    package init(_ input: RankingInput, _ mode: RankingMode) {
      self.input = input
      self.mode = mode
    }
  }

  /// Ranks inputs.
  ///
  /// - Parameters:
  ///   - work: the inputs.
  ///   - compare: gives the logits of pairs, which are numbers; called until every input is ranked,
  ///     each time with the pairs that all of them need next.
  /// - Returns: the order of each input's candidates, and the logits that it was made of.
  /// - Throws: what `compare` throws.
  package static func rank(
    _ work: [Work], _ compare: ([PairRanker.Request]) throws -> [Float]
  ) throws -> [(ranked: RankedCandidates, known: ComparisonMatrix)] {
    var known = work.map { ComparisonMatrix(count: $0.input.candidates.count) }
    var ranked = [RankedCandidates?](repeating: nil, count: work.count)
    while true {
      var requests: [PairRanker.Request] = []
      for (number, item) in work.enumerated() where ranked[number] == nil {
        switch item.mode.step(known[number], candidates: item.input.candidates) {
        case .ranked(let result): ranked[number] = result
        case .compare(let pairs):
          requests += pairs.map {
            PairRanker.Request(input: number, first: $0.first, second: $0.second)
          }
        }
      }
      guard !requests.isEmpty else { break }
      for (request, logit) in zip(requests, try compare(requests)) {
        known[request.input][first: request.first, second: request.second] = logit
      }
    }
    return zip(ranked, known).compactMap { ranked, known in ranked.map { ($0, known) } }
  }
}
