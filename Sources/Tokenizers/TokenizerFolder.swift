internal import JSON

/// How a SentencePiece model is to be used, as the files beside it in a Hugging Face folder say.
///
/// Source: transformers 4.46.3 (`tokenization_llama_fast.py`, `convert_slow_tokenizer.py`) and
/// tokenizers 0.20.3 (`tokenizer.json`).
struct TokenizerFolder {
  /// When a space is put before a text, and before the texts between added tokens.
  struct DummyPrefix: Equatable {
    /// The three schemes of the `Metaspace` pre-tokenizer.
    enum Scheme: String {
      /// Before every text between added tokens.
      case always
      /// Before a text that starts with no added token.
      case first
      /// Nowhere.
      case never
    }

    /// The scheme.
    var scheme: Scheme
    /// Whether a text that starts with a space gets none, as `Metaspace` has it.
    var skipsSpace = false
  }

  /// Model files in the order they are looked for.
  static let modelFiles = ["tokenizer.model", "spiece.model", "spm.model"]

  /// The tokens to look for in raw text.
  private(set) var addedTokens: [AddedTokens.Token] = []
  /// The ids before every text.
  private(set) var prefix: [Int] = []
  /// The ids after every text.
  private(set) var suffix: [Int] = []
  /// When a space is put before a text.
  private(set) var dummyPrefix: DummyPrefix
  /// The longest sequence of the model.
  private(set) var maximumLength: Int?

  private let model: SentencePieceModel
  private let configurationPath: String
  private let configuration: JSONValue
  private let fast: JSONValue?

