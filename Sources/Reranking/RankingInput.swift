package import Records

/// What a ranker compares: a source and the candidates that answer it.
package struct RankingInput: Sendable, Equatable {
  /// What was asked: instruction and input joined with nothing, as PairRanker was trained.
  package var source: String
  /// The answers.
  package var candidates: [String]

  /// An input.
  ///
  /// - Parameters:
  ///   - source: what was asked.
  ///   - candidates: the answers.
  package init(source: String, candidates: [String]) {
    self.source = source
    self.candidates = candidates
  }

  /// The input of a record.
  ///
  /// - Parameter example: the record.
  package init(_ example: Example) {
    source = example.instruction + example.input
    candidates = example.candidates.map(\.text)
  }
}
