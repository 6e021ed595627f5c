/// What a serialized SentencePiece model says of itself, beyond what the library tells.
///
/// Source: sentencepiece 0.1.97, `src/sentencepiece_model.proto`.
struct SentencePieceModel: Sendable {
  /// The kinds of pieces, with the numbers of the model's format.
  enum PieceType: UInt64 {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// Piece texts in the order of their ids.
  private(set) var pieces: [(text: ArraySlice<UInt8>, type: PieceType)] = []
  /// Whether unknown characters become bytes.
  private(set) var hasByteFallback = false
  /// Whether a space is put before every text.
  private(set) var addsDummyPrefix = true
  /// Whether a text passes the normaliser as it is, spaces becoming `▁`.
  var isVerbatim: Bool { !hasRules && !removesExtraSpaces && escapesSpaces && !spaceIsSuffix }

  private let bytes: [UInt8]
  private var selfTest: [Range<Int>] = []
  private var hasRules = false
  private var removesExtraSpaces = true
  private var escapesSpaces = true
  private var spaceIsSuffix = false

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - bytes: the serialized `ModelProto`.
  ///   - path: where it comes from, for messages.
  /// - Throws: ``TokenizerError/malformedModel(path:reason:)``.
  init(bytes: [UInt8], path: String) throws {
    self.bytes = bytes
    var reader = ProtobufReader(bytes[...])
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let piece)): readPiece(piece)
      case (2, .bytes(let trainer)): readTrainer(trainer)
      case (3, .bytes(let normalizer)): readNormalizer(normalizer)
      case (4, _): selfTest.append(field.range)
      default: break
      }
    }
    guard reader.isAtEnd, !pieces.isEmpty else {
      throw TokenizerError.malformedModel(
        path: path, reason: bytes.isEmpty ? "the file is empty" : "its bytes hold no pieces")
    }
  }

  /// The model with the space before every text switched on or off.
  ///
  /// A message field that is written twice is merged, so that it suffices to append the new value.
  /// The self test is left out, since its samples were cut with the old one.
  ///
  /// - Parameter addsDummyPrefix: whether a space is put before every text.
  /// - Returns: a serialized model.
  func serialized(addsDummyPrefix: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 4)
    var start = 0
    for range in selfTest {
      result += bytes[start..<range.lowerBound]
      start = range.upperBound
    }
    result += bytes[start...]
    return result + [0x1A, 0x02, 0x18, addsDummyPrefix ? 1 : 0]
  }

  /// The id of a piece.
  ///
  /// - Parameter text: the piece.
  /// - Returns: the id, or `nil` when there is no such piece.
  func id(of text: String) -> Int? {
    pieces.firstIndex { $0.text.elementsEqual(text.utf8) }
  }

  /// Whether no piece reaches over the start of a word, so that a text's pieces are those of its
  /// words: spaces followed by everything up to the next space.
  ///
  /// Without byte fallback, runs of unknown characters become one piece; such a run must not reach
  /// over the start of a word either, so `▁` has to be a piece of its own.
  var cutsWordsApart: Bool {
    guard isVerbatim else { return false }
    var knowsSpace = hasByteFallback
    for (text, type) in pieces {
      if type == .userDefined { return false }
      guard type == .normal || type == .unused else { continue }
      let runs = String(decoding: text, as: UTF8.self).unicodeScalars
      if runs.drop(while: { $0 == "\u{2581}" }).contains("\u{2581}") { return false }
      if type == .normal && runs.elementsEqual(["\u{2581}"]) { knowsSpace = true }
    }
    return knowsSpace
  }

  /// Whether every line feed is a token of its own: the byte piece, and no other piece holds one.
  var cutsLinesApart: Bool {
    hasByteFallback
      && !pieces.contains { $0.type != .byte && $0.text.contains(UInt8(ascii: "\n")) }
  }

  private mutating func readPiece(_ bytes: ArraySlice<UInt8>) {
    var text: ArraySlice<UInt8> = []
    var type = PieceType.normal
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let value)): text = value
      case (3, .integer(let value)): type = PieceType(rawValue: value) ?? .normal
      default: break
      }
    }
    pieces.append((text, type))
  }

  private mutating func readTrainer(_ bytes: ArraySlice<UInt8>) {
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (24, .integer(let value)): spaceIsSuffix = value != 0
      case (35, .integer(let value)): hasByteFallback = value != 0
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ bytes: ArraySlice<UInt8>) {
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (2, .bytes(let value)): hasRules = !value.isEmpty
      case (3, .integer(let value)): addsDummyPrefix = value != 0
      case (4, .integer(let value)): removesExtraSpaces = value != 0
      case (5, .integer(let value)): escapesSpaces = value != 0
      default: break
      }
    }
  }
}
