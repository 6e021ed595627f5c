/// The cut of a piece whose tokens' scores have the largest sum.
///
/// Source: Kudo 2018 (arXiv 1804.10959); tokenizers 0.20.3, `models/unigram/model.rs`.
struct UnigramModel: Sendable {
  /// Memory that is used again.
  struct Lattice {
    fileprivate var scores: [Double] = []
    fileprivate var starts: [Int32] = []
    fileprivate var ids: [TokenID] = []
    fileprivate var parts: [(range: Range<Int>, isUnknown: Bool)] = []
  }

  private let trie: ByteTrie
  private let scores: [Double]
  private let vocabulary: Vocabulary
  private let unknownID: TokenID?
  private let unknownScore: Double
  /// The ids of the byte tokens; empty without fallback to bytes.
  private let byteIDs: [TokenID?]

  /// A model; `nil` results when the vocabulary is too large.
  ///
  /// - Parameters:
  ///   - vocabulary: the tokens; equal ones have the last id.
  ///   - scores: the scores by id.
  ///   - unknownID: the id of what is unknown.
  ///   - fallsBackToBytes: whether unknown characters become bytes.
  init?(
    _ vocabulary: Vocabulary, scores: [Double], unknownID: TokenID?, fallsBackToBytes: Bool
  ) {
    var trie = ByteTrie()
    var fits = true
    vocabulary.forEach { fits = trie.insert($0, value: $1) && fits }
    guard fits else { return nil }
    self.trie = trie
    self.scores = scores
    self.vocabulary = vocabulary
    self.unknownID = unknownID
    // A score that is no number is below no other one.
    unknownScore = scores.reduce(Double.infinity) { $1 < $0 ? $1 : $0 } - 10
    byteIDs = fallsBackToBytes ? ByteTokens.ids(in: vocabulary) : []
  }

  /// Appends the ids of a piece.
  func append(
    _ piece: ByteView, _ lattice: inout Lattice, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    guard piece.count < Int32.max else {
      throw .unknownToken(text: "…", reason: "a piece of \(piece.count) bytes is too long")
    }
    try findBestPath(piece, &lattice)
    // Backwards from the end; unknown characters in a row become one.
    lattice.parts.removeAll(keepingCapacity: true)
    var end = piece.count
    while end > 0 {
      let start = Int(lattice.starts[end])
      let isUnknown = unknownID != nil && lattice.ids[end] == unknownID
      if isUnknown, let last = lattice.parts.last, last.isUnknown {
        lattice.parts[lattice.parts.count - 1].range = start..<last.range.upperBound
      } else {
        lattice.parts.append((start..<end, isUnknown))
      }
      end = start
    }
    for part in lattice.parts.reversed() {
      if part.isUnknown {
        try appendUnknown(piece[part.range], to: &ids)
      } else {
        ids.append(lattice.ids[part.range.upperBound])
      }
    }
  }

  private func findBestPath(_ piece: ByteView, _ lattice: inout Lattice) throws(TokenizerError) {
    let count = piece.count + 1
    if lattice.scores.count < count {
      lattice.scores = [Double](repeating: 0, count: count)
      lattice.starts = [Int32](repeating: -1, count: count)
      lattice.ids = [TokenID](repeating: 0, count: count)
    }
    lattice.scores[0] = 0
    for index in 0..<count { lattice.starts[index] = -1 }
    var start = 0
    while start < piece.count {
      let length = ByteView.length(startingWith: piece[start])
      let score = lattice.scores[start]
      var hasSingle = false
      var node = ByteTrie.root
      var index = start
      while index < piece.count, let child = trie.child(of: node, piece[index]) {
        node = child
        index += 1
        let id = trie.value(at: node)
        guard id >= 0 else { continue }
        let candidate = scores[Int(id)] + score
        if lattice.starts[index] < 0 || candidate > lattice.scores[index] {
          lattice.scores[index] = candidate
          lattice.starts[index] = Int32(truncatingIfNeeded: start)
          lattice.ids[index] = id
        }
        if index - start == length { hasSingle = true }
      }
      if !hasSingle {
        let end = start + length
        let candidate = unknownScore + score
        if lattice.starts[end] < 0 || candidate > lattice.scores[end] {
          guard let unknownID else { throw unknown(piece[start..<end]) }
          lattice.scores[end] = candidate
          lattice.starts[end] = Int32(truncatingIfNeeded: start)
          lattice.ids[end] = unknownID
        }
      }
      start += length
    }
  }

  private func appendUnknown(
    _ text: ByteView, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    if let id = vocabulary.id(of: text) {
      ids.append(id)
      return
    }
    if !byteIDs.isEmpty {
      let first = ids.count
      for index in 0..<text.count {
        guard let id = byteIDs[Int(text[index])] else { break }
        ids.append(id)
      }
      if ids.count - first == text.count { return }
      ids.removeSubrange(first...)
    }
    guard let unknownID else { throw unknown(text) }
    ids.append(unknownID)
  }

  private func unknown(_ text: ByteView) -> TokenizerError {
    .unknownToken(
      text: String(decoding: text.array, as: UTF8.self),
      reason: "its model names no token for what is unknown")
  }
}

/// The tokens `<0x00>` to `<0xFF>`, which stand for single bytes.
enum ByteTokens {
  /// The text of a byte's token.
  static func text(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count == 1 ? "0" : "")\(digits)>"
  }

  /// The ids of all bytes' tokens.
  static func ids(in vocabulary: Vocabulary) -> [TokenID?] {
    (0...UInt8.max).map { vocabulary.id(of: text(of: $0)) }
  }
}
