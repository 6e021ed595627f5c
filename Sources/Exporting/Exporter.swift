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

  /// The records of one example.
  package struct Exported: Sendable, Equatable {
    /// The records, in a fixed order.
    package var records: [JSONObject]
    /// What the format could not carry.
    package var losses: [ExportLoss]
  }

  /// The format.
  package let format: ExportFormat
  /// Where pairs come from; matters to formats of pairs.
  package let pairSource: PairSource
  /// The answer to learn from; matters to formats of single answers.
  package let answer: Answer

  /// An exporter.
  package init(
    format: ExportFormat, pairSource: PairSource = .scores(PairBinarizer()),
    answer: Answer = .reference
  ) {
    self.format = format
    self.pairSource = pairSource
    self.answer = answer
  }

  /// Makes the records of an example.
  ///
  /// - Parameter input: the example with its scores and verdicts.
  /// - Returns: the records and what could not be carried.
  package func export(_ input: ExportInput) -> Exported {
    switch format.material {
    case .pairs: exportPairs(of: input)
    case .answer: exportAnswer(of: input)
    case .candidates: exportCandidates(of: input.example)
    case .verdicts: exportVerdicts(of: input)
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
      return Exported(records: labels(of: pairs, in: example, &tally), losses: tally.losses)
    }
    let records = pairs.compactMap { record(of: $0, in: example, &tally) }
    return Exported(records: records, losses: tally.losses)
  }

  private func exportAnswer(of input: ExportInput) -> Exported {
    let example = input.example
    guard let text = answerText(of: input) else {
      return Exported(
        records: [], losses: [ExportLoss(exampleID: example.id, reason: .missingAnswer)])
    }
    let record: JSONObject =
      format == .trlSFT
      ? ["messages": [Chat.user(example.prompt), Chat.assistant(text)]]
      : ["prompt": .string(example.prompt), "completion": .string(text)]
    return Exported(records: [record], losses: [])
  }

  private func answerText(of input: ExportInput) -> String? {
    guard answer == .best else { return input.example.output }
    var best: (index: Int, score: Double)?
    for (index, score) in (input.scores?.values ?? []).enumerated()
    where input.example.candidates.indices.contains(index) {
      guard let score, !score.isNaN, score > best?.score ?? -.infinity || best == nil else {
        continue
      }
      best = (index, score)
    }
    return best.map { input.example.candidates[$0.index].text }
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
    return Exported(records: records, losses: losses)
  }
}
