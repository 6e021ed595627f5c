internal import JSON

/// Converts the files of transformers' slow tokenizers to what their fast ones are made of.
///
/// Source: transformers 4.46.3, `convert_slow_tokenizer.py`.
struct SlowConversion {
  /// The tokenizer's class.
  let tokenizerClass: TokenizerClass
  /// What the JSON files say.
  let files: ConfigurationFiles
  /// Reads a file.
  let read: (String) throws -> [UInt8]
  /// Whether there is a `tokenizer.json` as well, and the files ask for another conversion.
  let isRepeated: Bool

  /// The draft of a tokenizer, without tokens that files beside the model add.
  ///
  /// - Parameter modelPath: the model's file.
  /// - Returns: the draft.
  /// - Throws: ``TokenizerError``.
  func draft(modelPath: String) throws -> TokenizerDraft {
    switch tokenizerClass.family {
    case .bert: return try bert(modelPath)
    case .roberta, .bart, .gpt2, .deberta: return try byteLevel(modelPath)
    default: return try SentencePieceConversion(self, path: modelPath).draft()
    }
  }

  /// Puts the special tokens in place once all tokens have their ids.
  func finish(_ draft: inout TokenizerDraft) throws {
    func id(_ role: String) throws(TokenizerError) -> TokenID {
      try Self.id(ofRole: role, draft, files, tokenizerClass)
    }
    func fixed(_ token: String) throws -> TokenID {
      guard let id = draft.id(of: token) else {
        throw TokenizerError.malformedConfiguration(
          path: draft.path, reason: "it lacks the token \(token), which its class needs")
      }
      return id
    }
    switch tokenizerClass.family {
    case .bert:
      draft.postProcessor = .bert(cls: try id("cls_token"), sep: try id("sep_token"))
    case .roberta, .bart:
      draft.postProcessor = .roberta(cls: try id("cls_token"), sep: try id("sep_token"))
    case .xlmRoberta:
      draft.postProcessor = .roberta(cls: try fixed("<s>"), sep: try fixed("</s>"))
    case .deberta, .debertaV2, .albert:
      draft.postProcessor = .bert(cls: try fixed("[CLS]"), sep: try fixed("[SEP]"))
    case .gpt2:
      guard try files.bool("add_bos_token") ?? false else { return }
      let bos = PostProcessor.Piece.special([try id("bos_token")], typeID: 0)
      draft.postProcessor = PostProcessor(
        single: [bos, .first(typeID: 0)],
        pair: [bos, .first(typeID: 0), .second(typeID: 1)])
    case .t5:
      draft.postProcessor = .around(before: [], after: [try fixed("</s>")], secondTypeID: 0)
    case .llama, .gemma:
      draft.postProcessor = try Self.switchedTokens(draft, files, tokenizerClass)
    }
  }

  /// What LLaMA's two switches put around texts, whatever a `tokenizer.json` says.
  static func switchedTokens(
    _ draft: TokenizerDraft, _ files: ConfigurationFiles, _ known: TokenizerClass?
  ) throws(TokenizerError) -> PostProcessor {
    let addsStart = try files.bool("add_bos_token") ?? !files.has("add_bos_token")
    let addsEnd = try files.bool("add_eos_token") ?? false
    return .around(
      before: addsStart ? [try id(ofRole: "bos_token", draft, files, known)] : [],
      after: addsEnd ? [try id(ofRole: "eos_token", draft, files, known)] : [])
  }

  private static func id(
    ofRole role: String, _ draft: TokenizerDraft, _ files: ConfigurationFiles,
    _ known: TokenizerClass?
  ) throws(TokenizerError) -> TokenID {
    let content = files.named[role]?.text ?? known?.defaultRoles[role] ?? ""
    guard let id = draft.id(of: content) else {
      throw .malformedConfiguration(
        path: draft.path, reason: "its \(role) '\(content)' is no token of the model")
    }
    return id
  }

  // MARK: - BERT

