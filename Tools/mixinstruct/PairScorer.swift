import JSON
import Metrics
import NeuralMetrics

/// Scores pairs of texts by metrics with and without models, and keeps the means.
struct PairScorer {
  /// Where a metric's values come from.
  private enum Source {
    case lexical(Int)
    case model(Int)
  }

  private let names: [String]
  private let sources: [Source]
  private var lexical: LexicalScorer
  private let models: [any NeuralScorer]
  private var sums: [Mean]

  /// A scorer.
  ///
  /// - Parameters:
  ///   - names: the metrics.
  ///   - useStemmer: whether ROUGE stems words.
  ///   - models: the scorers of those metrics that need a model.
  /// - Throws: `MetricsError` for an unknown name.
  init(_ names: [String], useStemmer: Bool, _ models: [any NeuralScorer]) throws {
    self.names = names
    self.models = models
    var others: [String] = []
    sources = names.map { name in
      if let place = models.firstIndex(where: { $0.metric.name == name }) { return .model(place) }
      others.append(name)
      return .lexical(others.count - 1)
    }
    lexical = try LexicalScorer(metrics: others, useStemmer: useStemmer)
    sums = names.map { _ in Mean() }
  }

  /// How each of the metrics is computed, in their order.
  var signatures: [String] {
    let signatures = lexical.signatures
    return sources.map { source in
      switch source {
      case .lexical(let place): signatures[place].description
      case .model(let place): models[place].signature
      }
    }
  }

  /// The means so far, by metric.
  var means: JSONObject {
    var object: JSONObject = [:]
    for (name, mean) in zip(names, sums) { object[name] = mean.json }
    return object
  }

  /// Scores pairs.
  ///
  /// - Parameters:
  ///   - pairs: the pairs.
  ///   - isCancelled: whether the work is to end.
  /// - Returns: for each pair the values by metric, or why there are none.
  /// - Throws: `NeuralMetricsError.stopped` and what else keeps a model from computing.
  mutating func score(
    _ pairs: [TextPair], isCancelled: () -> Bool
  ) throws -> [Result<JSONObject, any Error>] {
    let columns = try models.map { try $0.score(pairs, isCancelled: isCancelled) }
    var results: [Result<JSONObject, any Error>] = []
    results.reserveCapacity(pairs.count)
    for (row, pair) in pairs.enumerated() {
      do {
        let computed = try columns.map { try $0[row].get() }
        let values = lexical.score(candidate: pair.candidate, reference: pair.reference)
        var object: JSONObject = [:]
        for (place, source) in sources.enumerated() {
          let value =
            switch source {
            case .lexical(let index): Value(values[index])
            case .model(let index): Value(computed[index])
            }
          object[names[place]] = value.json
          sums[place].add(value)
        }
        results.append(.success(object))
      } catch {
        results.append(.failure(error))
      }
    }
    return results
  }

  /// A value of a metric: one number, or three.
  private struct Value {
    let number: Double
    /// Precision and recall, where the number is their F.
    let parts: (precision: Double, recall: Double)?

    init(_ number: Double, _ parts: (precision: Double, recall: Double)?) {
      self.number = number
      self.parts = parts
    }

    init(_ value: MetricValue) {
      switch value {
      case .number(let number): self.init(number, nil)
      case .rouge(let score): self.init(score.f, (score.precision, score.recall))
      }
    }

    init(_ value: NeuralScore) {
      switch value {
      case .number(let number): self.init(number, nil)
      case .matching(let score): self.init(score.f, (score.precision, score.recall))
      }
    }

    var json: JSONValue {
      guard let parts else { return .double(number) }
      return [
        "precision": .double(parts.precision), "recall": .double(parts.recall),
        "f": .double(number),
      ]
    }
  }

  /// The mean of the values of one metric, part by part.
  private struct Mean {
    private var count = 0.0
    private var sums: (precision: Double, recall: Double, value: Double) = (0, 0, 0)
    private var hasParts = false

    mutating func add(_ value: Value) {
      count += 1
      sums.value += value.number
      guard let parts = value.parts else { return }
      hasParts = true
      sums.precision += parts.precision
      sums.recall += parts.recall
    }

    var json: JSONValue {
      guard count > 0 else { return .null }
      return Value(
        sums.value / count, hasParts ? (sums.precision / count, sums.recall / count) : nil
      ).json
    }
  }
}
