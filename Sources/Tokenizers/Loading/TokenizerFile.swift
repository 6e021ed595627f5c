internal import JSON

/// Reads a `tokenizer.json`.
///
/// Truncation and padding in the file are defaults that transformers switches off for every call,
/// so they are not taken over; the side of the truncation is.
///
/// Source: tokenizers 0.20.3, `tokenizer/serialization.rs` and `models/*/serialization.rs`.
struct TokenizerFile {
  private let path: String

  /// Reads a file's bytes.
  ///
  /// - Parameters:
  ///   - bytes: the content.
  ///   - path: the file, for messages.
  /// - Returns: the draft, with the file's added tokens.
  /// - Throws: ``TokenizerError``.
  static func read(_ bytes: [UInt8], path: String) throws -> TokenizerDraft {
    do {
      return try JSONParser().parse(bytes) { try TokenizerFile(path: path).draft($0) }
    } catch let error as JSONError {
      throw TokenizerError.malformedConfiguration(path: path, reason: error.description)
    }
  }

  private func failure(_ reason: String) -> TokenizerError {
    .malformedConfiguration(path: path, reason: reason)
  }

  private func draft(_ root: JSONElement) throws -> TokenizerDraft {
    guard root.kind == .object else { throw failure("it is \(root.kindName), expected an object") }
    if let version = root["version"], !version.isString("1.0") {
      throw TokenizerError.unsupported(
        path: path, what: "version \(version.value.json())", expected: "\"1.0\"")
    }
    guard let model = root["model"], model.kind == .object else {
      throw failure("it lacks 'model', expected an object")
    }
    var draft = try self.model(model)
    if let normalizer = try component("normalizer", of: root) {
      draft.normalizer = try normalizer.normalizer()
    }
    if let preTokenizer = try component("pre_tokenizer", of: root) {
      draft.preTokenizer = try preTokenizer.preTokenizer()
    }
    if let postProcessor = try component("post_processor", of: root) {
      draft.postProcessor = try postProcessor.postProcessor()
    }
    if let decoder = try component("decoder", of: root) { draft.decoder = try decoder.decoder() }
    if root["truncation"]?["direction"]?.isString("Left") ?? false { draft.truncationSide = .left }
    try draft.add(addedTokens(root))
    return draft
  }

  private func component(
    _ key: StaticString, of root: JSONElement
  ) throws(TokenizerError) -> ComponentReader? {
    guard let element = root[key], !element.isNull else { return nil }
    return ComponentReader(value: element.value, path: path, place: "\(key)")
  }

  private func addedTokens(_ root: JSONElement) throws -> [AddedVocabulary.Token] {
    guard let element = root["added_tokens"], !element.isNull else { return [] }
    guard element.kind == .array else {
      throw failure("added_tokens is \(element.kindName), expected an array")
    }
    var tokens: [AddedVocabulary.Token] = []
    try element.forEachElement { token in
      let reader = ComponentReader(
        value: token.value, path: path, place: "added_tokens[\(tokens.count)]")
      // The number is not used: a token that the model does not have goes on from its last one.
      _ = try reader.id("id")
      tokens.append(
        AddedVocabulary.Token(
          content: Array(try reader.string("content").utf8),
          stripsLeft: try reader.bool("lstrip"), stripsRight: try reader.bool("rstrip"),
          isSingleWord: try reader.bool("single_word"),
          isNormalized: try reader.bool("normalized"), isSpecial: try reader.bool("special")))
    }
    return tokens
  }

  // MARK: - Models

  private func model(_ model: JSONElement) throws -> TokenizerDraft {
    let settings = ComponentReader(
      value: smallMembers(of: model), path: path, place: "model")
    // Files of before tokenizers 0.9 do not name the type: it shows in what the model has.
    switch try settings.optionalString("type") {
    case "BPE"?: return try bpe(model, settings)
    case "WordPiece"?: return try wordPiece(model, settings)
    case "WordLevel"?: return try wordLevel(model, settings)
    case "Unigram"?: return try unigram(model, settings)
    case nil:
      if model["merges"] != nil { return try bpe(model, settings) }
      if model["max_input_chars_per_word"] != nil { return try wordPiece(model, settings) }
      if model["vocab"]?.kind == .array { return try unigram(model, settings) }
      return try wordLevel(model, settings)
    case let type?:
      throw settings.unsupported(
        "type \(type)", expected: "BPE, WordPiece, WordLevel or Unigram")
    }
  }

  /// The members that are neither the vocabulary nor the merges.
  private func smallMembers(of model: JSONElement) -> JSONValue {
    var object = JSONObject()
    model.forEachMember { key, value in
      if value.kind == .array || value.kind == .object { return }
      object[key.string ?? ""] = value.value
    }
    return .object(object)
  }

  private func wordPiece(
    _ model: JSONElement, _ settings: ComponentReader
  ) throws -> TokenizerDraft {
    let vocabulary = try vocabulary(model)
    return TokenizerDraft(
      path: path,
      model: .wordPiece(
        unknownToken: try settings.string("unk_token"),
        continuingPrefix: try settings.string("continuing_subword_prefix"),
        maximumScalars: try settings.count("max_input_chars_per_word")),
      vocabulary: vocabulary, modelCount: vocabulary.count)
  }

  private func wordLevel(
    _ model: JSONElement, _ settings: ComponentReader
  ) throws -> TokenizerDraft {
    let vocabulary = try vocabulary(model)
    return TokenizerDraft(
      path: path, model: .wordLevel(unknownToken: try settings.string("unk_token")),
      vocabulary: vocabulary, modelCount: vocabulary.count)
  }

