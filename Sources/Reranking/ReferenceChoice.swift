/// The candidate that all others are compared with.
///
/// Source: LLM-Blender `blender.py`, `rank_with_ref`.
package enum ReferenceChoice: Sendable, Equatable {
  /// The one of the most characters; the first of several.
  case longest
  /// The one of the fewest characters; the first of several.
  case shortest
  /// The one in the middle of the lengths, the longer one where two are in the middle.
  case medianLength
  /// The first one.
  case first
  /// The last one.
  case last
  /// The one with this number.
  case given(Int)

  /// The choices by their published names.
  package static let named: KeyValuePairs<String, ReferenceChoice> = [
    "longest": .longest, "shortest": .shortest, "median_length": .medianLength, "first": .first,
    "last": .last,
  ]

  /// The candidate.
  ///
  /// - Parameter candidates: the texts; lengths are in Unicode code points, as Python's are.
  /// - Returns: its number; `nil` when there is no such candidate.
  package func index(among candidates: [String]) -> Int? {
    guard !candidates.isEmpty else { return nil }
    let lengths = candidates.map(\.unicodeScalars.count)
    switch self {
    case .longest: return lengths.firstIndex(of: lengths.max() ?? 0)
    case .shortest: return lengths.firstIndex(of: lengths.min() ?? 0)
    case .medianLength:
      let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
      return order[order.count / 2]
    case .first: return 0
    case .last: return candidates.count - 1
    case .given(let index): return candidates.indices.contains(index) ? index : nil
    }
  }

  /// The score of a candidate is by how much it is better than the reference, whose own is 0.
  func step(_ known: ComparisonMatrix, candidates: [String]) -> RankingMode.Step {
    guard let reference = index(among: candidates) else {
      return .ranked(RankedCandidates(scores: [Double](repeating: 0, count: known.count)))
    }
    let others = (0..<known.count).filter { $0 != reference }
    let needed = others.flatMap { RankingMode.needed(reference, $0, known) }
    guard needed.isEmpty else { return .compare(needed) }
    return .ranked(
      RankedCandidates(
        scores: (0..<known.count).map {
          $0 == reference ? 0 : Double(-(known.margin(reference, $0) ?? 0))
        }))
  }
}
