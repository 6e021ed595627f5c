internal import Foundation
internal import JSON

/// The weights of the ranker that is shipped: a sum over features of source and candidate.
///
/// Source: `Data/ranker/README.md`; `Tools/fixtures/ranker.py` fits it.
package struct FeatureHead: Sendable, Equatable {
  /// The features, in the order of ``features(of:source:similarity:)``.
  static let names = [
    "log_words", "log_words_squared", "similarity", "log_words_by_source", "log_lines",
    "distinct_trigrams", "distinct_words", "is_empty", "similarity_by_log_words",
  ]

  /// A weight for each feature.
  let weights: [Double]
  /// The most tokens of a text.
  let limit: Int

  /// Reads a head.
  ///
  /// - Parameter json: its JSON text.
  /// - Throws: `JSONError`; ``RerankingError/unknownKind(path:got:)`` for a head of another form.
  package init(json: [UInt8]) throws {
    let value = try JSONParser().value(of: json)
    let weights = Self.names.compactMap { value["weights"]?[$0]?.number }
    guard weights.count == Self.names.count,
      value["weights"]?.object?.members.count == weights.count,
      let limit = value["max_length"]?.int, limit > 2
    else {
      throw RerankingError.unknownKind(path: "the ranker's head", got: "its form")
    }
    self.weights = weights
    self.limit = limit
  }

  /// Names the head by all that it holds.
  var signature: String {
    "head \(limit) " + weights.map { "\($0)" }.joined(separator: ",")
  }

  /// The features of a candidate.
  ///
  /// - Parameters:
  ///   - candidate: the candidate.
  ///   - source: what was asked.
  ///   - similarity: the cosine of both embeddings.
  /// - Returns: a number for each of ``names``.
  static func features(of candidate: String, source: String, similarity: Double) -> [Double] {
    let words = words(candidate)
    let length = log1p(Double(words.count))
    var trigrams = 1.0
    if words.count > 2 {
      let runs = (0..<words.count - 2).map { Array(words[$0..<$0 + 3]) }
      trigrams = Double(Set(runs).count) / Double(runs.count)
    }
    let lines = candidate.utf8.count { $0 == UInt8(ascii: "\n") }
    return [
      length, length * length, similarity, length * log1p(Double(Self.words(source).count)),
      log1p(Double(lines)), trigrams,
      words.isEmpty ? 1 : Double(Set(words).count) / Double(words.count), words.isEmpty ? 1 : 0,
      similarity * length,
    ]
  }

  /// The score of a candidate.
  ///
  /// - Parameters:
  ///   - candidate: the candidate.
  ///   - source: what was asked.
  ///   - similarity: the cosine of both embeddings.
  /// - Returns: the score; a pair's logit is the difference of two.
  func score(of candidate: String, source: String, similarity: Double) -> Double {
    zip(weights, Self.features(of: candidate, source: source, similarity: similarity))
      .reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func words(_ text: String) -> [ArraySlice<UInt8>] {
    Array(text.utf8).split { $0 == 0x20 || (0x09...0x0D).contains($0) }
  }
}
