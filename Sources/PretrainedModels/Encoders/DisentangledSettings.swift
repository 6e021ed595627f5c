internal import Checkpoints
internal import JSON
internal import Tensors

/// The settings that DeBERTa's versions share.
struct DisentangledSettings: Sendable {
  let sizes: TransformerLayer.Sizes
  /// The numbers of an embedding.
  let embedding: Int
  /// Absolute positions added to the embeddings; nil without.
  let positions: Int?
  let isRelative: Bool
  /// Whether scores have a term of the query's content and the key's position.
  let contentToPosition: Bool
  /// Whether scores have a term of the query's position and the key's content.
  let positionToContent: Bool
  /// Distances from here on are not told apart.
  let maximumDistance: Int
  let shape: EncoderShape

  init(_ settings: ModelConfiguration) throws(CheckpointError) {
    sizes = try TransformerLayer.Sizes(settings, epsilon: 1e-7)
    embedding = try settings.int("embedding_size", default: sizes.hidden)
    let limit = try settings.int("max_position_embeddings", default: 512)
    positions = try settings.bool("position_biased_input", default: true) ? limit : nil
    isRelative = try settings.bool("relative_attention", default: false)
    let kinds = try Self.positionKinds(settings)
    contentToPosition = kinds.contains("c2p")
    positionToContent = kinds.contains("p2c")
    // -1 stands for the number of positions.
    let maximum = try settings.int("max_relative_positions", in: -1...1 << 20, default: -1)
    maximumDistance = maximum < 1 ? limit : maximum
    shape = EncoderShape(
      vocabularySize: try settings.int("vocab_size"), hiddenSize: sizes.hidden,
      layerCount: try settings.layerCount(),
      tokenTypeCount: try settings.int("type_vocab_size", in: 0...1 << 30, default: 0),
      lengthLimit: positions)
  }

  /// The factor of scores: every kind of term adds to their variance.
  var scale: Float {
    let terms = 1 + (contentToPosition ? 1 : 0) + (positionToContent ? 1 : 0)
    return 1 / Float(sizes.hidden / sizes.heads * terms).squareRoot()
  }

  /// Source: modeling_deberta_v2.py@v4.46.3, `ContextPooler`.
  func classificationLayers(
    _ settings: ModelConfiguration
  ) throws(CheckpointError) -> ClassificationLayers {
    guard try settings.int("pooler_hidden_size", default: sizes.hidden) == sizes.hidden else {
      throw settings.wrong("pooler_hidden_size", expected: "\(sizes.hidden), as hidden_size")
    }
    return ClassificationLayers(
      pooler: "pooler.dense",
      activation: try settings.activation("pooler_hidden_act", default: .gelu),
      classifier: "classifier")
  }

  /// `pos_att_type` is a list, or in files of the hub one string: `p2c|c2p`.
  private static func positionKinds(
    _ settings: ModelConfiguration
  ) throws(CheckpointError) -> Set<String> {
    let key = "pos_att_type"
    var kinds: [String] = []
    if let text = settings.settings[key]?.string {
      kinds = text.lowercased().split(separator: "|").map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    } else {
      kinds = try settings.strings(key, default: [])
    }
    guard kinds.allSatisfy({ $0 == "c2p" || $0 == "p2c" }), Set(kinds).count == kinds.count else {
      throw settings.wrong(key, expected: "'c2p', 'p2c' or both, as 'c2p|p2c' or as a list")
    }
    return Set(kinds)
  }
}
