/// The texts of tokens on their way to one text: bytes end to end.
struct TokenTexts: ~Copyable {
  private var bytes = ByteBuffer()
  private var ends: [Int] = []
  private var spare = ByteBuffer()

  /// The number of tokens.
  var count: Int { ends.count }

  /// All bytes, whatever token they belong to.
  var view: ByteView { bytes.view }

  /// Adds a token.
  mutating func append(_ token: [UInt8]) {
    bytes.append(token)
    ends.append(bytes.count)
  }

  /// Adds a token.
  mutating func append(_ token: ArraySlice<UInt8>) { append(Array(token)) }

  /// Calls `body` with every token.
  func forEach<Failure>(
    _ body: (ByteView) throws(Failure) -> Void
  ) throws(Failure) {
    var start = 0
    for end in ends {
      try body(bytes.view[start..<end])
      start = end
    }
  }

  /// Writes all tokens anew.
  ///
  /// - Parameter body: receives the number of a token, its bytes, and the buffer to append to.
  /// - Throws: what `body` throws.
  mutating func map<Failure>(
    _ body: (Int, ByteView, inout ByteBuffer) throws(Failure) -> Void
  ) throws(Failure) {
    spare.removeAll()
    var start = 0
    for index in ends.indices {
      let end = ends[index]
      try body(index, bytes.view[start..<end], &spare)
      ends[index] = spare.count
      start = end
    }
    swap(&bytes, &spare)
  }

  /// Makes one token of all.
  mutating func fuse() { ends = [bytes.count] }

  /// Replaces everything by one token.
  mutating func set(_ token: [UInt8]) {
    bytes.removeAll()
    ends.removeAll()
    append(token)
  }
}
