/// Cuts a word into the longest known pieces from its start on.
///
/// Source: Schuster and Nakajima 2012; tokenizers 0.20.3, `models/wordpiece/`.
struct WordPieceModel: Sendable {
  private let starts: ByteTrie
  private let continuations: ByteTrie
  private let unknownToken: String
  private let unknownID: TokenID?
  private let maximumScalars: Int

  /// A model of a vocabulary; `nil` results when that is too large.
  init?(
    _ vocabulary: Vocabulary, unknownToken: String, continuingPrefix: String, maximumScalars: Int
  ) {
    var starts = ByteTrie()
    var continuations = ByteTrie()
    let prefix = Array(continuingPrefix.utf8)
    var fits = true
    vocabulary.forEach { token, id in
      fits = starts.insert(token, value: id) && fits
      if token.hasBytes(prefix, at: 0) {
        fits = continuations.insert(token[prefix.count..<token.count], value: id) && fits
      }
    }
    guard fits else { return nil }
    self.starts = starts
    self.continuations = continuations
    self.unknownToken = unknownToken
    self.maximumScalars = maximumScalars
    unknownID = vocabulary.id(of: unknownToken)
  }

  /// Appends the ids of a word.
  func append(_ word: ByteView, to ids: inout [TokenID]) throws(TokenizerError) {
    let first = ids.count
    if word.count <= maximumScalars || word.scalarCount <= maximumScalars {
      var position = 0
      while position < word.count,
        let match = (position == 0 ? starts : continuations).longestMatch(in: word, at: position)
      {
        ids.append(match.value)
        position = match.end
      }
      if position == word.count { return }
      ids.removeSubrange(first...)
    }
    guard let unknownID else {
      throw .unknownToken(
        text: String(decoding: word.array, as: UTF8.self),
        reason: "its vocabulary does not hold \(unknownToken) either")
    }
    ids.append(unknownID)
  }
}
