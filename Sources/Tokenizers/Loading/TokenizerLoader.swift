/// Finds the files of a tokenizer and puts it together.
struct TokenizerLoader {
  private let path: String
  private let folder: String
  /// The one file to load, when the path names no folder.
  private let fileName: String?
  private let usesShortcuts: Bool
  /// A hash of everything that was read.
  private let content = ContentHash()

  /// A loader.
  ///
  /// - Parameters:
  ///   - path: a folder, or one of its files.
  ///   - usesShortcuts: whether quicker ways may be taken.
  /// - Throws: ``TokenizerError/unreadable(path:reason:)``.
  init(path: String, usesShortcuts: Bool = true) throws {
    self.path = path
    self.usesShortcuts = usesShortcuts
    if FileBytes.isFolder(path) {
      folder = path.hasSuffix("/") ? path : path + "/"
      fileName = nil
    } else {
      guard FileBytes.exists(path) else { throw FileBytes.failure(path) }
      let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
      folder = slash.map { String(path[...$0]) } ?? ""
      fileName = slash.map { String(path[path.index(after: $0)...]) } ?? path
    }
  }

  /// The files that a tokenizer can be loaded from.
  private static let expected = [
    "tokenizer.json", "vocab.txt", "vocab.json with merges.txt", "tokenizer.model",
    "spiece.model", "spm.model", "sentencepiece.bpe.model",
  ]

  /// Loads the tokenizer.
  ///
  /// - Parameter added: tokens to add to those of the files.
  /// - Returns: its parts.
  /// - Throws: ``TokenizerError``.
  func load(adding added: [String] = []) throws -> TokenizerParts {
    var files = try ConfigurationFiles(folder: folder) { try optional($0) }
    let named = tokenizerClass(files)
    let file = try tokenizerFile()
    var draft: TokenizerDraft
    let known: TokenizerClass?
    if let file, try !isConverted(named, files) {
      draft = file
      known = named
      files.takeOver(file.added.tokens.map(\.token))
      try addTokens(to: &draft, files, known, flagsRoles: false)
      try override(&draft, files, known)
    } else {
      let (found, modelPath) = try convertible(named, files)
      let conversion = SlowConversion(
        tokenizerClass: found, files: files, read: { try required($0) }, isRepeated: file != nil)
      draft = try conversion.draft(modelPath: modelPath)
      known = found
      if let file { try draft.add(file.added.tokens.map(\.token)) }
      try addTokens(to: &draft, files, found, flagsRoles: true)
      try conversion.finish(&draft)
    }
    // What the files have stays as they have it.
    for token in added where draft.id(of: token) == nil {
      content.add(Array(token.utf8))
      try draft.add([AddedVocabulary.Token(content: Array(token.utf8), isNormalized: true)])
    }
    let cleansUp = try files.bool("clean_up_tokenization_spaces")
    return TokenizerParts(
      pipeline: try draft.pipeline(usesShortcuts: usesShortcuts), vocabulary: draft.vocabulary,
      postProcessor: draft.postProcessor, decoder: draft.decoder,
      cleansUpSpaces: cleansUp ?? (file == nil && known?.family == .bert),
      signature: "tokenizer \(String(content.value, radix: 16))",
      maximumLength: files.maximumLength,
      truncationSide: try files.truncationSide() ?? draft.truncationSide ?? .right,
      specialTokens: specialTokens(draft, files, known))
  }

  // MARK: - Files

  private func required(_ path: String) throws -> [UInt8] {
    let bytes = try FileBytes.read(path)
    content.add(bytes)
    return bytes
  }

  private func optional(_ path: String) throws -> [UInt8]? {
    FileBytes.exists(path) ? try required(path) : nil
  }

  private func tokenizerFile() throws -> TokenizerDraft? {
    let name = fileName?.hasSuffix(".json") ?? false ? fileName ?? "" : "tokenizer.json"
    // A path to a model asks for the model.
    guard fileName == nil || fileName == name, let bytes = try optional(folder + name) else {
      return nil
    }
    return try TokenizerFile.read(bytes, path: folder + name)
  }

