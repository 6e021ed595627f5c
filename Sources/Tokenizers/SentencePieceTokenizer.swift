internal import Synchronization

/// A tokenizer of a SentencePiece model (byte-pair encoding or Unigram).
///
/// The model's library cuts the texts. What Hugging Face's tokenizers do before and after it is
/// done here: added tokens such as `</s>` are cut out of the raw text, each text between them gets
/// its own leading space as the folder says, special tokens are put around the whole.
///
/// Source: sentencepiece 0.1.97; transformers 4.46.3 for the rest. Where a folder's
/// `tokenizer.json` normalises otherwise than the model (stacked accents), this follows the model.
public final class SentencePieceTokenizer: Tokenizer {
  /// The special tokens before every text.
  public let prefix: [Int]
  /// The special tokens after every text.
  public let suffix: [Int]
  /// The longest sequence that the model takes.
  public let maximumLength: Int?
  /// Names the model by its content, and the tokens put around a text.
  public let signature: String

  private let addedTokens: AddedTokens
  private let dummyPrefix: TokenizerFolder.DummyPrefix
  private let isVerbatim: Bool
  private let cutsWordsApart: Bool
  private let cutsLinesApart: Bool
  /// The model with and without a space before every text; verbatim models need only the latter.
  private let withPrefix: SentencePieceProcessor?
  private let withoutPrefix: SentencePieceProcessor?
  /// Memories of word lengths that no thread is using at the moment.
  private let memories = Mutex<[WordCounts]>([])

  /// Loads a tokenizer.
  ///
  /// - Parameter path: a model file, or a folder that holds `tokenizer.model`, `spiece.model` or
  ///   `spm.model`. The JSON files beside the model say which tokens are added; without them the
  ///   file's name does: `<s>` before a text for `tokenizer.model`, `</s>` after it for
  ///   `spiece.model`, `[CLS]` and `[SEP]` for `spm.model`, nothing for other names.
  /// - Throws: ``TokenizerError``.
  public init(path: String) throws {
    let modelPath = try Self.modelPath(path)
    let bytes = try FileBytes.read(modelPath)
    let model = try SentencePieceModel(bytes: bytes, path: modelPath)
    let folder = try TokenizerFolder(besideModel: modelPath, model: model)
    prefix = folder.prefix
    suffix = folder.suffix
    maximumLength = folder.maximumLength
    addedTokens = AddedTokens(folder.addedTokens)
    dummyPrefix = folder.dummyPrefix
    isVerbatim = model.isVerbatim
    cutsWordsApart = model.cutsWordsApart
    cutsLinesApart = model.cutsLinesApart
    let scheme = folder.dummyPrefix.scheme
    withPrefix =
      scheme == .never || model.isVerbatim
      ? nil
      : try SentencePieceProcessor(model: model.serialized(addsDummyPrefix: true), path: modelPath)
    withoutPrefix =
      scheme == .always && !model.isVerbatim
      ? nil
      : try SentencePieceProcessor(model: model.serialized(addsDummyPrefix: false), path: modelPath)
    signature = "sentencepiece \(Self.digest(bytes)) \(prefix) \(scheme.rawValue) \(suffix)"
  }

  /// The number of token ids that ``encode(_:maxTokens:)`` gives, found faster.
  ///
  /// - Parameter text: the text.
  /// - Returns: the number of tokens, special tokens included.
  /// - Throws: ``TokenizerError/encodingFailed(bytes:)``.
  public func count(_ text: String) throws -> Int {
    var text = text
    let count = try text.withUTF8 { text in
      guard let parts = unsafe addedTokens.parts(of: text) else {
        return try unsafe countSegment(text, isFirst: true)
      }
      return try parts.enumerated().reduce(0) { sum, part in
        switch part.element {
        case .token: sum + 1
        case .text(let range):
          try unsafe sum
            + countSegment(UnsafeBufferPointer(rebasing: text[range]), isFirst: part.offset == 0)
        }
      }
    }
    return prefix.count + count + suffix.count
  }

