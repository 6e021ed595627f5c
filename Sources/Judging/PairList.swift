/// Pairs of candidates that were named one by one, whichever of the two stands first.
package struct PairList: Sendable, Equatable {
  /// A pair of models, the smaller name first.
  private struct Pair: Hashable, Sendable {
    let low: [UInt8]
    let high: [UInt8]

    init(_ left: String, _ right: String) {
      let (a, b) = (Array(left.utf8), Array(right.utf8))
      (low, high) = a.lexicographicallyPrecedes(b) ? (a, b) : (b, a)
    }
  }

  private var pairs: [[UInt8]: Set<Pair>] = [:]

  /// The number of pairs.
  package private(set) var count = 0

  /// No pairs.
  package init() {}

  /// Adds a pair; one that was added before changes nothing.
  ///
  /// - Parameters:
  ///   - id: the example's identifier.
  ///   - modelA: a model.
  ///   - modelB: another one.
  package mutating func add(id: String, _ modelA: String, _ modelB: String) {
    if pairs[Array(id.utf8), default: []].insert(Pair(modelA, modelB)).inserted { count += 1 }
  }

  /// Whether some pair of an example is in it.
  package func names(_ id: String) -> Bool { pairs[Array(id.utf8)] != nil }

  /// Whether a pair is in it.
  package func contains(id: String, _ modelA: String, _ modelB: String) -> Bool {
    pairs[Array(id.utf8)]?.contains(Pair(modelA, modelB)) ?? false
  }
}
