internal import Tensors

/// Generates sequences for any number of requests, some of them at a time.
///
/// A request that is over leaves its place in the batch to the next one; sources are read together
/// without padding. Results come in the order of the requests, and do not depend on which others were
/// generated with them, except in the last digits of 32-bit arithmetic.
public final class Generator {
  /// How many sequences and source tokens are held at a time.
  public struct Limits: Sendable, Equatable {
    /// The most open sequences: each beam is one. A request with more beams is alone.
    public var sequences: Int
    /// The most tokens of sources that are held; a longer source is alone.
    public var sourceTokens: Int

    /// Sets limits.
    ///
    /// - Parameters:
    ///   - sequences: the most open sequences.
    ///   - sourceTokens: the most tokens of sources that are held.
    public init(sequences: Int = 16, sourceTokens: Int = EncoderDefaults.tokenBudget) {
      self.sequences = sequences
      self.sourceTokens = sourceTokens
    }
  }

  private struct Request {
    let number: Int
    let source: [Int]
    var search: any TokenSearch
  }

  /// What became of a request.
  public typealias Outcome = Result<[GeneratedSequence], GenerationError>

  private let model: any EncoderDecoder
  private let options: GenerationOptions
  private let tokens: GenerationTokens
  private let limits: Limits
  private let reader: ScoreReader
  private let memory: DecoderMemory
  private let lanes: Int
  private let beforeStep: () throws -> Void

  private var waiting: [Request] = []
  private var live: [Request] = []
  private var sequences: [DecoderMemory.Sequences] = []
  private var finished: [Int: Outcome] = [:]
  private var submitted = 0
  private var delivered = 0

  /// Prepares to generate.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - tokens: its special tokens.
  ///   - options: how sequences are generated.
  ///   - limits: how much is held at a time.
  ///   - beforeStep: called before each token of all open sequences; what it throws ends the work.
  /// - Throws: ``GenerationError`` for options that contradict each other or the model.
  public init(
    _ model: any EncoderDecoder, tokens: GenerationTokens, options: GenerationOptions,
    limits: Limits = Limits(), beforeStep: @escaping () throws -> Void = {}
  ) throws(GenerationError) {
    try options.check()
    // The last token is not read.
    if let limit = model.shape.targetLimit, options.maxNewTokens > limit {
      throw .tooLong(maxNewTokens: options.maxNewTokens, limit: limit)
    }
    let vocabulary = 0..<model.shape.vocabularySize
    let special =
      [tokens.start] + tokens.ends + tokens.forcedLast + (tokens.forcedFirst.map { [$0] } ?? [])
    for token in special where !vocabulary.contains(token) {
      throw .option(
        "special token", got: "\(token)", expected: "0 to \(vocabulary.upperBound - 1)")
    }
    self.model = model
    self.options = options
    self.tokens = tokens
    self.limits = limits
    self.beforeStep = beforeStep
    lanes = max(options.beams, limits.sequences / options.beams * options.beams)
    memory = DecoderMemory(model, lanes: lanes)
    reader = ScoreReader(
      processors: options.processors(tokens), usesLogProbabilities: options.beams > 1,
      compute: model.compute)
  }

  /// Generates for given sources.
  ///
  /// - Parameter sources: the tokens that the encoder reads.
  /// - Returns: for each source its sequences, the best one first.
  /// - Throws: ``ModelInputError`` before anything is computed; ``GenerationError``.
  public func generate(_ sources: [[Int]]) throws -> [[GeneratedSequence]] {
    try model.shape.check(sources: sources)
    var outcomes: [Outcome] = []
    for source in sources { try submit(source) { outcomes.append($0) } }
    try finish { outcomes.append($0) }
    return try outcomes.map { try $0.get() }
  }

  /// Adds a request, and generates while more are waiting than can be taken.
  ///
  /// - Parameters:
  ///   - source: the tokens that the encoder reads.
  ///   - deliver: receives the outcomes that are ready, in the order of the requests.
  /// - Throws: ``ModelInputError`` for a source that the model cannot read; it is then no request.
  ///   `TableReadError` when the file of the embeddings cannot be read; what `deliver` and
  ///   `beforeStep` throw.
  public func submit(
    _ source: [Int], deliver: (Outcome) throws -> Void
  ) throws {
    try model.shape.check(sources: [source])
    let search: any TokenSearch =
      options.beams > 1
      ? BeamSearch(options, tokens)
      : SingleSearch(options, tokens, stream: UInt64(submitted))
    waiting.append(Request(number: submitted, source: source, search: search))
    submitted += 1
    while waiting.count * options.beams >= lanes {
      try step()
      try deliverReady(deliver)
    }
  }

  /// Generates until nothing is left.
  ///
  /// - Parameter deliver: receives the outcomes, in the order of the requests.
  /// - Throws: `TableReadError` when the file of the embeddings cannot be read; what `deliver` and
  ///   `beforeStep` throw.
  public func finish(deliver: (Outcome) throws -> Void) throws {
    while !waiting.isEmpty || !live.isEmpty {
      try step()
      try deliverReady(deliver)
    }
    try deliverReady(deliver)
  }

  private func deliverReady(_ deliver: (Outcome) throws -> Void) rethrows {
    while let outcome = finished.removeValue(forKey: delivered) {
      delivered += 1
      try deliver(outcome)
    }
  }

  /// Takes waiting requests when there is room for some, then reads one token of every sequence.
  private func step() throws {
    try beforeStep()
    try admit()
    guard !live.isEmpty else { return }
    var rows: [ScoreReader.Row] = []
    var counts: [Int] = []
    for index in live.indices {
      let open = live[index].search.open
      counts.append(open.count)
      for (row, ids) in open.enumerated() {
        rows.append(
          ScoreReader.Row(tokens: ids, choice: live[index].search.choice(row: row)))
      }
    }
    let outcomes = try memory.step(&sequences, tokens: rows.compactMap(\.tokens.last)) { logits in
      reader.read(logits, rows)
    }
    var first = 0
    var over: [Int] = []
    for index in live.indices {
      let position = live[index].search.open[0].count
      var candidates: [[TokenCandidate]] = []
      var failure: GenerationError?
      for outcome in outcomes[first..<first + counts[index]] {
        switch outcome {
        case .candidates(let own): candidates.append(own)
        case .notFinite:
          failure = .notFinite(request: live[index].number, position: position)
        case .noToken: failure = .noToken(request: live[index].number, position: position)
        }
      }
      first += counts[index]
      if let failure {
        finished[live[index].number] = .failure(failure)
        over.append(index)
        continue
      }
      sequences[index].branch(parents: live[index].search.advance(candidates))
      if live[index].search.isDone {
        finished[live[index].number] = .success(live[index].search.results)
        over.append(index)
      }
    }
    for index in over.reversed() {
      memory.close(sequences[index])
      sequences.remove(at: index)
      live.remove(at: index)
    }
  }

  /// Few short sources would read the encoder's weights for little: some are taken together.
  private func admit() throws(TableReadError) {
    let free = lanes / options.beams - live.count
    guard live.isEmpty || free * 4 >= lanes / options.beams else { return }
    var held = live.reduce(0) { $0 + $1.source.count }
    var taken: [Request] = []
    while taken.count < free, let next = waiting.first,
      held + next.source.count <= limits.sourceTokens || (live.isEmpty && taken.isEmpty)
    {
      held += next.source.count
      taken.append(waiting.removeFirst())
    }
    guard !taken.isEmpty else { return }
    sequences += try memory.open(taken.map(\.source), count: options.beams)
    live += taken
  }
}
