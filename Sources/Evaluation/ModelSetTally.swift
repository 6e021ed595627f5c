/// Which sets of models the examples have, to find those that miss a model of the usual set.
package struct ModelSetTally: Sendable {
  /// One set of models with the examples that have it.
  package struct Deviation: Sendable, Equatable {
    /// Models of the majority's set that are missing.
    package let missing: [String]
    /// Models that the majority's set does not have.
    package let extra: [String]
    /// How many examples have this set.
    package let examples: Int
    /// The first of them.
    package let firstIDs: [String]
  }

  private static let idLimit = 20
  private var index = ModelIndex()
  private var sets: [[Int]: Entry] = [:]

  private struct Entry: Sendable {
    var examples = 0
    var firstIDs: [String] = []
    let order: Int
  }

  /// No examples yet.
  package init() {}

  /// Counts one example.
  ///
  /// - Parameters:
  ///   - id: its identifier.
  ///   - models: its candidates' models, in any order.
  package mutating func add(id: String, models: [String]) {
    let key = Set(models.map { index.number(adding: $0) }).sorted()
    var entry = sets[key] ?? Entry(order: sets.count)
    entry.examples += 1
    if entry.firstIDs.count < Self.idLimit { entry.firstIDs.append(id) }
    sets[key] = entry
  }

  /// The most frequent set of models, in the order they were first seen; the first seen on ties.
  package var majority: [String] { majorityKey.map { index.names[$0] } }

  /// The other sets, most frequent first.
  package var deviations: [Deviation] {
    let usual = majorityKey
    return sets.filter { $0.key != usual }
      .sorted { ($1.value.examples, $0.value.order) < ($0.value.examples, $1.value.order) }
      .map { key, entry in
        Deviation(
          missing: usual.filter { !key.contains($0) }.map { index.names[$0] },
          extra: key.filter { !usual.contains($0) }.map { index.names[$0] },
          examples: entry.examples, firstIDs: entry.firstIDs)
      }
  }

  private var majorityKey: [Int] {
    sets.max {
      ($0.value.examples, $1.value.order) < ($1.value.examples, $0.value.order)
    }?.key ?? []
  }
}
