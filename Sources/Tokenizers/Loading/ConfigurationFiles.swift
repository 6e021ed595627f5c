internal import JSON

/// What the JSON files beside a tokenizer say of it.
///
/// Source: transformers 4.46.3, `tokenization_utils_base.py`, `_from_pretrained`.
struct ConfigurationFiles {
  /// The roles of special tokens, in the order in which transformers adds them.
  static let roles = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// A token as a file names it: its content, and flags where the file has them.
  enum NamedToken {
    case content(String)
    case token(AddedVocabulary.Token)

    /// The token's text.
    var text: String {
      switch self {
      case .content(let text): text
      case .token(let token): String(decoding: token.content, as: UTF8.self)
      }
    }
  }

  /// The folder, with a slash at its end unless it is the current one.
  let folder: String
  /// The tokenizer's class without the mark of the fast variant, when something names it.
  private(set) var className: String?
  /// The tokens that the files add, in the order of their ids.
  private(set) var addedTokens: [AddedVocabulary.Token] = []
  /// The tokens with a role that the files name.
  private(set) var named: [String: NamedToken] = [:]
  /// Further special tokens that the files name; `nil` when they name none.
  private(set) var additional: [NamedToken]?

  private let configuration: JSONObject
  private var hasDecoder = false

  /// Reads the files of a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder, with a slash at its end unless it is the current one.
  ///   - read: reads a file, or returns `nil` when it does not exist.
  /// - Throws: ``TokenizerError``.
  init(folder: String, _ read: (String) throws -> [UInt8]?) throws {
    self.folder = folder
    func object(_ name: String) throws -> JSONObject? {
      guard let bytes = try read(folder + name) else { return nil }
      do {
        let value = try JSONParser().value(of: LargeIntegers.asFractions(bytes))
        guard let object = value.object else {
          throw TokenizerError.malformedConfiguration(
            path: folder + name, reason: "it is \(value.kindName), expected an object")
        }
        return object
      } catch let error as JSONError {
        throw TokenizerError.malformedConfiguration(
          path: folder + name, reason: error.description)
      }
    }
    configuration = try object("tokenizer_config.json") ?? JSONObject()
    className = try Self.className(configuration) { try object("config.json") }
    try readNames(from: configuration, file: "tokenizer_config.json")
    if let decoder = configuration["added_tokens_decoder"] {
      hasDecoder = true
      try readDecoder(decoder)
    } else {
      // What folders of before transformers 4.34 have instead.
      if let map = try object("special_tokens_map.json") {
        try readNames(from: map, file: "special_tokens_map.json")
      }
      if let tokens = try object("added_tokens.json") { try readAddedTokens(tokens) }
    }
    for (role, token) in named {
      let text = Array(token.text.utf8)
      if let known = addedTokens.first(where: { $0.content == text }) {
        named[role] = .token(known)
      }
    }
  }

  /// A switch of `tokenizer_config.json`.
  ///
  /// - Returns: `nil` when it is `null` or missing.
  func bool(_ key: String) throws(TokenizerError) -> Bool? {
    guard let value = configuration[key], !value.isNull else { return nil }
    guard let bool = value.bool else { throw failure(key, value, "a boolean") }
    return bool
  }

  /// Whether `tokenizer_config.json` has a key, `null` included.
  func has(_ key: String) -> Bool { configuration[key] != nil }

  /// A number of `tokenizer_config.json`.
  ///
  /// - Returns: `nil` when it is `null` or missing.
  func count(_ key: String) throws(TokenizerError) -> Int? {
    guard let value = configuration[key], !value.isNull else { return nil }
    guard let number = value.int, number >= 0 else {
      throw failure(key, value, "a whole number from 0 on")
    }
    return number
  }

  /// The longest sequence that the model takes.
  ///
  /// Folders without a limit have an absurdly large number there.
  var maximumLength: Int? {
    guard let number = configuration["model_max_length"]?.number, number < 1e9 else { return nil }
    return Int(exactly: number.rounded(.down))
  }

  /// The end that is cut off texts that are too long.
  func truncationSide() throws(TokenizerError) -> Truncation.Side? {
    guard let value = configuration["truncation_side"], !value.isNull else { return nil }
    guard let side = value.string.flatMap({ Truncation.Side(rawValue: $0) }) else {
      throw failure("truncation_side", value, "left or right")
    }
    return side
  }

  /// Takes over the tokens that a `tokenizer.json` has, where nothing else tells their flags.
  mutating func takeOver(_ tokens: [AddedVocabulary.Token]) {
    guard !hasDecoder else { return }
    for (role, token) in named {
      let text = Array(token.text.utf8)
      if let known = tokens.first(where: { $0.content == text }) { named[role] = .token(known) }
    }
  }

  // MARK: - Reading

