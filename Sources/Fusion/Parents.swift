internal import JSON
package import Records

/// Chooses the candidates that are fused.
package enum Parents {
  /// The field of a candidate that was fused, with how it was made.
  package static let field = "fusion"

  /// Whether a candidate is a fusion itself: those are never fused.
  ///
  /// - Parameter candidate: the candidate.
  /// - Returns: whether it was fused.
  package static func isFusion(_ candidate: Candidate) -> Bool {
    candidate.additionalFields[field]?.object != nil
  }

  /// The places of the best candidates, the best one first; equal ranks in candidate order.
  ///
  /// - Parameters:
  ///   - example: the record.
  ///   - count: the most candidates.
  ///   - ranks: a rank for each candidate, 1 for the best; `nil` takes them in their order. A candidate
  ///     without a rank comes last.
  /// - Returns: their places among the record's candidates.
  package static func best(of example: Example, _ count: Int, by ranks: [Int?]?) -> [Int] {
    let places = example.candidates.indices.filter { !isFusion(example.candidates[$0]) }
    guard let ranks else { return Array(places.prefix(count)) }
    let sorted = places.sorted { (ranks[$0] ?? .max, $0) < (ranks[$1] ?? .max, $1) }
    return Array(sorted.prefix(count))
  }

  /// The ranks that a record brings with it.
  ///
  /// - Parameter example: the record.
  /// - Returns: a rank for each candidate; `nil` when the record has none.
  /// - Throws: ``FusionError/ranks(got:candidates:)``.
  package static func ranks(of example: Example) throws(FusionError) -> [Int]? {
    guard let value = example.additionalFields["ranks"], !value.isNull else { return nil }
    let ranks = value.array?.compactMap(\.int) ?? []
    guard let list = value.array, list.count == ranks.count,
      ranks.count == example.candidates.count, ranks.allSatisfy({ $0 >= 1 })
    else {
      let text = value.json()
      throw .ranks(
        got: text.count > 80 ? String(text.prefix(80)) + "…" : text,
        candidates: example.candidates.count)
    }
    return ranks
  }
}