  private func unigram(
    _ model: JSONElement, _ settings: ComponentReader
  ) throws -> TokenizerDraft {
    guard let pieces = model["vocab"], pieces.kind == .array else {
      throw settings.failure("lacks 'vocab', expected an array of pieces and scores")
    }
    var vocabulary = Vocabulary()
    var scores: [Double] = []
    try pieces.forEachElement { piece in
      var members: [JSONElement] = []
      piece.forEachElement { if members.count < 3 { members.append($0) } }
      guard members.count == 2, let score = members[1].number,
        let id = TokenID(exactly: scores.count),
        unsafe members[0].withStringBytes({ bytes in
          unsafe bytes.withView { vocabulary.set($0, id: id, keepsOldID: true) }
        }) != nil
      else {
        throw settings.failure(
          "has \(short(piece)) as vocab[\(scores.count)], expected a piece and its score")
      }
      scores.append(DecimalNumber.value(readAs: score))
    }
    let unknownID = settings.has("unk_id") ? try settings.id("unk_id") : nil
    if let unknownID, Int(unknownID) >= scores.count {
      throw settings.failure("has the 'unk_id' \(unknownID), but only \(scores.count) pieces")
    }
    // Of equal pieces the last one counts, so that no two share an id.
    _ = vocabulary.seal()
    return TokenizerDraft(
      path: path,
      model: .unigram(
        scores: scores, unknownID: unknownID,
        fallsBackToBytes: try settings.bool("byte_fallback", default: false)),
      vocabulary: vocabulary, modelCount: scores.count)
  }

  private func bpe(_ model: JSONElement, _ reader: ComponentReader) throws -> TokenizerDraft {
    if let dropout = reader.value["dropout"]?.number, dropout != 0 {
      throw reader.unsupported("dropout \(dropout)", expected: "none: ids must not be random")
    }
    let settings = BPEModel.Settings(
      unknownToken: try reader.optionalString("unk_token"),
      continuingPrefix: try reader.optionalString("continuing_subword_prefix") ?? "",
      wordSuffix: try reader.optionalString("end_of_word_suffix") ?? "",
      fusesUnknown: try reader.bool("fuse_unk", default: false),
      fallsBackToBytes: try reader.bool("byte_fallback", default: false),
      ignoresMerges: try reader.bool("ignore_merges", default: false))
    let vocabulary = try vocabulary(model)
    guard let list = model["merges"], list.kind == .array else {
      throw reader.failure("lacks 'merges', expected an array of pairs")
    }
    var capacity = 0
    list.forEachElement { _ in capacity += 1 }
    var merges = MergeList(
      vocabulary, prefixLength: settings.continuingPrefix.utf8.count, capacity: capacity,
      path: path)
    var index = 0
    try list.forEachElement { merge in
      try append(merge, to: &merges, reader, index)
      index += 1
    }
    return TokenizerDraft(
      path: path,
      model: .bpe(settings, merges.table, merges.crossings),
      vocabulary: vocabulary, modelCount: vocabulary.count)
  }

  /// Appends `["a", "b"]` or, as files of before tokenizers 0.20 have it, `"a b"`.
  private func append(
    _ merge: JSONElement, to merges: inout MergeList, _ reader: ComponentReader, _ index: Int
  ) throws {
    let expected = "expected two tokens, as an array or with one space between them"
    if merge.kind == .string {
      var parts: [ArraySlice<UInt8>] = []
      _ = unsafe merge.withStringBytes { bytes in
        let bytes = unsafe Array(bytes)
        guard !bytes.starts(with: "#version".utf8) else { return }
        parts = bytes.split(
          separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
      }
      if parts.isEmpty { return }
      guard parts.count == 2 else {
        throw reader.failure("has \(short(merge)) as merges[\(index)], \(expected)")
      }
      try Array(parts[0]).withView { first in
        try Array(parts[1]).withView { try merges.append(first, $0) }
      }
      return
    }
    var members: [[UInt8]] = []
    merge.forEachElement { member in
      guard members.count < 3 else { return }
      _ = unsafe member.withStringBytes { unsafe members.append(Array($0)) }
    }
    guard merge.kind == .array, members.count == 2 else {
      throw reader.failure("has \(short(merge)) as merges[\(index)], \(expected)")
    }
    try members[0].withView { first in
      try members[1].withView { try merges.append(first, $0) }
    }
  }

  private func vocabulary(_ model: JSONElement) throws -> Vocabulary {
    guard let vocab = model["vocab"], vocab.kind == .object else {
      throw failure("model lacks 'vocab', expected an object of tokens and ids")
    }
    var vocabulary = Vocabulary()
    try vocab.forEachMember { key, value in
      guard let number = value.number, let id = TokenID(exactly: number), id >= 0 else {
        throw failure(
          "model.vocab has \(short(value)) as the id of '\(key.string ?? "")', expected a number "
            + "from 0 to \(TokenID.max)")
      }
      _ = unsafe key.withStringBytes { bytes in
        unsafe bytes.withView { vocabulary.set($0, id: id) }
      }
    }
    if let (first, second) = vocabulary.seal() {
      throw failure("model.vocab gives '\(first)' and '\(second)' the same id")
    }
    return vocabulary
  }

  private func short(_ element: JSONElement) -> String {
    let text = element.value.json()
    return text.utf8.count > 60 ? element.kindName : text
  }
}
