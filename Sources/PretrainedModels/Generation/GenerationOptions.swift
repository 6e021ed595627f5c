/// How sequences are generated; the names and meanings are those of `transformers`.
public struct GenerationOptions: Sendable, Equatable {
  /// How many sequences are followed at the same time; 1 for the likeliest token each time.
  public var beams: Int
  /// How many sequences are returned for each request, at most one for each beam.
  public var returnedSequences: Int
  /// The exponent of the length by which a beam's sum of log-probabilities is divided.
  public var lengthPenalty: Double
  /// Whether beam search ends with the first complete beams rather than when no better one is likely.
  public var stopsEarly: Bool
  /// Runs of this many tokens occur only once; 0 for no limit.
  public var noRepeatNGram: Int
  /// Tokens that occurred become less likely above 1.
  public var repetitionPenalty: Double
  /// The least length of a sequence, the start token included.
  public var minLength: Int
  /// The most tokens after the start token.
  public var maxNewTokens: Int
  /// How tokens are drawn; nil to take the likeliest.
  public var sampling: SamplingOptions?

  /// Describes how sequences are generated.
  ///
  /// - Parameters:
  ///   - beams: how many sequences are followed at the same time.
  ///   - returnedSequences: how many sequences are returned for each request.
  ///   - lengthPenalty: the exponent of the length in a beam's score.
  ///   - stopsEarly: whether beam search ends with the first complete beams.
  ///   - noRepeatNGram: runs of this many tokens occur only once; 0 for no limit.
  ///   - repetitionPenalty: tokens that occurred become less likely above 1.
  ///   - minLength: the least length of a sequence, the start token included.
  ///   - maxNewTokens: the most tokens after the start token.
  ///   - sampling: how tokens are drawn; nil to take the likeliest.
  public init(
    beams: Int = 1, returnedSequences: Int = 1, lengthPenalty: Double = 1,
    stopsEarly: Bool = false, noRepeatNGram: Int = 0, repetitionPenalty: Double = 1,
    minLength: Int = 0, maxNewTokens: Int = 128, sampling: SamplingOptions? = nil
  ) {
    self.beams = beams
    self.returnedSequences = returnedSequences
    self.lengthPenalty = lengthPenalty
    self.stopsEarly = stopsEarly
    self.noRepeatNGram = noRepeatNGram
    self.repetitionPenalty = repetitionPenalty
    self.minLength = minLength
    self.maxNewTokens = maxNewTokens
    self.sampling = sampling
  }

  /// The least number of tokens after the start token; sets ``minLength``.
  public var minNewTokens: Int {
    get { max(0, minLength - 1) }
    set { minLength = newValue + 1 }
  }

  /// Checks the options against each other.
  ///
  /// - Throws: ``GenerationError/option(_:got:expected:)``.
  public func check() throws(GenerationError) {
    func demand(
      _ holds: Bool, _ name: String, _ got: some CustomStringConvertible, _ expected: String
    ) throws(GenerationError) {
      guard holds else { throw .option(name, got: "\(got)", expected: expected) }
    }
    try demand((1...Self.beamLimit).contains(beams), "beams", beams, "1 to \(Self.beamLimit)")
    try demand(
      (1...beams).contains(returnedSequences), "returned sequences", returnedSequences,
      "1 to the number of beams, \(beams)")
    try demand(lengthPenalty.isFinite, "length penalty", lengthPenalty, "a finite number")
    try demand(noRepeatNGram >= 0, "no-repeat n-gram", noRepeatNGram, "0 or more")
    try demand(
      repetitionPenalty.isFinite && repetitionPenalty > 0, "repetition penalty",
      repetitionPenalty, "a number greater than 0")
    try demand(
      (1...Self.lengthLimit).contains(maxNewTokens), "max new tokens", maxNewTokens,
      "1 to \(Self.lengthLimit)")
    guard let sampling else { return }
    try demand(beams == 1, "beams", beams, "1 when tokens are drawn at random")
    try demand(
      sampling.temperature.isFinite && sampling.temperature > 0
        && Float(sampling.temperature) > 0, "temperature", sampling.temperature,
      "a number greater than 0")
    try demand(sampling.topK >= 0, "top-k", sampling.topK, "0 or more")
    try demand(
      sampling.topP > 0 && sampling.topP <= 1, "top-p", sampling.topP,
      "greater than 0, at most 1")
  }

  private static let beamLimit = 1024
  private static let lengthLimit = 1 << 20

  /// The processors in the order of `transformers`.
  ///
  /// Source: transformers/generation/utils.py@v4.46.3, `_get_logits_processor`.
  ///
  /// - Parameter tokens: the special tokens.
  /// - Returns: the processors that change something.
  public func processors(_ tokens: GenerationTokens) -> [any LogitsProcessor] {
    var processors: [any LogitsProcessor] = []
    if repetitionPenalty != 1 {
      processors.append(RepetitionPenalty(penalty: Float(repetitionPenalty)))
    }
    if noRepeatNGram > 0 { processors.append(NoRepeatNGram(size: noRepeatNGram)) }
    // The shortest sequence has two tokens.
    if minLength > 1, !tokens.ends.isEmpty {
      processors.append(MinimumLength(length: minLength, endTokens: tokens.ends))
    }
    if let first = tokens.forcedFirst { processors.append(ForcedTokens([first], at: 1)) }
    if !tokens.forcedLast.isEmpty {
      processors.append(ForcedTokens(tokens.forcedLast, at: maxNewTokens))
    }
    if !tokens.suppressed.isEmpty { processors.append(SuppressedTokens(tokens.suppressed)) }
    if !tokens.suppressedFirst.isEmpty {
      processors.append(
        SuppressedTokens(tokens.suppressedFirst, at: tokens.forcedFirst == nil ? 1 : 2))
    }
    guard let sampling else { return processors }
    if sampling.temperature != 1 { processors.append(Temperature(Float(sampling.temperature))) }
    if sampling.topK > 0 { processors.append(TopK(sampling.topK)) }
    if sampling.topP < 1 { processors.append(TopP(sampling.topP)) }
    return processors
  }
}