  /// The token ids of a text, without the special tokens around it.
  ///
  /// - Parameter text: the text; added tokens inside it become their ids.
  /// - Returns: the ids.
  /// - Throws: ``TokenizerError/encodingFailed(bytes:)``.
  public func encodeWithoutSpecialTokens(_ text: String) throws -> [Int] {
    var text = text
    return try text.withUTF8 { text in
      var ids: [Int] = []
      let parts = unsafe addedTokens.parts(of: text) ?? [.text(0..<text.count)]
      for (offset, part) in parts.enumerated() {
        switch part {
        case .token(let id): ids.append(id)
        case .text(let range):
          let segment = unsafe UnsafeBufferPointer(rebasing: text[range])
          try unsafe withPrepared(segment, isFirst: offset == 0) { processor, text in
            try unsafe processor.encode(text, into: &ids)
          }
        }
      }
      return ids
    }
  }

  // MARK: - Texts between added tokens

  /// Chooses the processor for a text and puts the leading space before it where one is due.
  private func withPrepared<Result>(
    _ text: UnsafeBufferPointer<UInt8>, isFirst: Bool,
    _ body: (SentencePieceProcessor, UnsafeBufferPointer<UInt8>) throws -> Result
  ) throws -> Result? {
    guard !text.isEmpty else { return nil }
    var addsSpace = dummyPrefix.scheme == .always || (dummyPrefix.scheme == .first && isFirst)
    if dummyPrefix.skipsSpace, unsafe startsWithSpace(text) { addsSpace = false }
    if let withPrefix, addsSpace || withoutPrefix == nil {
      return try unsafe body(withPrefix, text)
    }
    guard let withoutPrefix else { return nil }
    guard addsSpace else { return try unsafe body(withoutPrefix, text) }
    return try unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 1) {
      buffer in
      unsafe buffer.initializeElement(at: 0, to: UInt8(ascii: " "))
      _ = unsafe buffer[1...].initialize(fromContentsOf: text)
      return try unsafe body(withoutPrefix, UnsafeBufferPointer(buffer))
    }
  }

  private func startsWithSpace(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe text.first == UInt8(ascii: " ") || text.starts(with: [0xE2, 0x96, 0x81])
  }

  private func countSegment(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool) throws -> Int {
    let count = try unsafe withPrepared(text, isFirst: isFirst) { processor, text in
      if cutsWordsApart, let count = try unsafe countWords(text, processor) { return count }
      return try unsafe processor.count(text)
    }
    return count ?? 0
  }

  /// Adds up the words' numbers of pieces.
  ///
  /// - Returns: `nil` for a text that holds the character `▁`, which is a space in disguise.
  private func countWords(
    _ text: UnsafeBufferPointer<UInt8>, _ processor: SentencePieceProcessor
  ) throws -> Int? {
    let space = UInt8(ascii: " ")
    let lineFeed = UInt8(ascii: "\n")
    var memory = memories.withLock { $0.popLast() } ?? WordCounts()
    defer { memories.withLock { $0.append(memory) } }
    var count = 0
    var position = 0
    while position < text.count {
      let start = position
      while position < text.count, unsafe text[position] == space { position += 1 }
      while position < text.count {
        let byte = unsafe text[position]
        if byte == space || (byte == lineFeed && cutsLinesApart) { break }
        if byte == 0xE2, unsafe text[position...].starts(with: [0xE2, 0x96, 0x81]) { return nil }
        position += 1
      }
      if position > start {
        let word = unsafe UnsafeBufferPointer(rebasing: text[start..<position])
        if word.count <= WordCounts.maximumBytes {
          count += try unsafe memory.value(of: WordCounts.key(word)) {
            try unsafe processor.count(word)
          }
        } else {
          count += try unsafe processor.count(word)
        }
      }
      while cutsLinesApart, position < text.count, unsafe text[position] == lineFeed {
        count += 1
        position += 1
      }
    }
    return count
  }

  // MARK: - Loading

  private static func modelPath(_ path: String) throws -> String {
    guard FileBytes.isFolder(path) else { return path }
    let base = path.hasSuffix("/") ? path : path + "/"
    guard let name = TokenizerFolder.modelFiles.first(where: { FileBytes.exists(base + $0) }) else {
      throw TokenizerError.noModel(folder: path, expected: TokenizerFolder.modelFiles)
    }
    return base + name
  }

  /// The FNV-1a hash of a model's bytes as hexadecimal text: tells models apart, no more.
  private static func digest(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    return String(hash, radix: 16)
  }
}
