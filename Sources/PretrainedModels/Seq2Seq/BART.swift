internal import Checkpoints
internal import Tensors

/// BART: learned positions, normalisation after each sublayer, a bias for each token of the
/// vocabulary.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`, `intermediate`.
///
/// Source: Lewis et al., "BART: Denoising Sequence-to-Sequence Pre-training for Natural Language
/// Generation, Translation, and Comprehension", 2020, https://arxiv.org/abs/1910.13461;
/// transformers/models/bart/modeling_bart.py@v4.46.3, `BartForConditionalGeneration`.
final class BART: EncoderDecoder {
  struct Configuration: EncoderDecoderConfiguration {
    static let modelTypes = ["bart"]
    /// The base model's files lack the prefix.
    private static let prefixes = ["model.", ""]
    /// The first positions of the table are not given to tokens.
    static let positionOffset = 2

    let shape: EncoderDecoderShape
    let encoder: BARTSizes
    let decoder: BARTSizes
    let encoderLayers: Int
    let positions: Int
    let scalesEmbeddings: Bool
    let isTied: Bool
    let generationDefaults: [String: Int]

    init(_ settings: ModelConfiguration) throws(CheckpointError) {
      try Self.refuseVariants(settings)
      encoder = try BARTSizes(settings, "encoder")
      decoder = try BARTSizes(settings, "decoder")
      encoderLayers = try settings.int("encoder_layers", default: 12)
      positions = try settings.int("max_position_embeddings", default: 1024)
      scalesEmbeddings = try settings.bool("scale_embedding", default: false)
      isTied = try settings.bool("tie_word_embeddings", default: true)
      shape = EncoderDecoderShape(
        vocabularySize: try settings.int("vocab_size", default: 50265),
        hiddenSize: encoder.hidden,
        decoderLayers: try settings.int("decoder_layers", default: 12),
        decoderHeads: decoder.heads, decoderHeadSize: decoder.hidden / decoder.heads,
        sourceLimit: positions, targetLimit: positions)
      var tokens = [
        "bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2,
        "forced_eos_token_id": 2,
      ]
      // Source: configuration_bart.py@v4.46.3: the name before there was a token's id.
      if try settings.bool("force_bos_token_to_be_generated", default: false) {
        tokens["forced_bos_token_id"] = try settings.int(
          "bos_token_id", in: 0...1 << 30, default: 0)
      }
      generationDefaults = tokens
    }

    /// Files of 2020 name settings for which there has been no code since.
    private static func refuseVariants(_ settings: ModelConfiguration) throws(CheckpointError) {
      for key in ["normalize_before", "add_final_layer_norm", "static_position_embeddings"]
      where try settings.bool(key, default: false) {
        throw settings.wrong(key, expected: "false: BART normalises after each sublayer")
      }
      guard try settings.bool("normalize_embedding", default: true) else {
        throw settings.wrong("normalize_embedding", expected: "true")
      }
      guard try settings.int("extra_pos_embeddings", default: positionOffset) == positionOffset
      else { throw settings.wrong("extra_pos_embeddings", expected: "\(positionOffset)") }
    }

    static func prefix(in checkpoint: Checkpoint) -> String {
      checkpoint.prefix(of: "encoder.layernorm_embedding.weight", among: prefixes)
    }

    func declareWeights(in table: inout WeightTable, for checkpoint: Checkpoint) {
      let prefix = Self.prefix(in: checkpoint)
      let words = [shape.vocabularySize, shape.hiddenSize]
      table.require(
        "\(prefix)shared.weight",
        aliases: ["encoder", "decoder"].map { "\(prefix)\($0).embed_tokens.weight" }
          + (isTied ? ["lm_head.weight"] : []), shape: words)
      if !isTied { table.require("lm_head.weight", shape: words) }
      table.allow("final_logits_bias", shape: [1, shape.vocabularySize])
      for stack in ["encoder", "decoder"] {
        table.requireEmbedding(
          "\(prefix)\(stack).embed_positions", entries: positions + Self.positionOffset,
          size: shape.hiddenSize)
        table.requireNormalisation(
          "\(prefix)\(stack).layernorm_embedding", size: shape.hiddenSize)
        table.ignore("\(prefix)\(stack).version")
      }
      for layer in 0..<encoderLayers {
        let name = "\(prefix)encoder.layers.\(layer)"
        BARTAttention.declare(in: &table, name, "self_attn", encoder)
        BARTFeedForward.declare(in: &table, name, encoder)
      }
      for layer in 0..<shape.decoderLayers {
        let name = "\(prefix)decoder.layers.\(layer)"
        BARTAttention.declare(in: &table, name, "self_attn", decoder)
        BARTAttention.declare(in: &table, name, "encoder_attn", decoder)
        BARTFeedForward.declare(in: &table, name, decoder)
      }
    }