  private func bert(_ path: String) throws -> TokenizerDraft {
    let text = try utf8(path)
    var vocabulary = Vocabulary()
    text.withView { view in
      // Lines end as Python's universal newlines do.
      var id: TokenID = 0
      var start = 0
      var index = 0
      while index < view.count {
        let byte = view[index]
        guard byte == 0x0A || byte == 0x0D else {
          index += 1
          continue
        }
        vocabulary.set(view[start..<index], id: id)
        id += 1
        index += byte == 0x0D && index + 1 < view.count && view[index + 1] == 0x0A ? 2 : 1
        start = index
      }
      if start < view.count { vocabulary.set(view[start..<view.count], id: id) }
    }
    guard vocabulary.count > 0 else {
      throw TokenizerError.malformedConfiguration(
        path: path, reason: "it is empty, expected one token on each line")
    }
    _ = vocabulary.seal()
    let unknown = files.named["unk_token"]?.text ?? "[UNK]"
    var draft = TokenizerDraft(
      path: path,
      model: .wordPiece(unknownToken: unknown, continuingPrefix: "##", maximumScalars: 100),
      vocabulary: vocabulary, modelCount: vocabulary.count)
    draft.normalizer = .bert(
      BertNormalizer(
        separatesChinese: try files.bool("tokenize_chinese_chars") ?? true,
        stripsAccents: try files.bool("strip_accents"),
        lowercases: try files.bool("do_lower_case") ?? true))
    draft.preTokenizer = .bert
    draft.decoder = .wordPiece(prefix: "##", cleansUp: true)
    return draft
  }

  // MARK: - Byte-level models

  private func byteLevel(_ path: String) throws -> TokenizerDraft {
    let vocabulary = try vocabulary(path)
    let mergesPath = files.folder + "merges.txt"
    let text = try utf8(mergesPath)
    var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    // The first line tells a version; what stands behind the last line end does not count.
    lines = lines.dropFirst().dropLast()
    var merges = MergeList(vocabulary, prefixLength: 0, capacity: lines.count, path: mergesPath)
    var known: Set<ArraySlice<UInt8>> = []
    for (number, line) in lines.enumerated() {
      let parts = line.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
      guard parts.count == 2 else {
        throw TokenizerError.malformedConfiguration(
          path: mergesPath,
          reason: "line \(number + 2) is '\(String(decoding: line.prefix(60), as: UTF8.self))', "
            + "expected two tokens with a space between them")
      }
      guard known.insert(line).inserted else { continue }
      try Array(parts[0]).withView { first in
        try Array(parts[1]).withView { try merges.append(first, $0) }
      }
    }
    var draft = TokenizerDraft(
      path: path,
      model: .bpe(BPEModel.Settings(), merges.table, merges.crossings),
      vocabulary: vocabulary, modelCount: vocabulary.count)
    draft.preTokenizer = .byteLevel(
      addsPrefixSpace: try files.bool("add_prefix_space") ?? false, splitsWords: true)
    draft.decoder = .byteLevel
    return draft
  }

  private func vocabulary(_ path: String) throws -> Vocabulary {
    func failure(_ reason: String) -> TokenizerError {
      .malformedConfiguration(path: path, reason: reason)
    }
    var vocabulary = Vocabulary()
    do {
      try JSONParser().parse(read(path)) { root in
        guard root.kind == .object else {
          throw failure("it is \(root.kindName), expected an object of tokens and ids")
        }
        try root.forEachMember { key, value in
          guard let number = value.number, let id = TokenID(exactly: number), id >= 0 else {
            throw failure(
              "it has \(value.kindName) as the id of '\(key.string ?? "")', expected a number "
                + "from 0 to \(TokenID.max)")
          }
          _ = unsafe key.withStringBytes { bytes in
            unsafe bytes.withView { vocabulary.set($0, id: id) }
          }
        }
      }
    } catch let error as JSONError { throw failure(error.description) }
    if let (first, second) = vocabulary.seal() {
      throw failure("it gives '\(first)' and '\(second)' the same id")
    }
    return vocabulary
  }

  /// A text file, which must be UTF-8.
  private func utf8(_ path: String) throws -> [UInt8] {
    let bytes = try read(path)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw TokenizerError.malformedConfiguration(path: path, reason: "it is not valid UTF-8")
    }
    return bytes
  }
}
