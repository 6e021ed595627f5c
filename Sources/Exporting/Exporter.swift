package import JSON
internal import Records

/// Turns examples into the records of a format.
package struct Exporter: Sendable {
  /// Where preference pairs come from.
  package enum PairSource: Sendable, Equatable {
    /// The candidates' scores.
    case scores(PairBinarizer)
    /// The verdicts.
    case verdicts
  }

  /// Which answer supervised fine-tuning learns from.
  package enum Answer: String, Sendable, CaseIterable {
    /// The reference answer.
    case reference
    /// The candidate with the highest score.
    case best
  }

  /// Which pairs become tasks for people.
  package enum TaskChoice: String, Sendable, CaseIterable {
    /// Those with a verdict.
    case judged
    /// Every two candidates.
    case all
  }

  /// The records of one example.
  package struct Exported: Sendable, Equatable {
    /// The records, in a fixed order.
    package var records: [JSONObject]
    /// What the format could not carry.
    package var losses: [ExportLoss]
    /// The places of the candidates that the records hold.
    package var candidates: Set<Int> = []
  }

  /// The format.
  package let format: ExportFormat
  /// Where pairs come from; matters to formats of pairs.
  package let pairSource: PairSource
  /// The answer to learn from; matters to formats of single answers.
  package let answer: Answer
  /// Which pairs become tasks; matters to formats of tasks.
  package let tasks: TaskChoice
  /// The seed of the sides on which the answers of a task are shown.
  package let seed: UInt64

  /// An exporter.
  package init(
    format: ExportFormat, pairSource: PairSource = .scores(PairBinarizer()),
    answer: Answer = .reference, tasks: TaskChoice = .judged, seed: UInt64 = 42
  ) {
    self.format = format
    self.pairSource = pairSource
    self.answer = answer
    self.tasks = tasks
    self.seed = seed
  }

  /// Makes the records of an example.
  ///
  /// - Parameter input: the example with its scores and verdicts.
  /// - Returns: the records and what could not be carried.
  package func export(_ input: ExportInput) -> Exported {
    var exported =
      switch format.material {
      case .pairs: exportPairs(of: input)
      case .answer: exportAnswer(of: input)
      case .candidates: exportCandidates(of: input.example)
      case .verdicts: exportVerdicts(of: input)
      case .tasks: exportTasks(of: input)
      }
    exported.losses += remainder(of: input, exported)
    exported.losses.sort { $0.reason < $1.reason }
    return exported
  }

  private var writesVerdicts: Bool {
    format.material == .verdicts || format.material == .tasks
  }

  /// What the example has beside the parts that the format's records are made of.
  private func remainder(of input: ExportInput, _ exported: Exported) -> [ExportLoss] {
    let example = input.example
    let hasReference = format.material == .answer && answer == .reference
    let scores = example.candidates.reduce(0) {
      $0 + ($1.scores?.members.count { $0.value.number != nil } ?? 0)
    }
    // Pairs made of verdicts are written without ratings.
    let ratings = exported.candidates.count { place in
      format.hasRatings && pairSource != .verdicts
        && input.scores.map { example.candidates[place].score($0.source) != nil } ?? false
    }
    let counts: [(ExportLoss.Reason, Int)] = [
      (.otherCandidate, example.candidates.count - exported.candidates.count),
      (.referenceAnswer, example.output == nil || hasReference ? 0 : 1),
      (.score, scores - ratings),
      (.verdict, writesVerdicts ? 0 : input.judgements.count),
      (.additionalField, example.additionalFields.members.count { $0.key != "cmp_results" }),
    ]
    return counts.filter { $0.1 > 0 }.map {
      ExportLoss(exampleID: example.id, reason: $0.0, count: $0.1)
    }
  }

  private func exportPairs(of input: ExportInput) -> Exported {
    let example = input.example
    let pairs: [PreferencePair]
    var tally = LossTally(exampleID: example.id)
    switch pairSource {
    case .scores(let binarizer):
      let scores = input.scores ?? CandidateScores(source: "", values: [])
      let made = binarizer.pairs(by: scores, of: example)
      pairs = made.pairs
      tally.add(made.losses)
    case .verdicts:
      let made = PairBinarizer.pairs(by: input.judgements.map(\.verdict), of: example)
      pairs = made.pairs
      tally.add(made.losses)
    }
    if format == .trlKTO {
      let (records, places) = labels(of: pairs, in: example, &tally)
      return Exported(records: records, losses: tally.losses, candidates: places)
    }
    var candidates: Set<Int> = []
    let records = pairs.compactMap { pair -> JSONObject? in
      guard let record = record(of: pair, in: example, &tally) else { return nil }
      candidates.formUnion([pair.chosen, pair.rejected])
      return record
    }
    return Exported(records: records, losses: tally.losses, candidates: candidates)
  }

  private func exportAnswer(of input: ExportInput) -> Exported {
    let example = input.example
    guard let (text, place) = answerText(of: input) else {
      return Exported(
        records: [], losses: [ExportLoss(exampleID: example.id, reason: .missingAnswer)])
    }
    let record: JSONObject =
      format == .trlSFT
      ? ["messages": [Chat.user(example.prompt), Chat.assistant(text)]]
      : ["prompt": .string(example.prompt), "completion": .string(text)]
    return Exported(
      records: [record], losses: [], candidates: Set([place].compactMap(\.self)))
  }

  /// The answer, and its place among the candidates when it is one.
  private func answerText(of input: ExportInput) -> (text: String, place: Int?)? {
    guard answer == .best else { return input.example.output.map { ($0, nil) } }
    var best: (index: Int, score: Double)?
    for (index, score) in (input.scores?.values ?? []).enumerated()
    where input.example.candidates.indices.contains(index) {
      guard let score, !score.isNaN, score > best?.score ?? -.infinity || best == nil else {
        continue
      }
      best = (index, score)
    }
    return best.map { (input.example.candidates[$0.index].text, $0.index) }
  }

  private func exportCandidates(of example: Example) -> Exported {
    let records = example.candidates.map { candidate -> JSONObject in
      [
        "instruction": .string(example.prompt), "output": .string(candidate.text),
        "generator": .string(candidate.model), "dataset": .string(example.collection),
        "datasplit": "eval",
      ]
    }
    let losses =
      records.isEmpty ? [ExportLoss(exampleID: example.id, reason: .missingAnswer)] : []
    return Exported(
      records: records, losses: losses, candidates: Set(example.candidates.indices))
  }
}
