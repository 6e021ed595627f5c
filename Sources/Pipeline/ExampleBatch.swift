internal import DatasetStore
internal import Records

/// Some examples of a store that follow one another, with what else was asked for.
struct ExampleBatch: Sendable {
  /// One example.
  struct Item: Sendable {
    var stored: StoredExample
    /// The computed scores of each candidate, by row of the scorer; empty unless asked for.
    var scores: [[Int64: Double]] = []
    /// The verdicts on it; empty unless asked for.
    var verdicts: [StoredVerdict] = []
  }

  /// The examples in order.
  var items: [Item] = []

  /// Reads the examples of a store on another thread, in the order of the dataset.
  ///
  /// All of them are seen as the store was when the first one was read.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - selection: which examples.
  ///   - withScores: whether computed scores are read.
  ///   - withVerdicts: whether verdicts are read.
  /// - Returns: the batches.
  static func reading(
    _ store: Store, _ selection: ExampleReader.Selection, withScores: Bool, withVerdicts: Bool
  ) -> ReadAhead<ExampleBatch> {
    let place = store.place
    return ReadAhead(capacity: 4) { give in
      let reader = try ExampleReader(place, selection)
      while true {
        var batch = ExampleBatch()
        batch.items.reserveCapacity(size)
        while batch.items.count < size, let stored = try reader.next() {
          var item = Item(stored: stored)
          if withScores {
            item.scores = try stored.candidateRows.map { try reader.scores(of: $0) }
          }
          if withVerdicts { item.verdicts = try reader.verdicts(of: stored) }
          batch.items.append(item)
        }
        guard !batch.items.isEmpty, give(batch) else { return }
      }
    }
  }

  private static let size = 64
}
