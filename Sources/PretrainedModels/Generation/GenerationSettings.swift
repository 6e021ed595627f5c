public import Checkpoints
internal import Foundation
internal import JSON

/// What a model's files say of generation: its special tokens, and the options it was made for.
///
/// Source: transformers/generation/configuration_utils.py@v4.46.3. Read is `generation_config.json`,
/// or `config.json` where there is none. Not followed is `do_sample`: tokens are drawn at random only
/// when that is asked for.
public struct GenerationSettings: Sendable, Equatable {
  /// The special tokens.
  public var tokens: GenerationTokens
  /// The options.
  public var options: GenerationOptions
  /// How tokens are drawn when that is asked for.
  public var sampling: SamplingOptions

  /// Reads a model's settings.
  ///
  /// - Parameter folder: the model.
  /// - Throws: `CheckpointError` for a setting that is missing, wrong, or asks for something that is
  ///   not done here.
  public init(_ folder: ModelFolder) throws(CheckpointError) {
    let defaults = try EncoderDecoderLoader.configuration(folder.configuration).generationDefaults
    let path = "\(folder.path)/generation_config.json"
    if FileManager.default.fileExists(atPath: path) {
      let own = try ModelConfiguration(path: path)
      // The start token is needed always, the others only where they are named.
      let start =
        own.contains("decoder_start_token_id") || own.contains("bos_token_id")
        ? own : folder.configuration
      try self.init(own, start: start, defaults: [:], startDefaults: defaults)
    } else {
      try self.init(
        folder.configuration, start: folder.configuration, defaults: defaults,
        startDefaults: defaults)
    }
  }

  private init(
    _ settings: ModelConfiguration, start: ModelConfiguration, defaults: [String: Int],
    startDefaults: [String: Int]
  ) throws(CheckpointError) {
    try Self.refuseOthers(settings)
    func tokens(_ key: String) throws(CheckpointError) -> [Int] {
      // A setting that is null takes a default away.
      guard let value = settings.settings[key] else { return defaults[key].map { [$0] } ?? [] }
      if value.isNull { return [] }
      let values = value.array ?? [value]
      let ids = values.compactMap(\.int).filter { $0 >= 0 }
      guard ids.count == values.count else {
        throw settings.wrong(key, expected: "a token or a list of tokens")
      }
      return ids
    }
    let firsts = try tokens("forced_bos_token_id")
    guard firsts.count <= 1 else {
      throw settings.wrong("forced_bos_token_id", expected: "one token")
    }
    self.tokens = GenerationTokens(
      start: try Self.start(start, startDefaults), ends: try tokens("eos_token_id"),
      forcedFirst: firsts.first, forcedLast: try tokens("forced_eos_token_id"),
      suppressed: try tokens("suppress_tokens"),
      suppressedFirst: try tokens("begin_suppress_tokens"))

    let count = 0...1 << 20
    var options = GenerationOptions()
    options.beams = try settings.int("num_beams", in: 1...1024, default: 1)
    options.lengthPenalty = try settings.double("length_penalty", default: 1)
    options.stopsEarly = try settings.bool("early_stopping", default: false)
    options.noRepeatNGram = try settings.int("no_repeat_ngram_size", in: count, default: 0)
    options.repetitionPenalty = try settings.double(
      "repetition_penalty", in: 1e-6...1e6, default: 1)
    options.minLength = try settings.int("min_length", in: count, default: 0)
    if settings.contains("min_new_tokens") {
      options.minNewTokens = try settings.int("min_new_tokens", in: count)
    }
    if settings.contains("max_new_tokens") {
      options.maxNewTokens = try settings.int("max_new_tokens", in: 1...1 << 20)
    } else {
      // The start token is one of them.
      options.maxNewTokens = try settings.int("max_length", in: 2...1 << 20, default: 20) - 1
    }
    self.options = options
    sampling = SamplingOptions(
      temperature: try settings.double("temperature", in: 1e-6...1e6, default: 1),
      topK: try settings.int("top_k", in: count, default: 50),
      topP: try settings.double("top_p", in: 1e-6...1, default: 1))
  }

  private static func start(
    _ settings: ModelConfiguration, _ defaults: [String: Int]
  ) throws(CheckpointError) -> Int {
    for key in ["decoder_start_token_id", "bos_token_id"] {
      if settings.contains(key) { return try settings.int(key, in: 0...1 << 30) }
      if let token = defaults[key] { return token }
    }
    throw settings.wrong("decoder_start_token_id", expected: "the decoder's first token")
  }

  /// Refuses what would change the result and is not done here.
  private static func refuseOthers(_ settings: ModelConfiguration) throws(CheckpointError) {
    let neutral: KeyValuePairs<String, Double> = [
      "num_beam_groups": 1, "diversity_penalty": 0, "typical_p": 1, "epsilon_cutoff": 0,
      "eta_cutoff": 0, "encoder_repetition_penalty": 1, "encoder_no_repeat_ngram_size": 0,
      "guidance_scale": 1, "penalty_alpha": 0,
    ]
    for (key, value) in neutral where settings.contains(key) {
      guard settings.settings[key]?.number == value else {
        throw settings.wrong(key, expected: "\(value): nothing else is done here")
      }
    }
    for key in ["renormalize_logits", "remove_invalid_values"] {
      guard try !settings.bool(key, default: false) else {
        throw settings.wrong(key, expected: "false: nothing else is done here")
      }
    }
    for key in [
      "bad_words_ids", "force_words_ids", "constraints", "exponential_decay_length_penalty",
      "sequence_bias", "forced_decoder_ids", "min_p", "stop_strings",
    ] where settings.contains(key) {
      throw settings.wrong(key, expected: "null: nothing else is done here")
    }
  }
}