  /// Whether transformers converts the slow tokenizer although there is a `tokenizer.json`.
  private func isConverted(
    _ named: TokenizerClass?, _ files: ConfigurationFiles
  ) throws -> Bool {
    switch named?.family {
    case .llama?:
      try files.bool("add_prefix_space") != nil && FileBytes.exists(folder + "tokenizer.model")
    case .t5?:
      try files.bool("add_prefix_space") != nil && FileBytes.exists(folder + "spiece.model")
    default: false
    }
  }

  /// The class that something names.
  private func tokenizerClass(_ files: ConfigurationFiles) -> TokenizerClass? {
    guard let name = files.className else { return nil }
    // BLEURT has one name for two classes; the files tell which one is meant.
    if name == "BleurtTokenizer", !FileBytes.exists(folder + "vocab.txt"),
      FileBytes.exists(folder + "spm.model")
    {
      return TokenizerClass(family: .debertaV2)
    }
    return TokenizerClass(name: name)
  }

  /// The class whose files the folder has, and the file to begin with.
  private func convertible(
    _ named: TokenizerClass?, _ files: ConfigurationFiles
  ) throws -> (TokenizerClass, String) {
    func names(_ family: TokenizerClass.Family) -> [String] {
      switch family {
      case .bert: ["vocab.txt"]
      case .roberta, .bart, .gpt2, .deberta: ["vocab.json"]
      case .debertaV2: ["spm.model", "spiece.model"]
      case .t5, .albert: ["spiece.model"]
      case .llama, .gemma: ["tokenizer.model"]
      case .xlmRoberta: ["sentencepiece.bpe.model"]
      }
    }
    if let named {
      let candidates = fileName.map { [$0] } ?? names(named.family)
      if let name = candidates.first(where: { FileBytes.exists(folder + $0) }) {
        return (named, folder + name)
      }
      throw TokenizerError.noModel(
        folder: folder, expected: ["tokenizer.json"] + names(named.family))
    }
    if let name = files.className {
      throw TokenizerError.unsupported(
        path: path, what: "tokenizer_class \(name) and no tokenizer.json",
        expected: "the class of BERT, RoBERTa, BART, GPT-2, DeBERTa, DebertaV2, T5, LLaMA, Gemma, "
          + "ALBERT or XLM-R, or a tokenizer.json")
    }
    // Nothing names a class: the files of some kinds have names of their own.
    let families: [TokenizerClass.Family] = [.llama, .t5, .debertaV2, .xlmRoberta, .bert]
    for family in families {
      let candidates = names(family).prefix(1).filter { fileName == nil || $0 == fileName }
      if let name = candidates.first(where: { FileBytes.exists(folder + $0) }) {
        return (TokenizerClass(family: family), folder + name)
      }
    }
    if FileBytes.exists(folder + "vocab.json") && fileName == nil {
      throw TokenizerError.unsupported(
        path: path, what: "a vocab.json, but nothing that names the tokenizer's class",
        expected: "tokenizer_class in tokenizer_config.json, or a tokenizer.json")
    }
    if let fileName {
      throw TokenizerError.unsupported(
        path: path, what: "the name \(fileName), which tells no class of tokenizers",
        expected: "tokenizer_class in tokenizer_config.json beside it")
    }
    throw TokenizerError.noModel(folder: path, expected: Self.expected)
  }

  // MARK: - Tokens

  /// The tokens with a role: the folder's, else the class's.
  private func roles(
    _ files: ConfigurationFiles, _ known: TokenizerClass?
  ) throws(TokenizerError) -> [(role: String, token: ConfigurationFiles.NamedToken)] {
    let defaults = known?.defaultRoles ?? [:]
    var roles: [(role: String, token: ConfigurationFiles.NamedToken)] = []
    for role in ConfigurationFiles.roles {
      if let token = files.named[role] {
        roles.append((role, token))
      } else if let content = defaults[role] {
        roles.append((role, .content(content)))
      }
    }
    for token in try additional(files, known) { roles.append(("additional", token)) }
    return roles
  }

  private func additional(
    _ files: ConfigurationFiles, _ known: TokenizerClass?
  ) throws(TokenizerError) -> [ConfigurationFiles.NamedToken] {
    var tokens = files.additional ?? []
    guard known?.family == .t5 else { return tokens }
    let count = try files.count("extra_ids") ?? 100
    guard count <= 1_000_000 else {
      throw .malformedConfiguration(
        path: folder + "tokenizer_config.json", reason: "it has \(count) extra_ids")
    }
    let extra = tokens.count { $0.text.contains("<extra_id_") }
    if extra == 0 {
      tokens += (0..<count).map { .content("<extra_id_\($0)>") }
    } else if count > 0, extra != count {
      throw .malformedConfiguration(
        path: folder + "tokenizer_config.json",
        reason: "it has \(extra) extra tokens among its additional_special_tokens, but "
          + "\(count) extra_ids")
    }
    return tokens
  }

