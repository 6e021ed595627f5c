/// The tokens of an input's texts, from which pairs are put together.
package struct PreparedInput: Sendable, Equatable {
  /// The source with its marker and special tokens.
  let source: [Int]
  /// The different candidates, each with the first marker and special tokens.
  let texts: [[Int]]
  /// The place among ``texts`` of each candidate.
  let places: [Int]
  /// The place of the marker in each text.
  let markerPlace: Int

  /// The number of candidates.
  package var count: Int { places.count }

  /// Whether two candidates have the same text, so that one comparison serves for both.
  ///
  /// - Parameters:
  ///   - first: one candidate.
  ///   - second: another one.
  /// - Returns: whether they are the same.
  package func areEqual(_ first: Int, _ second: Int) -> Bool { places[first] == places[second] }
}
