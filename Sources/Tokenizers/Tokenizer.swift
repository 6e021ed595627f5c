internal import Dispatch
internal import Synchronization

/// Turns texts into the ids of a model's tokens and back, as Hugging Face's fast tokenizers do.
///
/// One tokenizer may be used from several threads at once.
///
/// Source: tokenizers 0.20.3 and, for what a folder's JSON files say, transformers 4.46.3.
public final class Tokenizer: TokenCounter {
  /// Names the tokenizer by its content: counts of different signatures never mix.
  public let signature: String
  /// The longest sequence that the model takes, when the folder says so.
  public let maximumLength: Int?
  /// The end that is cut off texts that are too long.
  public let truncationSide: Truncation.Side
  /// The tokens that have a role.
  public let specialTokens: SpecialTokens
  /// The number of different tokens, added ones included.
  public let vocabularySize: Int

  let pipeline: EncodingPipeline
  let vocabulary: Vocabulary
  let postProcessor: PostProcessor
  let decoder: Decoder?
  let cleansUpSpaces: Bool
  /// Memory that no call is using at the moment.
  private let memories = Mutex<[EncodingMemory.Box]>([])

  /// Loads a tokenizer.
  ///
  /// - Parameters:
  ///   - folder: a folder as Hugging Face lays it out; or a `tokenizer.json` or a SentencePiece model
  ///     in such a folder. `tokenizer.json` counts where it exists; else the files of the
  ///     tokenizer's class are converted as transformers converts them.
  ///   - tokens: tokens to add, as transformers' `add_tokens` does with texts: those that the folder
  ///     lacks get the next ids; they are looked for in normalised texts.
  /// - Throws: ``TokenizerError``, which names what is missing, malformed or not supported.
  public convenience init(folder: String, adding tokens: [String] = []) throws {
    self.init(try TokenizerLoader(path: folder).load(adding: tokens))
  }

  init(_ parts: TokenizerParts) {
    pipeline = parts.pipeline
    vocabulary = parts.vocabulary
    postProcessor = parts.postProcessor
    decoder = parts.decoder
    cleansUpSpaces = parts.cleansUpSpaces
    signature = parts.signature
    maximumLength = parts.maximumLength
    truncationSide = parts.truncationSide
    specialTokens = parts.specialTokens
    let added = parts.pipeline.added.contents
    vocabularySize =
      parts.vocabulary.count
      + added.count { content in content.withView { parts.vocabulary.id(of: $0) } == nil }
  }

  /// The number of special tokens that are put around one text or two.
  ///
  /// - Parameter isPair: whether there are two texts.
  /// - Returns: the number.
  public func specialTokenCount(forPair isPair: Bool = false) -> Int {
    PostProcessor.added(by: isPair ? postProcessor.pair : postProcessor.single)
  }

  /// The id of a token.
  ///
  /// - Parameter token: the token as the vocabulary writes it, such as `##ing` or `▁the`.
  /// - Returns: the id, or `nil` when there is no such token.
  public func tokenID(for token: String) -> TokenID? {
    pipeline.added.id(of: Array(token.utf8)) ?? vocabulary.id(of: token)
  }

  /// The token with an id.
  ///
  /// - Parameter id: the id.
  /// - Returns: the token as the vocabulary writes it, or `nil` when there is none.
  public func token(for id: TokenID) -> String? {
    tokenBytes(for: id).map { String(decoding: $0, as: UTF8.self) }
  }

  func tokenBytes(for id: TokenID) -> ArraySlice<UInt8>? {
    pipeline.added.content(of: id).map { $0[...] } ?? vocabulary.token(of: id)
  }

  // MARK: - Encoding

  /// Appends the ids of a text, without special tokens: the quickest way to many texts' ids.
  ///
  /// - Parameters:
  ///   - text: the text; added tokens inside it become their ids.
  ///   - ids: receives the ids.
  /// - Throws: ``TokenizerError``, when the model cannot express the text.
  public func appendIDs(of text: String, to ids: inout [TokenID]) throws(TokenizerError) {
    try withMemory { box throws(TokenizerError) in
      try pipeline.append(text, &box.memory, to: &ids)
    }
  }

  /// The ids of a text.
  ///
  /// - Parameters:
  ///   - text: the text; added tokens inside it become their ids.
  ///   - addingSpecialTokens: whether the model's special tokens are put around it.
  ///   - maximumLength: the most ids, special tokens included; the text is cut to it.
  /// - Returns: the ids.
  /// - Throws: ``TokenizerError``, when the model cannot express the text, or when not even the
  ///   special tokens fit.
  public func encode(
    _ text: String, addingSpecialTokens: Bool = true, maximumLength: Int? = nil
  ) throws(TokenizerError) -> [TokenID] {
    try withMemory { box throws(TokenizerError) in
      try encode(text, addingSpecialTokens, maximumLength, box)
    }
  }

  /// The ids of two texts in one sequence.
  ///
  /// An empty second text is still a member of the pair.
  ///
  /// - Parameters:
  ///   - first: the first text.
  ///   - second: the second text; `nil` for the form of a single one.
  ///   - addingSpecialTokens: whether the model's special tokens are put around them.
  ///   - truncation: how the texts are cut; `nil` when they are not.
  /// - Returns: the ids and the types.
  /// - Throws: ``TokenizerError``, when the model cannot express a text, or when the texts cannot be
  ///   cut in this way.
  public func encode(
    _ first: String, pairedWith second: String?, addingSpecialTokens: Bool = true,
    truncation: Truncation? = nil
  ) throws(TokenizerError) -> Encoding {
    try withMemory { box throws(TokenizerError) in
      var ids: [TokenID] = []
      try pipeline.append(first, &box.memory, to: &ids)
      let firstCount = ids.count
      if let second { try pipeline.append(second, &box.memory, to: &ids) }
      return try finish(
        ids[..<firstCount], second == nil ? nil : ids[firstCount...], addingSpecialTokens,
        truncation)
    }
  }

