internal import Checkpoints
internal import Tensors

/// T5 v1.0, v1.1 (Flan) and mT5: normalisation before each sublayer, biases by distance in place of
/// positions, no scaling in attention.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`, `inner` = heads * size of a head,
/// `intermediate`.
///
/// Source: Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
/// Transformer", 2020, https://arxiv.org/abs/1910.10683; Shazeer, "GLU Variants Improve
/// Transformer", 2020, https://arxiv.org/abs/2002.05202;
/// transformers/models/t5/modeling_t5.py@v4.46.3, `T5ForConditionalGeneration`.
final class T5: EncoderDecoder {
  struct Configuration: EncoderDecoderConfiguration {
    static let modelTypes = ["t5", "mt5"]

    let shape: EncoderDecoderShape
    let sizes: T5Sizes
    let encoderLayers: Int
    let isTied: Bool
    let encoderBuckets: RelativeBuckets
    let decoderBuckets: RelativeBuckets

    init(_ settings: ModelConfiguration) throws(CheckpointError) {
      // mT5 is v1.1 with other defaults.
      let isMultilingual = try settings.string("model_type", default: "t5") == "mt5"
      sizes = try T5Sizes(settings, feedForward: isMultilingual ? "gated-gelu" : "relu")
      encoderLayers = try settings.int("num_layers")
      isTied = try settings.bool("tie_word_embeddings", default: !isMultilingual)
      // At least one exact bucket on either side.
      let buckets = try settings.int(
        "relative_attention_num_buckets", in: 4...1 << 16, default: 32)
      let distance = try settings.int("relative_attention_max_distance", default: 128)
      guard distance > buckets / 2 else {
        throw settings.wrong(
          "relative_attention_max_distance", expected: "more than \(buckets / 2)")
      }
      encoderBuckets = RelativeBuckets(
        count: buckets, maxDistance: distance, isBidirectional: true)
      decoderBuckets = RelativeBuckets(
        count: buckets, maxDistance: distance, isBidirectional: false)
      shape = EncoderDecoderShape(
        vocabularySize: try settings.int("vocab_size"), hiddenSize: sizes.hidden,
        decoderLayers: try settings.int("num_decoder_layers", default: encoderLayers),
        decoderHeads: sizes.heads, decoderHeadSize: sizes.headSize)
    }

    let generationDefaults: [String: Int] = ["pad_token_id": 0, "eos_token_id": 1]

    func declareWeights(in table: inout WeightTable, for checkpoint: Checkpoint) {
      let words = [shape.vocabularySize, sizes.hidden]
      table.require(
        "shared.weight",
        aliases: ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"]
          + (isTied ? ["lm_head.weight"] : []), shape: words)
      if !isTied { table.require("lm_head.weight", shape: words) }
      for (stack, layers) in [("encoder", encoderLayers), ("decoder", shape.decoderLayers)] {
        table.require(
          "\(stack).block.0.layer.0.SelfAttention.relative_attention_bias.weight",
          shape: [encoderBuckets.count, sizes.heads])
        for layer in 0..<layers {
          let name = "\(stack).block.\(layer).layer"
          T5Attention.declare(in: &table, "\(name).0.SelfAttention", sizes)
          table.require("\(name).0.layer_norm.weight", shape: [sizes.hidden])
          if stack == "decoder" {
            T5Attention.declare(in: &table, "\(name).1.EncDecAttention", sizes)
            table.require("\(name).1.layer_norm.weight", shape: [sizes.hidden])
          }
          T5FeedForward.declare(in: &table, name, isDecoder: stack == "decoder", sizes)
        }
        table.require("\(stack).final_layer_norm.weight", shape: [sizes.hidden])
      }
      // Files of 2019 have a bias that the published models never used.
      table.ignore("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight")
    }

    func makeModel(_ reader: WeightReader) throws(CheckpointError) -> any EncoderDecoder {
      try T5(self, reader)
    }
  }

  let shape: EncoderDecoderShape
  let compute: Compute
  let precision: Precision
  private let sizes: T5Sizes
  /// [vocabulary, hidden]
  private let words: EmbeddingTable
  /// hidden -> vocabulary
  private let head: Linear
  private let isTied: Bool
  private let encoder: [T5EncoderLayer]
  private let encoderNorm: Normalisation
  private let encoderBias: T5DistanceBias
  private let decoder: [T5DecoderLayer]
  private let decoderNorm: Normalisation
  private let decoderBias: T5DistanceBias

  private init(
    _ configuration: Configuration, _ reader: WeightReader
  ) throws(CheckpointError) {
    shape = configuration.shape
    sizes = configuration.sizes
    compute = reader.compute
    precision = reader.precision
    isTied = configuration.isTied
    words = try reader.embedding("shared")
    head = try reader.linear(isTied ? "shared" : "lm_head")
    var encoder: [T5EncoderLayer] = []
    for layer in 0..<configuration.encoderLayers {
      encoder.append(try T5EncoderLayer(reader, "encoder.block.\(layer).layer", sizes))
    }
    self.encoder = encoder
    var decoder: [T5DecoderLayer] = []
    for layer in 0..<shape.decoderLayers {
      decoder.append(try T5DecoderLayer(reader, "decoder.block.\(layer).layer", sizes))
    }
    self.decoder = decoder
    encoderNorm = try reader.normalisation("encoder.final_layer_norm", epsilon: sizes.epsilon)
    decoderNorm = try reader.normalisation("decoder.final_layer_norm", epsilon: sizes.epsilon)
    encoderBias = try T5DistanceBias(reader, "encoder", configuration.encoderBuckets)
    decoderBias = try T5DistanceBias(reader, "decoder", configuration.decoderBuckets)
  }

  // -> states [source tokens, hidden]
  func encode(_ sources: TokenBatch, into states: Matrix) throws(TableReadError) {
    try compute.gather(words, rows: sources.ids, into: states)
    let bias = encoderBias.reaching(sources.lengths.max() ?? 1)
    for layer in encoder {
      layer.apply(
        to: states, lengths: sources.lengths, bias: bias, sizes, precision: precision, compute)
    }
    compute.normaliseRootMeanSquare(encoderNorm, states, into: states)
  }

  // states [source tokens, hidden] -> projected [source tokens, 2 * inner]
  func projectSource(_ states: Matrix, layer: Int, into projected: Matrix) {
    compute.linear(decoder[layer].sourceKeysAndValues, states, into: projected)
  }

  // -> hidden [target tokens, hidden]
  func embedTarget(
    _ ids: [Int], positions: [Int], into hidden: Matrix
  ) throws(TableReadError) {
    try compute.gather(words, rows: ids, into: hidden)
  }

  // hidden [target tokens, hidden] -> the same
  func applyDecoder(layer: Int, to hidden: Matrix, attention: any DecoderAttention) {
    decoder[layer].apply(
      to: hidden, layer: layer, bias: decoderBias.reaching(attention.longestTarget), sizes,
      attention, compute)
  }

  // hidden [target tokens, hidden] -> logits [target tokens, vocabulary]
  func project(_ hidden: Matrix, into logits: Matrix) {
    compute.normaliseRootMeanSquare(decoderNorm, hidden, into: hidden)
    // Embeddings are larger than the weights of a head would be.
    if isTied {
      compute.add(
        hidden, times: 1 / Float(sizes.hidden).squareRoot(), hidden, times: 0, into: hidden)
    }
    compute.linear(head, hidden, into: logits)
  }
}
