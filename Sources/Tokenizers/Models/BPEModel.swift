/// Merges the characters or bytes of a piece, the pairs learnt first before the others.
///
/// Source: Sennrich, Haddow and Birch 2016; tokenizers 0.20.3, `models/bpe/`.
struct BPEModel: Sendable {
  /// What a model is made of.
  struct Settings: Sendable {
    /// The token for what is unknown; without one, the unknown is left out.
    var unknownToken: String?
    /// What tokens behind another one of the same word begin with.
    var continuingPrefix = ""
    /// What tokens at the end of a word end with.
    var wordSuffix = ""
    /// Whether unknown characters in a row become one token.
    var fusesUnknown = false
    /// Whether unknown characters become bytes.
    var fallsBackToBytes = false
    /// Whether a piece that is a token is not cut, whatever the merges say.
    var ignoresMerges = false
  }

  /// Memory that is used again.
  struct Symbols {
    fileprivate var ids: [TokenID] = []
    fileprivate var ranks: [UInt32] = []
    fileprivate var merged: [TokenID] = []
    fileprivate var queue = MergeQueue()
  }

  private let vocabulary: Vocabulary
  private let settings: Settings
  private let merges: MergeTable
  private let unknownID: TokenID?
  private let byteIDs: [TokenID?]
  private let asciiIDs: [TokenID?]
  /// The ids of single bytes, when the pieces are bytes that no alphabet was applied to.
  private let alphabetIDs: [TokenID?]
  /// The tokens as bytes, for whole pieces when merges are ignored.
  private let byteVocabulary: Vocabulary?
  /// Whether every piece may be cut before `▁` where another character stands before it.
  let cutsBeforeSpaces: Bool
  /// Whether, where that is so, pieces may also be cut before and after every line feed.
  let cutsAtLineFeeds: Bool

  /// Whether the model can take pieces as they are instead of in the alphabet of bytes.
  static func canTakeBytes(_ settings: Settings) -> Bool {
    settings.continuingPrefix.isEmpty && settings.wordSuffix.isEmpty && !settings.fallsBackToBytes
  }

  /// A model.
  ///
  /// - Parameters:
  ///   - vocabulary: the tokens.
  ///   - settings: how it works.
  ///   - merges: which pairs merge.
  ///   - crossings: what some merge joins.
  ///   - takesBytes: whether pieces are bytes that no alphabet was applied to.
  init(
    _ vocabulary: Vocabulary, _ settings: Settings, merges: MergeTable,
    crossings: MergeList.Crossings, takesBytes: Bool
  ) {
    self.vocabulary = vocabulary
    self.settings = settings
    self.merges = merges
    unknownID = settings.unknownToken.flatMap { vocabulary.id(of: $0) }
    byteIDs = settings.fallsBackToBytes ? ByteTokens.ids(in: vocabulary) : []
    asciiIDs = (UInt8(0)..<128).map { byte in [byte].withView { vocabulary.id(of: $0) } }
    alphabetIDs =
      !takesBytes
      ? []
      : ByteAlphabet.scalars.map { scalar in
        vocabulary.id(of: String(Character(Unicode.Scalar(scalar) ?? " ")))
      }
    if takesBytes && settings.ignoresMerges {
      var tokens = Vocabulary()
      vocabulary.forEach { token, id in
        if let bytes = ByteAlphabet.bytes(of: token) { bytes.withView { tokens.set($0, id: id) } }
      }
      byteVocabulary = tokens
    } else {
      byteVocabulary = nil
    }
    cutsBeforeSpaces =
      !crossings.spaces && !takesBytes && !settings.ignoresMerges
      && settings.continuingPrefix.isEmpty && settings.wordSuffix.isEmpty
      && vocabulary.id(of: "\u{2581}") != nil
    // An unknown line feed could be fused with what is unknown beside it.
    cutsAtLineFeeds =
      !crossings.lineFeeds
      && (vocabulary.id(of: "\n") != nil || !byteIDs.isEmpty && byteIDs.allSatisfy { $0 != nil })
  }

  /// Appends the ids of a piece.
  func append(
    _ piece: ByteView, _ symbols: inout Symbols, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    if settings.ignoresMerges, let id = (byteVocabulary ?? vocabulary).id(of: piece) {
      ids.append(id)
      return
    }
    symbols.ids.removeAll(keepingCapacity: true)
    if alphabetIDs.isEmpty {
      try findSymbols(piece, &symbols)
    } else {
      try findByteSymbols(piece, &symbols)
    }
    merge(&symbols)
    ids += symbols.ids
  }

  // MARK: - The first symbols

  private func findByteSymbols(
    _ piece: ByteView, _ symbols: inout Symbols
  ) throws(TokenizerError) {
    var unknown = false
    for index in 0..<piece.count {
      if let id = alphabetIDs[Int(piece[index])] {
        if unknown { try addUnknown(&symbols, &unknown) }
        symbols.ids.append(id)
      } else if settings.unknownToken != nil {
        if unknown, !settings.fusesUnknown { try addUnknown(&symbols, &unknown) }
        unknown = true
      }
    }
    if unknown { try addUnknown(&symbols, &unknown) }
  }