    func makeModel(_ reader: WeightReader) throws(CheckpointError) -> any EncoderDecoder {
      try BART(self, reader)
    }
  }

  let shape: EncoderDecoderShape
  let compute: Compute
  let precision: Precision
  /// [vocabulary, hidden]
  private let words: EmbeddingTable
  private let embeddingScale: Float
  private let encoderEmbedding: BARTEmbedding
  private let decoderEmbedding: BARTEmbedding
  private let encoder: [BARTEncoderLayer]
  private let decoder: [BARTDecoderLayer]
  /// hidden -> vocabulary
  private let head: Linear

  private init(
    _ configuration: Configuration, _ reader: WeightReader
  ) throws(CheckpointError) {
    shape = configuration.shape
    compute = reader.compute
    precision = reader.precision
    let prefix = Configuration.prefix(in: reader.weights.checkpoint)
    words = try reader.embedding("\(prefix)shared")
    embeddingScale =
      configuration.scalesEmbeddings ? Float(shape.hiddenSize).squareRoot() : 1
    encoderEmbedding = try BARTEmbedding(reader, "\(prefix)encoder")
    decoderEmbedding = try BARTEmbedding(reader, "\(prefix)decoder")
    var encoder: [BARTEncoderLayer] = []
    for layer in 0..<configuration.encoderLayers {
      encoder.append(
        try BARTEncoderLayer(reader, "\(prefix)encoder.layers.\(layer)", configuration.encoder))
    }
    self.encoder = encoder
    var decoder: [BARTDecoderLayer] = []
    for layer in 0..<shape.decoderLayers {
      decoder.append(
        try BARTDecoderLayer(reader, "\(prefix)decoder.layers.\(layer)", configuration.decoder))
    }
    self.decoder = decoder
    let bias = "final_logits_bias"
    head = reader.pack(
      try reader.tensor(configuration.isTied ? "\(prefix)shared.weight" : "lm_head.weight").matrix,
      bias: reader.weights.contains(bias) ? try reader.tensor(bias) : nil)
  }

  // -> states [source tokens, hidden]
  func encode(_ sources: TokenBatch, into states: Matrix) throws(TableReadError) {
    try embed(sources.ids, sources.positions, encoderEmbedding, into: states)
    for layer in encoder {
      layer.apply(to: states, lengths: sources.lengths, precision: precision, compute)
    }
  }

  // -> hidden [tokens, hidden]
  private func embed(
    _ ids: [Int], _ positions: [Int], _ embedding: BARTEmbedding, into hidden: Matrix
  ) throws(TableReadError) {
    try compute.gather(words, rows: ids, into: hidden)
    if embeddingScale != 1 {
      compute.add(hidden, times: embeddingScale, hidden, times: 0, into: hidden)
    }
    compute.addGathered(
      embedding.positions, rows: positions.map { $0 + Configuration.positionOffset }, to: hidden)
    compute.normalise(embedding.normalisation, hidden, into: hidden)
  }

  // states [source tokens, hidden] -> projected [source tokens, 2 * hidden]
  func projectSource(_ states: Matrix, layer: Int, into projected: Matrix) {
    compute.linear(decoder[layer].sourceKeysAndValues, states, into: projected)
  }

  // -> hidden [target tokens, hidden]
  func embedTarget(
    _ ids: [Int], positions: [Int], into hidden: Matrix
  ) throws(TableReadError) {
    try embed(ids, positions, decoderEmbedding, into: hidden)
  }

  // hidden [target tokens, hidden] -> the same
  func applyDecoder(layer: Int, to hidden: Matrix, attention: any DecoderAttention) {
    decoder[layer].apply(to: hidden, layer: layer, attention, compute)
  }

  // hidden [target tokens, hidden] -> logits [target tokens, vocabulary]
  func project(_ hidden: Matrix, into logits: Matrix) {
    compute.linear(head, hidden, into: logits)
  }
}
