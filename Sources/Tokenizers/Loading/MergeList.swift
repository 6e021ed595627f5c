/// Collects the merges of a byte-pair model.
struct MergeList {
  private let vocabulary: Vocabulary
  private let prefixLength: Int
  private let path: String
  private(set) var table: MergeTable
  private var rank: UInt32 = 0
  /// What some merge joins.
  private(set) var crossings = Crossings()

  /// Places in a text that merges may reach over.
  struct Crossings {
    /// Whether some merge joins `▁` to a character before it that is none.
    var spaces = false
    /// Whether some merge joins a line feed to anything.
    var lineFeeds = false
  }

  private static let space = Array("\u{2581}".utf8)
  private static let lineFeed = Array("<0x0A>".utf8)

  /// A list.
  ///
  /// - Parameters:
  ///   - vocabulary: the tokens.
  ///   - prefixLength: the bytes that a token behind another one loses when both merge.
  ///   - capacity: how many merges are expected.
  ///   - path: the file they come from, for messages.
  init(_ vocabulary: Vocabulary, prefixLength: Int, capacity: Int, path: String) {
    self.vocabulary = vocabulary
    self.prefixLength = prefixLength
    self.path = path
    table = MergeTable(capacity: capacity)
  }

  /// Appends a merge.
  ///
  /// - Throws: ``TokenizerError/malformedConfiguration(path:reason:)`` when a token is unknown.
  mutating func append(_ first: ByteView, _ second: ByteView) throws(TokenizerError) {
    guard second.count >= prefixLength else { throw failure(second, "is shorter than its prefix") }
    guard let firstID = vocabulary.id(of: first) else { throw failure(first, Self.unknown) }
    guard let secondID = vocabulary.id(of: second) else { throw failure(second, Self.unknown) }
    let merged = first.array + second[prefixLength..<second.count].array
    guard let id = merged.withView({ vocabulary.id(of: $0) }) else {
      throw merged.withView { failure($0, Self.unknown) }
    }
    append(firstID, secondID, id)
    if second.hasBytes(Self.space, at: 0),
      first.count < 3 || !first.hasBytes(Self.space, at: first.count - 3)
    {
      crossings.spaces = true
    }
    for part in [first, second] {
      let isByte = part.count == Self.lineFeed.count && part.hasBytes(Self.lineFeed, at: 0)
      if isByte || part.array.contains(0x0A) { crossings.lineFeeds = true }
    }
  }

  private mutating func append(_ first: TokenID, _ second: TokenID, _ id: TokenID) {
    table.set(first, second, rank: rank, id: id)
    rank += 1
  }

  private static let unknown = "is not in its vocabulary"

  private func failure(_ token: ByteView, _ what: String) -> TokenizerError {
    .malformedConfiguration(
      path: path,
      reason: "merge \(rank + 1): '\(String(decoding: token.array, as: UTF8.self))' \(what)")
  }
}
