/// A serialized SentencePiece model.
///
/// Source: sentencepiece 0.1.97, `src/sentencepiece_model.proto`.
struct SentencePieceFile {
  /// The kinds of pieces, with the numbers of the model's format.
  enum PieceType: UInt64 {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// One piece.
  struct Piece {
    /// The text, valid UTF-8.
    var text: [UInt8] = []
    /// The score; larger is better.
    var score = 0.0
    /// The kind.
    var type = PieceType.normal
  }

  /// How the model was trained.
  enum ModelType: UInt64 {
    case unigram = 1
    case bpe, word, character
  }

  /// The pieces in the order of their ids.
  private(set) var pieces: [Piece] = []
  /// How the model was trained.
  private(set) var modelType = ModelType.unigram
  /// The piece for what is unknown.
  private(set) var unknownID = 0
  /// The text of that piece.
  private(set) var unknownPiece = Array("<unk>".utf8)
  /// The compiled rules of normalisation; empty when there are none.
  private(set) var characterMap: [UInt8] = []

  private let path: String

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - bytes: the serialized `ModelProto`.
  ///   - path: the file, for messages.
  /// - Throws: ``TokenizerError/malformedModel(path:reason:)``.
  init(_ bytes: [UInt8], path: String) throws(TokenizerError) {
    self.path = path
    guard !bytes.isEmpty else { throw failure("the file is empty") }
    var reader = ProtobufReader(bytes[...])
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let piece)): try readPiece(piece)
      case (2, .bytes(let trainer)): try readTrainer(trainer)
      case (3, .bytes(let normalizer)): try readNormalizer(normalizer)
      default: break
      }
    }
    guard reader.isAtEnd else { throw failure("its bytes are no fields of a message") }
    guard !pieces.isEmpty else { throw failure("it holds no pieces") }
    guard pieces.indices.contains(unknownID) else {
      throw failure("its unknown piece is \(unknownID) of \(pieces.count)")
    }
  }

  private func failure(_ reason: String) -> TokenizerError {
    .malformedModel(path: path, reason: reason)
  }

  private mutating func readPiece(_ bytes: ArraySlice<UInt8>) throws(TokenizerError) {
    var piece = Piece()
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)): piece.text = Array(text)
      case (2, .fixed32(let bits)): piece.score = Double(Float(bitPattern: bits))
      case (3, .integer(let number)):
        guard let type = PieceType(rawValue: number) else {
          throw failure("piece \(pieces.count) is of the unknown type \(number)")
        }
        piece.type = type
      default: break
      }
    }
    guard reader.isAtEnd else { throw failure("piece \(pieces.count) is cut off") }
    guard String(validating: piece.text, as: UTF8.self) != nil else {
      throw failure("piece \(pieces.count) is not valid UTF-8")
    }
    guard !piece.text.isEmpty else { throw failure("piece \(pieces.count) has no text") }
    pieces.append(piece)
  }

  private mutating func readTrainer(_ bytes: ArraySlice<UInt8>) throws(TokenizerError) {
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (3, .integer(let number)):
        guard let type = ModelType(rawValue: number) else {
          throw failure("it is of the unknown kind \(number)")
        }
        modelType = type
      case (40, .integer(let number)): unknownID = Int(clamping: number)
      case (45, .bytes(let text)): unknownPiece = Array(text)
      default: break
      }
    }
    guard reader.isAtEnd else { throw failure("its training settings are cut off") }
  }

  private mutating func readNormalizer(_ bytes: ArraySlice<UInt8>) throws(TokenizerError) {
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      if case (2, .bytes(let map)) = (field.number, field.value) { characterMap = Array(map) }
    }
    guard reader.isAtEnd else { throw failure("its normalisation settings are cut off") }
  }
}
