/// Tokens that are looked for in a text before the model sees it, such as `</s>`.
///
/// Source: tokenizers 0.20.3, `tokenizer/added_vocabulary.rs`.
struct AddedVocabulary: Sendable {
  /// One token and how it is matched.
  struct Token: Sendable, Equatable {
    /// The text to match, as UTF-8.
    var content: [UInt8]
    /// Whether white space before a match belongs to it.
    var stripsLeft = false
    /// Whether white space after a match belongs to it.
    var stripsRight = false
    /// Whether the characters around a match must not be of a word.
    var isSingleWord = false
    /// Whether the token is looked for in the normalised text.
    var isNormalized = false
    /// Whether decoding may leave the token out.
    var isSpecial = false
  }

  /// A part of a text.
  enum Part {
    /// Text for the next step: its place.
    case text(Range<Int>)
    /// An added token's id.
    case token(TokenID)
  }

  /// Tokens of one kind, ready to be looked for.
  private struct Matcher: Sendable {
    var trie = ByteTrie()
    var startsToken = [Bool](repeating: false, count: 256)
    var isEmpty = true
  }

  private var idsByContent: [[UInt8]: TokenID] = [:]
  private var tokensByID: [TokenID: Token] = [:]
  private var ordinaryTokens: [Token] = []
  private var specialTokens: [Token] = []
  private var specialContents: Set<[UInt8]> = []
  private var raw = Matcher()
  private var normalized = Matcher()
  /// Whether special tokens are cut like other text.
  let splitsSpecialTokens: Bool

  /// A vocabulary without tokens.
  init(splitsSpecialTokens: Bool = false) { self.splitsSpecialTokens = splitsSpecialTokens }

  /// Whether tokens are looked for in normalised texts.
  var looksInNormalizedText: Bool { !normalized.isEmpty }

  /// Whether decoding may leave a token out.
  func isSpecial(_ content: ArraySlice<UInt8>) -> Bool { specialContents.contains(Array(content)) }

  /// The id of an added token, or `nil`.
  func id(of content: [UInt8]) -> TokenID? { idsByContent[content] }

  /// The content of an added token, or `nil`.
  func content(of id: TokenID) -> [UInt8]? { tokensByID[id]?.content }

  /// All tokens with their ids, in the order of these.
  var tokens: [(id: TokenID, token: Token)] {
    tokensByID.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The contents that have an id.
  var contents: [[UInt8]] { Array(idsByContent.keys) }

  /// Adds tokens, or changes how those that exist are matched.
  ///
  /// - Parameters:
  ///   - tokens: the tokens; those without content are left out.
  ///   - vocabulary: the model's tokens: an added one that is among them keeps its id.
  ///   - modelCount: the number from which new ids go on.
  /// - Returns: `false` when the ids run out.
  mutating func add(_ tokens: [Token], to vocabulary: Vocabulary, modelCount: Int) -> Bool {
    for token in tokens where token.isSpecial && !token.content.isEmpty {
      if specialContents.insert(token.content).inserted { specialTokens.append(token) }
    }
    var maximum = idsByContent.values.max()
    for token in tokens where !token.content.isEmpty {
      let known = idsByContent[token.content]
      if let known, tokensByID[known] == token { continue }
      let id: TokenID
      if let found = known ?? token.content.withView({ vocabulary.id(of: $0) }) {
        id = found
      } else {
        // Ids go on from the largest added one, once that is beyond the model's.
        let next = max(maximum.map { Int($0) + 1 } ?? 0, modelCount)
        guard let new = TokenID(exactly: next) else { return false }
        id = new
      }
      idsByContent[token.content] = id
      tokensByID[id] = token
      maximum = max(maximum ?? id, id)
      if !specialContents.contains(token.content) { ordinaryTokens.append(token) }
    }
    return true
  }

  /// Prepares the search once all tokens are there.
  ///
  /// - Parameter normalize: the normalizer, for tokens that are looked for in normalised texts.
  /// - Returns: a token that nothing is left of, if there is one.
  mutating func seal(_ normalize: ([UInt8]) throws -> [UInt8]) rethrows -> Token? {
    raw = Matcher()
    normalized = Matcher()
    for token in specialTokens + ordinaryTokens {
      guard let id = idsByContent[token.content] else { continue }
      let pattern = token.isNormalized ? try normalize(token.content) : token.content
      guard let first = pattern.first else { return token }
      func insert(into matcher: inout Matcher) {
        // Of equal patterns the first one counts.
        let isNew = pattern.withView { matcher.trie.longestMatch(in: $0, at: 0)?.end != $0.count }
        if isNew { _ = pattern.withView { matcher.trie.insert($0, value: id) } }
        matcher.startsToken[Int(first)] = true
        matcher.isEmpty = false
      }
      if token.isNormalized { insert(into: &normalized) } else { insert(into: &raw) }
    }
    return nil
  }

  /// Cuts a raw text at the tokens that are looked for in such.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - body: receives the parts in order, without empty texts.
  /// - Throws: what `body` throws.
  func forEachRawPart(
    of text: ByteView, _ body: (Part) throws(TokenizerError) -> Void
  ) throws(TokenizerError) {
    try forEachPart(of: text, raw, body)
  }

  /// Cuts a normalised text at the tokens that are looked for in such.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - body: receives the parts in order, without empty texts.
  /// - Throws: what `body` throws.
  func forEachNormalizedPart(
    of text: ByteView, _ body: (Part) throws(TokenizerError) -> Void
  ) throws(TokenizerError) {
    try forEachPart(of: text, normalized, body)
  }

  private func forEachPart(
    of text: ByteView, _ matcher: Matcher, _ body: (Part) throws(TokenizerError) -> Void
  ) throws(TokenizerError) {
    var textStart = 0
    var position = 0
    if !matcher.isEmpty {
      while position < text.count {
        guard matcher.startsToken[Int(text[position])],
          let match = matcher.trie.longestMatch(in: text, at: position)
        else {
          position += 1
          continue
        }
        var start = position
        position = match.end
        guard let token = tokensByID[match.value] else { continue }
        if splitsSpecialTokens, specialContents.contains(token.content) { continue }
        if token.isSingleWord, Self.touchesWord(start..<match.end, of: text) { continue }
        if token.stripsLeft { start = max(textStart, Self.spaceStart(in: text, before: start)) }
        let end = token.stripsRight ? Self.spaceEnd(in: text, from: match.end) : match.end
        if textStart < start { try body(.text(textStart..<start)) }
        // White space that the token before has taken leaves nothing of one that is only that.
        if start < end { try body(.token(match.value)) }
        textStart = end
      }
    }
    if textStart < text.count { try body(.text(textStart..<text.count)) }
  }

  /// Whether a character of a word stands directly before or after a match.
  private static func touchesWord(_ match: Range<Int>, of text: ByteView) -> Bool {
    let table = ScalarProperties.table
    if match.lowerBound > 0, table[text.scalar(before: match.lowerBound).value].contains(.word) {
      return true
    }
    return match.upperBound < text.count
      && table[text.scalar(at: match.upperBound).value].contains(.word)
  }

  private static func spaceStart(in text: ByteView, before end: Int) -> Int {
    var start = end
    while start > 0 {
      let (scalar, place) = text.scalar(before: start)
      guard ScalarProperties.table[scalar].contains(.space) else { break }
      start = place
    }
    return start
  }

  private static func spaceEnd(in text: ByteView, from start: Int) -> Int {
    var end = start
    while end < text.count {
      let (scalar, length) = text.scalar(at: end)
      guard ScalarProperties.table[scalar].contains(.space) else { break }
      end += length
    }
    return end
  }
}
