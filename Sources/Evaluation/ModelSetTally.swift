/// Which models the examples have candidates of, to find examples that miss a usual one.
///
/// A model is usual when more than half of the examples have it.
package struct ModelSetTally: Sendable {
  /// One set of models that is not the usual one, with the examples that have it.
  package struct Deviation: Sendable, Equatable {
    /// Usual models that are missing.
    package let missing: [String]
    /// Models that are not usual.
    package let extra: [String]
    /// How many examples have this set.
    package let examples: Int
    /// The first of them.
    package let firstIDs: [String]
  }

  private let idLimit: Int
  private var index = ModelIndex()
  private var sets: [[Int]: Entry] = [:]

  private struct Entry: Sendable {
    var examples = 0
    var firstIDs: [String] = []
    let order: Int
  }

  /// No examples yet.
  ///
  /// - Parameter idLimit: how many examples of each set are remembered by their identifiers.
  package init(idLimit: Int = 20) { self.idLimit = idLimit }

  /// Counts one example.
  ///
  /// - Parameters:
  ///   - id: its identifier.
  ///   - models: its candidates' models, in any order.
  package mutating func add(id: String, models: [String]) {
    let key = Set(models.map { index.number(adding: $0) }).sorted()
    var entry = sets[key] ?? Entry(order: sets.count)
    entry.examples += 1
    if entry.firstIDs.count < idLimit { entry.firstIDs.append(id) }
    sets[key] = entry
  }

  /// The usual models, in the order they were first seen.
  package var usual: [String] { usualNumbers.map { index.names[$0] } }

  /// The sets that are not the usual one, most frequent first.
  package var deviations: [Deviation] {
    let usual = usualNumbers
    return sets.filter { $0.key != usual }
      .sorted { (-$0.value.examples, $0.value.order) < (-$1.value.examples, $1.value.order) }
      .map { key, entry in
        Deviation(
          missing: usual.filter { !key.contains($0) }.map { index.names[$0] },
          extra: key.filter { !usual.contains($0) }.map { index.names[$0] },
          examples: entry.examples, firstIDs: entry.firstIDs)
      }
  }

  private var usualNumbers: [Int] {
    var counts = [Int](repeating: 0, count: index.names.count)
    var total = 0
    for (key, entry) in sets {
      total += entry.examples
      for number in key { counts[number] += entry.examples }
    }
    return counts.indices.filter { counts[$0] * 2 > total }
  }
}