  /// Puts special tokens around ids that were made before.
  ///
  /// - Parameters:
  ///   - first: the ids of the first text, without special tokens.
  ///   - second: those of the second one; `nil` for the form of a single one.
  /// - Returns: the ids and the types.
  /// - Throws: nothing at present.
  public func join(
    _ first: [TokenID], pairedWith second: [TokenID]? = nil
  ) throws(TokenizerError) -> Encoding {
    try finish(first[...], second.map { $0[...] }, true, nil)
  }

  /// The ids of many texts.
  ///
  /// - Parameters:
  ///   - texts: the texts.
  ///   - addingSpecialTokens: whether the model's special tokens are put around each.
  ///   - maximumLength: the most ids of each, special tokens included.
  ///   - threads: how many threads work.
  /// - Returns: the ids in the order of the texts.
  /// - Throws: ``TokenizerError`` of the first text that has one.
  public func encode(
    batch texts: [String], addingSpecialTokens: Bool = true, maximumLength: Int? = nil,
    threads: Int = 1
  ) throws -> [[TokenID]] {
    let size = 32
    let blocks = (texts.count + size - 1) / size
    let encodeBlock: @Sendable (Int) throws -> [[TokenID]] = { [self] block in
      try withMemory { box throws(TokenizerError) in
        var result: [[TokenID]] = []
        for text in texts[(block * size)..<min((block + 1) * size, texts.count)] {
          result.append(try encode(text, addingSpecialTokens, maximumLength, box))
        }
        return result
      }
    }
    guard threads > 1, blocks > 1 else {
      return try (0..<blocks).flatMap { try encodeBlock($0) }
    }
    let next = Atomic<Int>(0)
    let results = Mutex([Result<[[TokenID]], any Error>?](repeating: nil, count: blocks))
    DispatchQueue.concurrentPerform(iterations: min(threads, blocks)) { _ in
      while true {
        let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard block < blocks else { return }
        let result = Result { try encodeBlock(block) }
        results.withLock { $0[block] = result }
      }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }.flatMap { $0 }
  }

  /// The number of ids of a text, special tokens included.
  ///
  /// - Parameter text: the text.
  /// - Returns: the number.
  /// - Throws: ``TokenizerError``, when the model cannot express the text.
  public func count(_ text: String) throws -> Int {
    try withMemory { box throws(TokenizerError) in
      box.ids.removeAll(keepingCapacity: true)
      try pipeline.append(text, &box.memory, to: &box.ids)
      return box.ids.count + specialTokenCount()
    }
  }

  private func encode(
    _ text: String, _ addingSpecialTokens: Bool, _ maximumLength: Int?,
    _ box: EncodingMemory.Box
  ) throws(TokenizerError) -> [TokenID] {
    box.ids.removeAll(keepingCapacity: true)
    try pipeline.append(text, &box.memory, to: &box.ids)
    var kept = box.ids[...]
    if let maximumLength {
      let truncation = Truncation(maximumLength: maximumLength)
      let added = addingSpecialTokens ? specialTokenCount() : 0
      let count = try truncation.kept(first: kept.count, second: nil, added: added).first
      kept = keep(count, of: kept, truncationSide)
    }
    guard addingSpecialTokens else { return Array(kept) }
    var result: [TokenID] = []
    result.reserveCapacity(kept.count + 4)
    for piece in postProcessor.single {
      switch piece {
      case .first: result += kept
      case .second: break
      case .special(let special, _): result += special
      }
    }
    return result
  }

  private func finish(
    _ first: ArraySlice<TokenID>, _ second: ArraySlice<TokenID>?, _ addingSpecialTokens: Bool,
    _ truncation: Truncation?
  ) throws(TokenizerError) -> Encoding {
    let template = second == nil ? postProcessor.single : postProcessor.pair
    var first = first
    var second = second
    if let truncation {
      let added = addingSpecialTokens ? PostProcessor.added(by: template) : 0
      let counts = try truncation.kept(
        first: first.count, second: second?.count, added: added)
      let side = truncation.side ?? truncationSide
      first = keep(counts.first, of: first, side)
      second = second.map { keep(counts.second, of: $0, side) }
    }
    var encoding = Encoding()
    func append(_ ids: ArraySlice<TokenID>, _ typeID: TokenID) {
      encoding.ids += ids
      encoding.typeIDs += repeatElement(typeID, count: ids.count)
    }
    for piece in template {
      switch piece {
      case .first(let typeID): append(first, typeID)
      case .second(let typeID): append(second ?? [], typeID)
      case .special(let ids, let typeID): if addingSpecialTokens { append(ids[...], typeID) }
      }
    }
    return encoding
  }

  private func keep(
    _ count: Int, of ids: ArraySlice<TokenID>, _ side: Truncation.Side
  ) -> ArraySlice<TokenID> {
    side == .right ? ids.prefix(count) : ids.suffix(count)
  }

  private func withMemory<Result>(
    _ body: (EncodingMemory.Box) throws(TokenizerError) -> Result
  ) throws(TokenizerError) -> Result {
    let box = memories.withLock { $0.popLast() } ?? EncodingMemory.Box()
    defer { memories.withLock { $0.append(box) } }
    return try body(box)
  }
}

extension EncodingPipeline {
  /// Appends the ids of a text.
  func append(
    _ text: String, _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    var text = text
    var failure: TokenizerError?
    text.withUTF8 { bytes in
      unsafe bytes.withView { view in
        do throws(TokenizerError) { try append(view, &memory, to: &ids) } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }
}
