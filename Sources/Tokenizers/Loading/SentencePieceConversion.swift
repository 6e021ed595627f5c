/// Converts SentencePiece models as transformers does for its fast tokenizers.
///
/// The result is what those give, not what the SentencePiece library gives: the two differ on
/// stacked accents and on runs of white space.
///
/// Source: transformers 4.46.3, `convert_slow_tokenizer.py`, `SpmConverter` and its subclasses.
struct SentencePieceConversion {
  private typealias Entry = (text: [UInt8], score: Double)

  private let conversion: SlowConversion
  private let path: String
  private let file: SentencePieceFile
  private var family: TokenizerClass.Family { conversion.tokenizerClass.family }
  private var files: ConfigurationFiles { conversion.files }

  private static let space = "\u{2581}"

  /// Reads a model.
  init(_ conversion: SlowConversion, path: String) throws {
    self.conversion = conversion
    self.path = path
    file = try SentencePieceFile(conversion.read(path), path: path)
  }

  /// The draft of the tokenizer.
  func draft() throws -> TokenizerDraft {
    let entries = try entries()
    var draft: TokenizerDraft
    switch file.modelType {
    case .unigram: draft = try unigram(entries)
    case .bpe: draft = try bpe(entries)
    case .word, .character:
      throw TokenizerError.unsupported(
        path: path, what: "a model of the kind '\(file.modelType)'", expected: "unigram or bpe")
    }
    draft.normalizer = try normalizer()
    draft.preTokenizer = try preTokenizer()
    draft.decoder = try decoder()
    var added: [AddedVocabulary.Token] = []
    for piece in file.pieces where piece.type == .control || piece.type == .userDefined {
      let isTurn = ["<start_of_turn>", "<end_of_turn>"].contains {
        $0.utf8.elementsEqual(piece.text)
      }
      added.append(
        AddedVocabulary.Token(
          content: piece.text,
          isSpecial: piece.type == .control || family == .gemma && isTurn))
    }
    try draft.add(added)
    return draft
  }

  // MARK: - Models

  private func entries() throws(TokenizerError) -> [Entry] {
    let pieces = file.pieces.map { (text: $0.text, score: $0.score) }
    func entry(_ text: String, _ score: Double = 0) -> Entry { (Array(text.utf8), score) }
    switch family {
    case .t5:
      let count = try files.count("extra_ids") ?? 100
      guard count <= 1_000_000 else {
        throw .malformedConfiguration(
          path: files.folder + "tokenizer_config.json", reason: "it has \(count) extra_ids")
      }
      return pieces + (0..<count).reversed().map { entry("<extra_id_\($0)>") }
    case .llama:
      return pieces.prefix(3).map { ($0.text, 0) } + pieces.dropFirst(3)
    case .gemma:
      let roles = ["pad_token", "eos_token", "bos_token"].map { role in
        entry(files.named[role]?.text ?? conversion.tokenizerClass.defaultRoles[role] ?? "")
      }
      return roles
        + pieces.dropFirst(3).map { piece in
          piece.text.elementsEqual("<0x09>".utf8) ? (Array("\t".utf8), piece.score) : piece
        }
    case .albert:
      // Numbers that end in a comma are to be cut before it.
      return pieces.map { piece in
        let isNumber =
          piece.text.count > 1 && piece.text.last == UInt8(ascii: ",")
          && (0x30...0x39).contains(piece.text[piece.text.count - 2])
        return isNumber ? (piece.text, piece.score - 100) : piece
      }
    case .xlmRoberta:
      return ["<s>", "<pad>", "</s>", "<unk>"].map { entry($0) } + pieces.dropFirst(3)
        + [entry("<mask>")]
    default: return pieces
    }
  }

  private func vocabulary(_ entries: [Entry]) -> Vocabulary {
    var vocabulary = Vocabulary()
    for (id, entry) in entries.enumerated() {
      entry.text.withView {
        vocabulary.set($0, id: TokenID(clamping: id), keepsOldID: file.modelType == .unigram)
      }
    }
    _ = vocabulary.seal()
    return vocabulary
  }