  /// Reads the files beside a model.
  ///
  /// - Parameters:
  ///   - modelPath: the model's file.
  ///   - model: what the model says of itself.
  /// - Throws: ``TokenizerError``.
  init(besideModel modelPath: String, model: SentencePieceModel) throws {
    let slash = modelPath.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(modelPath[...$0]) } ?? ""
    let fileName = slash.map { String(modelPath[modelPath.index(after: $0)...]) } ?? modelPath
    self.model = model
    configurationPath = folder + "tokenizer_config.json"
    let specialTokens = try Self.json(folder + "special_tokens_map.json")
    configuration = try Self.merge(Self.json(configurationPath), over: specialTokens)
    fast = try Self.json(folder + "tokenizer.json")
    dummyPrefix = DummyPrefix(scheme: model.addsDummyPrefix ? .always : .never)
    addedTokens = try readAddedTokens(more: Self.json(folder + "added_tokens.json"))
    readDummyPrefix()
    try readSpecialTokens(fileName: fileName)
    if let length = configuration["model_max_length"]?.int, length < 1_000_000_000 {
      maximumLength = length
    }
  }

  /// The tokenizer's class without the mark of the fast variant.
  private var className: String? {
    guard let name = configuration["tokenizer_class"]?.string else { return nil }
    return name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
  }

  /// Whether the class sets its special tokens by two switches, whatever `tokenizer.json` says.
  private var isLLaMA: Bool {
    ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer"].contains(className)
  }

  private static func json(_ path: String) throws -> JSONValue? {
    guard FileBytes.exists(path) else { return nil }
    do {
      return try JSONParser().value(of: FileBytes.read(path))
    } catch let error as JSONError {
      throw TokenizerError.malformedConfiguration(path: path, reason: error.description)
    }
  }

  private static func merge(_ value: JSONValue?, over base: JSONValue?) -> JSONValue {
    var result = base?.object ?? JSONObject()
    for member in value?.object?.members ?? [] { result[member.key] = member.value }
    return .object(result)
  }

  // MARK: - Added tokens

  private func readAddedTokens(more: JSONValue?) throws -> [AddedTokens.Token] {
    if let tokens = fast?["added_tokens"]?.array {
      return try tokens.map { try token($0, id: $0["id"]?.int) }
    }
    if let tokens = configuration["added_tokens_decoder"]?.object {
      return try tokens.members.map { try token($0.value, id: Int($0.key)) }
    }
    // The model's own control symbols, then what older folders add to them.
    var tokens: [AddedTokens.Token] = []
    for (id, piece) in model.pieces.enumerated()
    where piece.type == .control || piece.type == .unknown {
      tokens.append(.init(content: String(decoding: piece.text, as: UTF8.self), id: id))
    }
    for member in more?.object?.members ?? [] {
      guard let id = member.value.int else { continue }
      tokens.append(.init(content: member.key, id: id))
    }
    if className == "T5Tokenizer" {
      let count = configuration["extra_ids"]?.int ?? 100
      for index in 0..<max(0, count) {
        let id = model.pieces.count + count - 1 - index
        tokens.append(.init(content: "<extra_id_\(index)>", id: id))
      }
    }
    return tokens
  }

  private func token(_ value: JSONValue, id: Int?) throws -> AddedTokens.Token {
    guard let content = value["content"]?.string, let id else {
      throw TokenizerError.malformedConfiguration(
        path: configurationPath, reason: "an added token has no content or no id")
    }
    return AddedTokens.Token(
      content: content, id: id,
      stripsLeft: value["lstrip"]?.bool ?? false, stripsRight: value["rstrip"]?.bool ?? false,
      isSingleWord: value["single_word"]?.bool ?? false,
      isNormalized: value["normalized"]?.bool ?? false)
  }

  // MARK: - The space before a text

  private mutating func readDummyPrefix() {
    let isLegacy = configuration["legacy"].map { $0.bool ?? true } ?? true
    let forced = isLLaMA ? configuration["add_prefix_space"] : nil
    if let adds = forced?.bool {
      // transformers converts such a folder again, by these two values alone.
      let scheme: DummyPrefix.Scheme = adds ? (isLegacy ? .always : .first) : .never
      dummyPrefix = DummyPrefix(scheme: scheme, skipsSpace: !isLegacy)
    } else if let fast {
      dummyPrefix = Self.dummyPrefix(of: fast)
    } else if isLLaMA {
      // Without a tokenizer.json the model is converted; `null` then counts as `false`.
      let scheme: DummyPrefix.Scheme = isLegacy ? .always : .first
      dummyPrefix = DummyPrefix(
        scheme: forced?.isNull == true ? .never : scheme, skipsSpace: !isLegacy)
    }
  }

  private static func dummyPrefix(of fast: JSONValue) -> DummyPrefix {
    let normalizers = steps(fast["normalizer"], list: "normalizers")
    if normalizers.contains(where: { $0["type"] == "Prepend" }) {
      return DummyPrefix(scheme: .always)
    }
    let preTokenizers = steps(fast["pre_tokenizer"], list: "pretokenizers")
    guard let metaspace = preTokenizers.first(where: { $0["type"] == "Metaspace" }) else {
      return DummyPrefix(scheme: .never)
    }
    let adds = metaspace["add_prefix_space"]?.bool ?? true
    let scheme = metaspace["prepend_scheme"]?.string.flatMap { DummyPrefix.Scheme(rawValue: $0) }
    return DummyPrefix(scheme: scheme ?? (adds ? .always : .never), skipsSpace: true)
  }

  /// A component of `tokenizer.json` as a list: a `Sequence` is opened, a missing one is empty.
  private static func steps(_ component: JSONValue?, list: String) -> [JSONValue] {
    guard let component, !component.isNull else { return [] }
    guard component["type"] == "Sequence" else { return [component] }
    return (component[list]?.array ?? []).flatMap { steps($0, list: list) }
  }

  // MARK: - Special tokens

  private mutating func readSpecialTokens(fileName: String) throws {
    if isLLaMA {
      try addSwitchedTokens()
    } else if let fast {
      try readPostProcessor(fast["post_processor"])
    } else {
      try addTokensOfClass(fileName: fileName)
    }
  }

  private mutating func addSwitchedTokens() throws {
    let start = configuration["add_bos_token"].map { $0.bool ?? false } ?? true
    let end = configuration["add_eos_token"].map { $0.bool ?? false } ?? false
    if start { prefix = [try id(ofRole: "bos_token", otherwise: "<s>")] }
    if end { suffix = [try id(ofRole: "eos_token", otherwise: "</s>")] }
  }

  private mutating func addTokensOfClass(fileName: String) throws {
    switch (className, fileName) {
    case (nil, "tokenizer.model"):
      try addSwitchedTokens()
    case ("T5Tokenizer", _), (nil, "spiece.model"):
      suffix = [try id(ofRole: "eos_token", otherwise: "</s>")]
    case ("DebertaV2Tokenizer", _), ("AlbertTokenizer", _), (nil, "spm.model"):
      prefix = [try id(ofRole: "cls_token", otherwise: "[CLS]")]
      suffix = [try id(ofRole: "sep_token", otherwise: "[SEP]")]
    case (nil, _): break
    case (let name?, _):
      throw TokenizerError.unsupported(
        path: configurationPath, what: "tokenizer_class \(name) and no tokenizer.json beside it",
        expected: "LlamaTokenizer, GemmaTokenizer, T5Tokenizer, DebertaV2Tokenizer, AlbertTokenizer"
      )
    }
  }

  private func id(ofRole role: String, otherwise content: String) throws -> Int {
    let token = configuration[role]
    let content = token?.string ?? token?["content"]?.string ?? content
    let added = addedTokens.first { $0.content.utf8.elementsEqual(content.utf8) }
    guard let id = added?.id ?? model.id(of: content) else {
      throw TokenizerError.malformedConfiguration(
        path: configurationPath, reason: "its \(role) \(content) is no token of the model")
    }
    return id
  }

  private mutating func readPostProcessor(_ component: JSONValue?) throws {
    for step in Self.steps(component, list: "processors") {
      switch step["type"]?.string {
      case "TemplateProcessing": try readTemplate(step)
      case "BertProcessing", "RobertaProcessing":
        if let id = step["cls"]?.array?.last?.int { prefix.append(id) }
        if let id = step["sep"]?.array?.last?.int { suffix.append(id) }
      case "ByteLevel": break
      case let type:
        throw TokenizerError.unsupported(
          path: configurationPath, what: "a post_processor \(type ?? "without type") beside it",
          expected: "TemplateProcessing, BertProcessing or RobertaProcessing")
      }
    }
  }

  private mutating func readTemplate(_ template: JSONValue) throws {
    var isAfterText = false
    for item in template["single"]?.array ?? [] {
      if item["Sequence"] != nil { isAfterText = true }
      guard let name = item["SpecialToken"]?["id"]?.string else { continue }
      guard let ids = template["special_tokens"]?[name]?["ids"]?.array else {
        throw TokenizerError.malformedConfiguration(
          path: configurationPath,
          reason: "the template of tokenizer.json beside it names \(name) without its id")
      }
      if isAfterText { suffix += ids.compactMap(\.int) } else { prefix += ids.compactMap(\.int) }
    }
  }
}
