internal import Checkpoints
internal import Foundation
internal import PretrainedModels
internal import Tokenizers

/// Computes BARTScore: the mean log-probability of one text's tokens given another text.
///
/// Each source goes through the encoder once for all of its targets that are computed together, and
/// equal pairs are computed once.
///
/// Source: Yuan et al., "BARTScore: Evaluating Generated Text as Text Generation", 2021,
/// https://arxiv.org/abs/2106.11520; neulab/BARTScore, `bart_score.py`@40c658f.
package final class BARTScorer: NeuralScorer {
  package let metric = NeuralMetric.bartScore
  package let signature: String

  private let model: ScoringModel
  private let direction: BARTScoreDirection
  private let shape: EncoderDecoderShape
  private let maximumLength: Int?
  private let start: Int
  private let padding: Int?
  private var network: (any EncoderDecoder)?

  /// The tokens of both sides that are computed together.
  private static let tokenBudget = EncoderDefaults.tokenBudget

  /// A target, as tokens, that is to be scored given a source.
  private struct Question: Hashable {
    let source: [Int]
    let target: [Int]
  }

  /// A scorer; its weights are not loaded yet.
  ///
  /// - Parameters:
  ///   - model: the model, an encoder-decoder.
  ///   - maximumLength: the most tokens of each text, special ones included; at most what the model
  ///     has positions for.
  ///   - direction: which text is given.
  /// - Throws: `CheckpointError`, `TokenizerError`, ``NeuralMetricsError``.
  package init(
    _ model: ScoringModel, maximumLength: Int = 1024,
    direction: BARTScoreDirection = .candidateToReference
  ) throws {
    self.model = model
    self.direction = direction
    let settings = model.folder.configuration
    let configuration = try EncoderDecoderLoader.configuration(settings)
    shape = configuration.shape
    let positions = [shape.sourceLimit, shape.targetLimit].compactMap(\.self).min()
    self.maximumLength = try model.maximumLength(asked: maximumLength, positions: positions)
    let defaults = configuration.generationDefaults
    start = try settings.int(
      "decoder_start_token_id", in: 0...shape.vocabularySize - 1,
      default: defaults["decoder_start_token_id"])
    padding =
      settings.contains("pad_token_id")
      ? try settings.int("pad_token_id", in: 0...1 << 30) : defaults["pad_token_id"]
    signature = SignatureText.text(
      metric,
      [
        "model": try model.identity(), "direction": direction.rawValue,
        "max-length": self.maximumLength.map { "\($0)" } ?? "no",
      ], precision: model.precision)
  }

  package func load() throws {
    guard network == nil else { return }
    network = try EncoderDecoderLoader.load(
      model.folder, precision: model.precision, for: model.compute)
  }

  package func score(
    _ pairs: [TextPair], isCancelled: () -> Bool
  ) throws -> [Result<NeuralScore, any Error>] {
    try load()
    var questions = DistinctItems<Question>()
    // The numbers of the questions of each pair.
    let asked = pairs.map { pair in
      Result { () throws -> [Int] in
        let candidate = try tokens(of: pair.candidate)
        let reference = try tokens(of: pair.reference)
        try shape.check(sources: [candidate, reference])
        try shape.check(targets: [candidate, reference])
        let recall = Question(source: candidate, target: reference)
        let precision = Question(source: reference, target: candidate)
        switch direction {
        case .candidateToReference: return [questions.place(of: recall)]
        case .referenceToCandidate: return [questions.place(of: precision)]
        case .mean: return [questions.place(of: recall), questions.place(of: precision)]
        }
      }
    }
    let values = try answers(to: questions.items, isCancelled)
    return asked.map { numbers in
      numbers.map { numbers in
        .number(numbers.reduce(0) { $0 + values[$1] } / Double(numbers.count))
      }
    }
  }

  /// A mask that a text spells out is no mask of the model's, which would be asked to fill it.
  private func tokens(of text: String) throws -> [Int] {
    let text = text.replacingOccurrences(of: "<mask>", with: "[mask]", options: .literal)
    return try model.tokenizer.encode(text, maximumLength: maximumLength).map { Int($0) }
  }

  /// The questions of one source that are computed together.
  private struct Group {
    var source: [Int]
    var numbers: [Int]
    var cost: Int
  }

  private func answers(to questions: [Question], _ isCancelled: () -> Bool) throws -> [Double] {
    var places: [[Int]: Int] = [:]
    var groups: [Group] = []
    for (number, question) in questions.enumerated() {
      if let place = places[question.source],
        groups[place].cost + question.target.count <= Self.tokenBudget
      {
        groups[place].numbers.append(number)
        groups[place].cost += question.target.count
      } else {
        places[question.source] = groups.count
        groups.append(
          Group(
            source: question.source, numbers: [number],
            cost: question.source.count + question.target.count))
      }
    }
    var values = [Double](repeating: 0, count: questions.count)
    for part in WorkPlan(costs: groups.map(\.cost), budget: Self.tokenBudget).parts {
      if isCancelled() { throw NeuralMetricsError.stopped }
      try score(part.map { groups[$0] }, of: questions, into: &values)
    }
    return values
  }

  private func score(
    _ groups: [Group], of questions: [Question], into values: inout [Double]
  ) throws {
    guard let network else { return }
    let numbers = groups.flatMap(\.numbers)
    let owners = groups.enumerated().flatMap { place, group in group.numbers.map { _ in place } }
    let sources = TokenBatch(groups.map { TokenSequence($0.source) })
    let inputs = TokenBatch(
      numbers.map { TokenSequence(network.decoderInput(questions[$0].target, start: start)) })
    try network.withStates(sources: sources, inputs: inputs, owners: owners) { _, hidden in
      let logarithms = network.logProbabilities(
        of: numbers.flatMap { questions[$0].target }, states: hidden)
      for (place, number) in numbers.enumerated() {
        let target = questions[number].target
        // Source: `ignore_index`: a padding token that a text spells out counts as certain.
        let sum = zip(target, logarithms[inputs.rows(place)]).reduce(0.0) {
          $1.0 == padding ? $0 : $0 + Double($1.1)
        }
        values[number] = sum / Double(target.count)
      }
    }
  }
}