  private var fallsBackToBytes: Bool { family == .llama || family == .gemma }

  private func unigram(_ entries: [Entry]) throws(TokenizerError) -> TokenizerDraft {
    let unknownID: Int =
      switch family {
      case .llama: 0
      case .gemma, .xlmRoberta: 3
      default: file.unknownID
      }
    guard entries.indices.contains(unknownID) else {
      throw .malformedModel(path: path, reason: "it has only \(entries.count) pieces")
    }
    return TokenizerDraft(
      path: path,
      model: .unigram(
        scores: entries.map(\.score), unknownID: TokenID(clamping: unknownID),
        fallsBackToBytes: fallsBackToBytes),
      vocabulary: vocabulary(entries), modelCount: entries.count)
  }

  private func bpe(_ entries: [Entry]) throws -> TokenizerDraft {
    let tokens = vocabulary(entries)
    let pairs = SentencePieceMerges.pairs(
      scores: entries.map { ($0.text, $0.score) },
      ids: family == .gemma ? gemmaIDs() : pieceIDs())
    var merges = MergeList(tokens, prefixLength: 0, capacity: pairs.count, path: path)
    for (first, second) in pairs {
      try first.withView { first in try second.withView { try merges.append(first, $0) } }
    }
    let settings = BPEModel.Settings(
      unknownToken: String(decoding: file.unknownPiece, as: UTF8.self), fusesUnknown: true,
      fallsBackToBytes: fallsBackToBytes)
    return TokenizerDraft(
      path: path,
      model: .bpe(settings, merges.table, merges.crossings),
      vocabulary: tokens, modelCount: tokens.count)
  }

  private func pieceIDs() -> [[UInt8]: Int] {
    Dictionary(
      file.pieces.enumerated().map { ($1.text, $0) }, uniquingKeysWith: { $1 })
  }

  private func gemmaIDs() -> [[UInt8]: Int] {
    var ids = pieceIDs()
    ids[Array("\t".utf8)] = ids[Array("<0x09>".utf8)]
    return ids
  }

  // MARK: - The other steps

  private func characterMap() throws(TokenizerError) -> [Normalizer] {
    guard !file.characterMap.isEmpty else { return [] }
    guard let map = PrecompiledCharacterMap(file.characterMap) else {
      throw .malformedModel(
        path: path, reason: "the trie or the texts of its character map are broken")
    }
    return [.precompiled(map)]
  }

  private func normalizer() throws -> Normalizer? {
    switch family {
    case .llama:
      guard try files.bool("legacy") ?? true else { return nil }
      let prepend: [Normalizer] =
        try addsPrefixSpace() ? [.prepend(Array(Self.space.utf8))] : []
      return .sequence(prepend + [.replace(try Replacement(literal: " ", content: Self.space))])
    case .gemma: return .replace(try Replacement(literal: " ", content: Self.space))
    case .debertaV2:
      let lowercase: [Normalizer] = try files.bool("do_lower_case") ?? false ? [.lowercase] : []
      return .sequence(
        try lowercase + [.strip(left: true, right: true)] + characterMap()
          + [.replace(Replacement(expression: " {2,}", content: " "))])
    case .albert:
      var steps: [Normalizer] = [
        .replace(try Replacement(literal: "``", content: "\"")),
        .replace(try Replacement(literal: "''", content: "\"")),
      ]
      if try !(files.bool("keep_accents") ?? false) {
        steps.append(.unicode(UnicodeNormalization(composes: false, isCompatible: true)))
        steps.append(.stripAccents)
      }
      if try files.bool("do_lower_case") ?? true { steps.append(.lowercase) }
      return .sequence(
        try steps + characterMap()
          + [.replace(Replacement(expression: " {2,}", content: " "))])
    default:
      return .sequence(
        try characterMap()
          + [
            .strip(left: false, right: true),
            .replace(Replacement(expression: " {2,}", content: Self.space)),
          ])
    }
  }