  private func findSymbols(
    _ piece: ByteView, _ symbols: inout Symbols
  ) throws(TokenizerError) {
    let hasAffixes = !settings.continuingPrefix.isEmpty || !settings.wordSuffix.isEmpty
    var unknown = false
    var index = 0
    while index < piece.count {
      let length = ByteView.length(startingWith: piece[index])
      let part = piece[index..<(index + length)]
      var affixed: [UInt8] = []
      if hasAffixes {
        if index > 0 { affixed += settings.continuingPrefix.utf8 }
        affixed += part.array
        if index + length == piece.count { affixed += settings.wordSuffix.utf8 }
      }
      let id =
        hasAffixes
        ? affixed.withView { vocabulary.id(of: $0) }
        : length == 1 ? asciiIDs[Int(part[0])] : vocabulary.id(of: part)
      index += length
      if let id {
        if unknown { try addUnknown(&symbols, &unknown) }
        symbols.ids.append(id)
        continue
      }
      if !byteIDs.isEmpty {
        let bytes = hasAffixes ? affixed : part.array
        let found = bytes.compactMap { byteIDs[Int($0)] }
        if found.count == bytes.count {
          // What was unknown before waits for the next known character, as in the reference.
          symbols.ids += found
          continue
        }
      }
      if settings.unknownToken != nil {
        if unknown, !settings.fusesUnknown { try addUnknown(&symbols, &unknown) }
        unknown = true
      }
    }
    if unknown { try addUnknown(&symbols, &unknown) }
  }

  private func addUnknown(
    _ symbols: inout Symbols, _ unknown: inout Bool
  ) throws(TokenizerError) {
    guard let unknownID else {
      throw .unknownToken(
        text: settings.unknownToken ?? "", reason: "it is to stand for the unknown")
    }
    symbols.ids.append(unknownID)
    unknown = false
  }

  // MARK: - Merging

  private func merge(_ symbols: inout Symbols) {
    let count = symbols.ids.count
    guard count > 1 else { return }
    if count > 48 { return mergeMany(&symbols) }
    symbols.ranks.removeAll(keepingCapacity: true)
    symbols.merged.removeAll(keepingCapacity: true)
    for index in 0..<(count - 1) {
      let merge = merges[symbols.ids[index], symbols.ids[index + 1]]
      symbols.ranks.append(merge?.rank ?? .max)
      symbols.merged.append(merge?.id ?? 0)
    }
    while true {
      var best = -1
      var bestRank = UInt32.max
      for index in symbols.ranks.indices where symbols.ranks[index] < bestRank {
        bestRank = symbols.ranks[index]
        best = index
      }
      guard best >= 0 else { return }
      symbols.ids[best] = symbols.merged[best]
      symbols.ids.remove(at: best + 1)
      symbols.ranks.remove(at: best)
      symbols.merged.remove(at: best)
      for index in [best - 1, best] where index >= 0 && index < symbols.ranks.count {
        let merge = merges[symbols.ids[index], symbols.ids[index + 1]]
        symbols.ranks[index] = merge?.rank ?? .max
        symbols.merged[index] = merge?.id ?? 0
      }
    }
  }

  /// The same for long pieces, in n log n steps.
  private func mergeMany(_ symbols: inout Symbols) {
    var ids = symbols.ids
    let count = ids.count
    var next = (1...count).map { Int32($0) }
    var previous = (-1..<(count - 1)).map { Int32($0) }
    symbols.queue.removeAll()
    for index in 0..<(count - 1) {
      guard let merge = merges[ids[index], ids[index + 1]] else { continue }
      symbols.queue.insert(.init(rank: merge.rank, position: Int32(index), id: merge.id))
    }
    while let top = symbols.queue.removeFirst() {
      let position = Int(top.position)
      let right = Int(next[position])
      // What stands there now may no longer be the pair that was queued.
      guard ids[position] >= 0, right < count,
        merges[ids[position], ids[right]]?.id == top.id
      else { continue }
      ids[position] = top.id
      ids[right] = -1
      next[position] = next[right]
      if Int(next[right]) < count { previous[Int(next[right])] = top.position }
      let left = Int(previous[position])
      if left >= 0, let merge = merges[ids[left], top.id] {
        symbols.queue.insert(.init(rank: merge.rank, position: Int32(left), id: merge.id))
      }
      let following = Int(next[position])
      if following < count, let merge = merges[top.id, ids[following]] {
        symbols.queue.insert(.init(rank: merge.rank, position: top.position, id: merge.id))
      }
    }
    symbols.ids.removeAll(keepingCapacity: true)
    for id in ids where id >= 0 { symbols.ids.append(id) }
  }
}

/// Merges in the order in which they are to be made: by rank, then from left to right.
struct MergeQueue {
  /// A merge that may be made.
  struct Entry {
    let rank: UInt32
    let position: Int32
    let id: TokenID

    fileprivate func precedes(_ other: Entry) -> Bool {
      rank != other.rank ? rank < other.rank : position < other.position
    }
  }

  private var heap: [Entry] = []

  /// Forgets everything.
  mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

  /// Adds an entry.
  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var index = heap.count - 1
    while index > 0, entry.precedes(heap[(index - 1) / 2]) {
      heap[index] = heap[(index - 1) / 2]
      index = (index - 1) / 2
    }
    heap[index] = entry
  }

  /// Removes the first entry.
  mutating func removeFirst() -> Entry? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    var index = 0
    while true {
      var child = index * 2 + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[index] = heap[child]
      index = child
    }
    heap[index] = last
    return first
  }
}
