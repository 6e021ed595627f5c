internal import Checkpoints
internal import JSON

/// What a model's folder says of the model: its settings and the headers of its weights.
package struct ModelDescription: Sendable, Equatable {
  /// A number of parameters of one element type.
  package struct ElementCount: Sendable, Equatable {
    /// The type, as safetensors names it: `F32`, `BF16`.
    package let elementType: String
    /// The parameters.
    package let parameters: Int
  }

  /// What the weights take in memory at a precision.
  package struct Memory: Sendable, Equatable {
    /// The precision of linear layers.
    package let precision: String
    /// The bytes of the weights alone.
    package let bytes: Int
  }

  /// The model's folder.
  package let path: String
  /// The classes that `config.json` names, such as `BertForMaskedLM`.
  package let architectures: [String]
  /// The kind of model that `config.json` names, such as `bert`.
  package let modelType: String?
  /// The size of hidden states.
  package let hiddenSize: Int?
  /// The number of layers, of the encoder where there are two stacks.
  package let layers: Int?
  /// The number of tokens.
  package let vocabularySize: Int?
  /// The kind of tokenizer; nil when there is none.
  package let tokenizer: String?
  /// The longest input in tokens; nil when nothing says.
  package let maximumLength: Int?
  /// The number of tensors.
  package let tensors: Int
  /// The parameters by element type, most first; tied ones count once.
  package let elementCounts: [ElementCount]
  /// What the weights take in memory.
  package let memory: [Memory]

  /// The number of parameters.
  package var parameters: Int { elementCounts.reduce(0) { $0 + $1.parameters } }

  /// Reads a model's folder.
  ///
  /// - Parameter path: the folder.
  /// - Throws: ``HubError``, `CheckpointError` when a file breaks the rules of its format.
  package init(path: String) throws {
    self.path = path
    let settings = try Self.settings("\(path)/config.json")
    let tokenizerSettings = try Self.settings("\(path)/tokenizer_config.json")
    architectures = settings?["architectures"]?.array?.compactMap(\.string) ?? []
    modelType = settings?["model_type"]?.string
    func number(_ keys: [String]) -> Int? {
      keys.lazy.compactMap { settings?[$0]?.int }.first { $0 > 0 }
    }
    hiddenSize = number(["hidden_size", "d_model", "n_embd", "dim"])
    layers = number(["num_hidden_layers", "num_layers", "encoder_layers", "n_layer", "n_layers"])
    vocabularySize = number(["vocab_size"])
    tokenizer = try TokenizerKind.name(in: path)
    maximumLength = Self.maximumLength(settings, tokenizerSettings)
    let checkpoint: Checkpoint?
    do throws(CheckpointError) {
      checkpoint = try Checkpoint(path: path)
    } catch {
      guard case .notFound(let missing, _) = error, missing == path else { throw error }
      checkpoint = nil
    }
    guard checkpoint != nil || settings != nil else { throw HubError.noModel(folder: path) }
    let entries = checkpoint?.entries ?? []
    tensors = entries.count
    var seen: Set<CheckpointEntry.StorageKey> = []
    let parameters = entries.filter { entry in
      // Integers are positions and the like.
      entry.elementType.isFloatingPoint && seen.insert(entry.storage).inserted
    }
    var counts: [ElementType: Int] = [:]
    for entry in parameters { counts[entry.elementType, default: 0] += entry.count }
    elementCounts = counts.map {
      ElementCount(elementType: $0.key.rawValue, parameters: $0.value)
    }.sorted {
      ($1.parameters, $0.elementType) < ($0.parameters, $1.elementType)
    }
    memory = parameters.isEmpty ? [] : Self.memory(parameters)
  }

  private static func settings(_ path: String) throws -> JSONObject? {
    guard FileSystem.status(path)?.isRegular == true else { return nil }
    return try ModelConfiguration(path: path).settings
  }

  private static func maximumLength(_ model: JSONObject?, _ tokenizer: JSONObject?) -> Int? {
    // Python writes 10^30 where a tokenizer has no limit.
    if let length = tokenizer?["model_max_length"]?.number, length >= 1, length < 1e9 {
      return Int(length)
    }
    let keys = ["max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length"]
    guard let length = keys.lazy.compactMap({ model?[$0]?.int }).first(where: { $0 > 0 }) else {
      return nil
    }
    // These number positions from the padding token's id on.
    let kinds = ["roberta", "xlm-roberta", "camembert", "longformer", "mpnet"]
    guard let kind = model?["model_type"]?.string, kinds.contains(kind) else { return length }
    let padding = model?["pad_token_id"]?.int ?? 1
    return padding >= 0 && padding < length - 1 ? length - padding - 1 : length
  }

  /// The bytes of weights at each precision: matrices of linear layers change, embeddings are read
  /// from the file as they are, everything else is in 32-bit floats.
  private static func memory(_ entries: [CheckpointEntry]) -> [Memory] {
    var tables = 0
    var other = 0
    var matrices = 0
    var outputs = 0
    for entry in entries {
      if isTable(entry.name) {
        tables += entry.count * entry.elementType.byteCount
      } else if entry.shape.count == 2 {
        matrices += entry.count
        outputs += entry.shape[0]
      } else {
        other += 4 * entry.count
      }
    }
    let fixed = tables + other
    return [
      Memory(precision: "float32", bytes: fixed + 4 * matrices),
      Memory(precision: "bfloat16", bytes: fixed + 2 * matrices),
      // A scale and a sum for each output.
      Memory(precision: "int8", bytes: fixed + matrices + 8 * outputs),
    ]
  }

  private static func isTable(_ name: String) -> Bool {
    let parts = name.split(separator: ".").map(String.init)
    return parts.contains { part in
      part.contains("embed") || ["shared", "wte", "wpe", "relative_attention_bias"].contains(part)
    }
  }
}
