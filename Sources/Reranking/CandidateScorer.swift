/// A ranker that gives each candidate a score by itself.
package protocol CandidateScorer: AnyObject {
  /// Names the tokenizer by its content.
  var tokenizerSignature: String { get }
  /// The settings that change scores, for what is recorded.
  var limits: PairEncoding.Limits { get }

  /// Scores candidates; each different text of an input is read once.
  ///
  /// - Parameters:
  ///   - inputs: the inputs.
  ///   - observe: called between parts of the work; what it throws ends it.
  /// - Returns: a score for each candidate of each input; higher is better.
  /// - Throws: `TokenizerError`, `ModelInputError`.
  func scores(of inputs: [RankingInput], observe: () throws -> Void) throws -> [[Float]]
}