  private func addsPrefixSpace() throws(TokenizerError) -> Bool {
    // T5's fast class keeps the switch to itself when it has its tokenizer.json converted again.
    if family == .t5, conversion.isRepeated { return true }
    // A null counts as false, as it does in Python.
    return try files.bool("add_prefix_space") ?? !files.has("add_prefix_space")
  }

  private func metaspace(splits: Bool = true) throws(TokenizerError) -> Metaspace {
    let hasSwitch = family == .llama || family == .t5
    var adds = true
    var isLegacy = true
    if hasSwitch {
      adds = try addsPrefixSpace()
      isLegacy = try files.bool("legacy") ?? true
    }
    return Metaspace(
      replacement: Array(Self.space.utf8),
      prependScheme: adds ? (isLegacy ? .always : .first) : .never, splits: splits)
  }

  private func preTokenizer() throws -> PreTokenizer? {
    switch family {
    case .llama:
      return try files.bool("legacy") ?? true ? nil : .metaspace(metaspace(splits: false))
    case .gemma: return .split(.literal([0x20]), .mergedWithPrevious, inverted: false)
    case .debertaV2:
      let punctuation: [PreTokenizer] =
        try files.bool("split_by_punct") ?? false ? [.punctuation(.isolated)] : []
      return .sequence(try punctuation + [.metaspace(metaspace())])
    case .xlmRoberta:
      return .sequence([.whitespaceSplit, .metaspace(try metaspace())])
    default: return .metaspace(try metaspace())
    }
  }

  private func decoder() throws -> Decoder {
    guard family == .llama || family == .gemma else { return .metaspace(try metaspace()) }
    var steps: [Decoder] = [
      .replace(try Replacement(literal: Self.space, content: " ")), .byteFallback, .fuse,
    ]
    if family == .llama, try addsPrefixSpace() { steps.append(.strip(0x20, start: 1, stop: 0)) }
    return .sequence(steps)
  }
}

/// The merges that lead to the pieces of a SentencePiece model of the byte-pair kind.
enum SentencePieceMerges {
  private struct Merge {
    let first: [UInt8]
    let second: [UInt8]
    let score: Double
    let lengths: (Int, Int)
    let ids: (Int, Int)
  }

  /// The pairs in the order in which they are merged.
  ///
  /// - Parameters:
  ///   - scores: the pieces with their scores.
  ///   - ids: the ids of the pieces that can be parts.
  /// - Returns: the pairs.
  static func pairs(
    scores: [(text: [UInt8], score: Double)], ids: [[UInt8]: Int]
  ) -> [(first: [UInt8], second: [UInt8])] {
    // Of equal pieces the last score counts, in the first one's place.
    var places: [[UInt8]: Int] = [:]
    var pieces: [(text: [UInt8], score: Double)] = []
    for piece in scores {
      if let place = places[piece.text] {
        pieces[place].score = piece.score
      } else {
        places[piece.text] = pieces.count
        pieces.append(piece)
      }
    }
    let longest = ids.keys.map(\.count).max() ?? 0
    var merges: [Merge] = []
    for piece in pieces {
      var local: [Merge] = []
      var firstLength = 0
      let length = piece.text.withView { $0.scalarCount }
      for cut in piece.text.indices.dropFirst() where piece.text[cut] & 0xC0 != 0x80 {
        firstLength += 1
        guard cut <= longest, piece.text.count - cut <= longest else { continue }
        let first = Array(piece.text[..<cut])
        guard let firstID = ids[first] else { continue }
        let second = Array(piece.text[cut...])
        guard let secondID = ids[second] else { continue }
        local.append(
          Merge(
            first: first, second: second, score: piece.score,
            lengths: (firstLength, length - firstLength), ids: (firstID, secondID)))
      }
      merges += local.sorted { $0.ids < $1.ids }
    }
    let order = merges.indices.sorted { left, right in
      let a = merges[left]
      let b = merges[right]
      if a.score != b.score { return a.score > b.score }
      if a.lengths != b.lengths { return a.lengths > b.lengths }
      return left < right
    }
    return order.map { (merges[$0].first, merges[$0].second) }
  }
}
