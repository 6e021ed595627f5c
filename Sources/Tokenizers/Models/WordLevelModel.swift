/// A word is a token or unknown.
///
/// Source: tokenizers 0.20.3, `models/wordlevel/`.
struct WordLevelModel: Sendable {
  private let vocabulary: Vocabulary
  private let unknownToken: String
  private let unknownID: TokenID?

  /// A model of a vocabulary.
  init(_ vocabulary: Vocabulary, unknownToken: String) {
    self.vocabulary = vocabulary
    self.unknownToken = unknownToken
    unknownID = vocabulary.id(of: unknownToken)
  }

  /// Appends the id of a word.
  func append(_ word: ByteView, to ids: inout [TokenID]) throws(TokenizerError) {
    guard let id = vocabulary.id(of: word) ?? unknownID else {
      throw .unknownToken(
        text: String(decoding: word.array, as: UTF8.self),
        reason: "its vocabulary does not hold \(unknownToken) either")
    }
    ids.append(id)
  }
}
