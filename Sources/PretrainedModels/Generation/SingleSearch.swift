/// Follows one sequence of a request: the likeliest token each time, or one drawn at random.
///
/// Source: transformers/generation/utils.py@v4.46.3, `_sample`.
struct SingleSearch: TokenSearch {
  let options: GenerationOptions
  let tokens: GenerationTokens
  private var ids: [Int]
  private var logProbabilities: [Float] = []
  private var numbers: SeededGenerator?
  private(set) var isDone = false

  /// Starts a sequence.
  ///
  /// - Parameters:
  ///   - options: when it ends, and whether tokens are drawn.
  ///   - tokens: the special tokens.
  ///   - stream: which of the seed's streams of numbers it uses.
  init(_ options: GenerationOptions, _ tokens: GenerationTokens, stream: UInt64) {
    self.options = options
    self.tokens = tokens
    ids = [tokens.start]
    numbers = options.sampling.map { SeededGenerator(seed: $0.seed, stream: stream) }
  }

  var open: [[Int]] { [ids] }

  mutating func choice(row: Int) -> TokenChoice {
    if let number = numbers?.unit() { return .drawn(number) }
    return .greatest(1, added: 0)
  }

  mutating func advance(_ candidates: [[TokenCandidate]]) -> [Int] {
    guard let next = candidates.first?.first else { return [0] }
    ids.append(next.token)
    logProbabilities.append(next.logProbability)
    isDone = tokens.ends.contains(next.token) || ids.count > options.maxNewTokens
    return [0]
  }

  var results: [GeneratedSequence] {
    [GeneratedSequence(ids: ids, logProbabilities: logProbabilities)]
  }
}