  /// Adds what the files beside the tokenizer name, as `PreTrainedTokenizerFast` does.
  private func addTokens(
    to draft: inout TokenizerDraft, _ files: ConfigurationFiles, _ known: TokenizerClass?,
    flagsRoles: Bool
  ) throws {
    let splitsSpecialTokens = try files.bool("split_special_tokens") ?? false
    if splitsSpecialTokens {
      var added = AddedVocabulary(splitsSpecialTokens: true)
      swap(&added, &draft.added)
      try draft.add(added.tokens.map(\.token))
    }
    let roles = try roles(files, known)
    let special = Set(roles.map { Array($0.token.text.utf8) })
    var tokens = files.addedTokens.map { token in
      var token = token
      token.isSpecial = token.isSpecial || special.contains(token.content)
      return token
    }
    let present = Set(
      draft.added.tokens.map(\.token.content) + files.addedTokens.map(\.content))
    var seen: Set<[UInt8]> = []
    for (role, named) in roles {
      let content = Array(named.text.utf8)
      guard seen.insert(content).inserted else { continue }
      switch named {
      case .token(let token):
        guard !files.addedTokens.contains(token) else { continue }
        var token = token
        token.isSpecial = true
        tokens.append(token)
      case .content(let text):
        if flagsRoles, role != "additional", let token = known?.token(text, role: role) {
          tokens.append(token)
        } else if !present.contains(content) {
          tokens.append(AddedVocabulary.Token(content: content, isSpecial: true))
        }
      }
    }
    try draft.add(tokens)
  }

  private func specialTokens(
    _ draft: TokenizerDraft, _ files: ConfigurationFiles, _ known: TokenizerClass?
  ) -> SpecialTokens {
    let defaults = known?.defaultRoles ?? [:]
    func id(_ role: String) -> TokenID? {
      (files.named[role]?.text ?? defaults[role]).flatMap { draft.id(of: $0) }
    }
    var tokens = SpecialTokens()
    tokens.bos = id("bos_token")
    tokens.eos = id("eos_token")
    tokens.unk = id("unk_token")
    tokens.sep = id("sep_token")
    tokens.pad = id("pad_token")
    tokens.cls = id("cls_token")
    tokens.mask = id("mask_token")
    let additional = (try? additional(files, known)) ?? []
    tokens.additional = additional.compactMap { draft.id(of: $0.text) }
    return tokens
  }

  // MARK: - What classes change in a tokenizer.json

  /// Changes what `tokenizer_config.json` says otherwise than `tokenizer.json`.
  ///
  /// transformers also changes what the class has as a default; here the file then counts.
  private func override(
    _ draft: inout TokenizerDraft, _ files: ConfigurationFiles, _ known: TokenizerClass?
  ) throws {
    switch known?.family {
    case .bert?:
      guard case .bert(var normalizer)? = draft.normalizer else { return }
      if let lowercases = try files.bool("do_lower_case") { normalizer.lowercases = lowercases }
      if files.has("strip_accents") {
        normalizer.stripsAccents = try files.bool("strip_accents")
      }
      if let separates = try files.bool("tokenize_chinese_chars") {
        normalizer.separatesChinese = separates
      }
      draft.normalizer = .bert(normalizer)
    case .roberta?, .bart?, .gpt2?, .deberta?:
      guard case .byteLevel(_, let splitsWords)? = draft.preTokenizer,
        let adds = try files.bool("add_prefix_space")
      else { return }
      draft.preTokenizer = .byteLevel(addsPrefixSpace: adds, splitsWords: splitsWords)
    case .llama?, .gemma?:
      draft.postProcessor = try SlowConversion.switchedTokens(draft, files, known)
    default: break
    }
  }
}

/// A hash of files, one after the other.
final class ContentHash {
  /// The hash so far.
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Takes a file in.
  func add(_ bytes: [UInt8]) {
    value = (value ^ bytes.withView { $0.hash }) &* 0x100_0000_01B3
  }
}