  private func failure(_ key: String, _ value: JSONValue, _ expected: String) -> TokenizerError {
    .malformedConfiguration(
      path: folder + "tokenizer_config.json",
      reason: "it has \(value.json()) as '\(key)', expected \(expected)")
  }

  private static func className(
    _ configuration: JSONObject, _ modelConfiguration: () throws -> JSONObject?
  ) throws -> String? {
    var name = configuration["tokenizer_class"]?.string
    if name == nil, let model = try modelConfiguration() {
      name = model["tokenizer_class"]?.string
      if name == nil, let type = model["model_type"]?.string { name = classNames[type] }
    }
    guard let name, name != "PreTrainedTokenizerFast" else { return nil }
    return name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
  }

  /// The classes of the model types that have tokenizers of the kinds read here.
  ///
  /// Source: transformers 4.46.3, `models/auto/tokenization_auto.py`.
  private static let classNames = [
    "albert": "AlbertTokenizer", "bart": "BartTokenizer", "bert": "BertTokenizer",
    "deberta": "DebertaTokenizer", "deberta-v2": "DebertaV2Tokenizer",
    "distilbert": "DistilBertTokenizer", "electra": "ElectraTokenizer", "gemma": "GemmaTokenizer",
    "gpt2": "GPT2Tokenizer", "llama": "LlamaTokenizer", "longformer": "LongformerTokenizer",
    "mistral": "LlamaTokenizer", "mt5": "T5Tokenizer", "roberta": "RobertaTokenizer",
    "t5": "T5Tokenizer", "xlm-roberta": "XLMRobertaTokenizer",
  ]

  private mutating func readNames(from object: JSONObject, file: String) throws {
    for role in Self.roles {
      guard let value = object[role], !value.isNull else { continue }
      named[role] = try token(value, file: file, place: role)
    }
    guard let value = object["additional_special_tokens"], !value.isNull else { return }
    guard let tokens = value.array else {
      throw TokenizerError.malformedConfiguration(
        path: folder + file,
        reason: "additional_special_tokens is \(value.kindName), expected an array")
    }
    var list = additional ?? []
    for element in tokens {
      let token = try token(element, file: file, place: "additional_special_tokens")
      if !list.contains(where: { $0.text.utf8.elementsEqual(token.text.utf8) }) {
        list.append(token)
      }
    }
    additional = list
  }

  private func token(
    _ value: JSONValue, file: String, place: String
  ) throws(TokenizerError) -> NamedToken {
    if let content = value.string { return .content(content) }
    let reader = ComponentReader(value: value, path: folder + file, place: place)
    return .token(try Self.token(reader, special: true))
  }

  private static func token(
    _ reader: ComponentReader, special: Bool
  ) throws(TokenizerError) -> AddedVocabulary.Token {
    let isSpecial = try reader.bool("special", default: special)
    return AddedVocabulary.Token(
      content: Array(try reader.string("content").utf8),
      stripsLeft: try reader.bool("lstrip", default: false),
      stripsRight: try reader.bool("rstrip", default: false),
      isSingleWord: try reader.bool("single_word", default: false),
      isNormalized: try reader.bool("normalized", default: !isSpecial), isSpecial: isSpecial)
  }

  private mutating func readDecoder(_ decoder: JSONValue) throws {
    let path = folder + "tokenizer_config.json"
    guard let members = decoder.object?.members else {
      throw TokenizerError.malformedConfiguration(
        path: path, reason: "added_tokens_decoder is \(decoder.kindName), expected an object")
    }
    var tokens: [(id: Int, token: AddedVocabulary.Token)] = []
    for member in members {
      guard let id = Int(member.key), id >= 0 else {
        throw TokenizerError.malformedConfiguration(
          path: path, reason: "added_tokens_decoder has the key '\(member.key)', expected an id")
      }
      let reader = ComponentReader(
        value: member.value, path: path, place: "added_tokens_decoder.\(member.key)")
      tokens.append((id, try Self.token(reader, special: false)))
    }
    addedTokens = tokens.sorted { $0.id < $1.id }.map(\.token)
  }

  private mutating func readAddedTokens(_ object: JSONObject) throws {
    let special = Set(
      (named.values.map(\.text) + (additional ?? []).map(\.text)).map { Array($0.utf8) })
    var tokens: [(id: Int, token: AddedVocabulary.Token)] = []
    for member in object.members {
      guard let id = member.value.int, id >= 0 else {
        throw TokenizerError.malformedConfiguration(
          path: folder + "added_tokens.json",
          reason: "it has \(member.value.json()) as the id of '\(member.key)'")
      }
      let content = Array(member.key.utf8)
      let isSpecial = special.contains(content)
      tokens.append(
        (
          id,
          AddedVocabulary.Token(
            content: content, isNormalized: !isSpecial, isSpecial: isSpecial)
        ))
    }
    addedTokens = tokens.sorted { $0.id < $1.id }.map(\.token)
  }
}
