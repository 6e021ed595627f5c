package import Annotation
package import DatasetStore
internal import Hashing
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite

/// Adds items whose answer is known to a queue: gold items, or those of a qualification round.
package struct AnnotationItemStage {
  /// The queue's name.
  package var queue: String
  /// What the items are for.
  package var purpose = TaskPurpose.gold
  /// The file.
  package var file: String

  /// Items of a file.
  package init(queue: String, file: String) {
    self.queue = queue
    self.file = file
  }

  private struct Item {
    let example: Int64
    let candidates: [Int64]
    let expected: TaskAnswer
    let explanation: String?
  }

  /// Adds them, all or none.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    let queue = try AnnotationDesk.queue(named: queue, store.connection)
    return try StageRun.record(in: store, context) { _ in
      var summary = StageSummary()
      var items: [Item] = []
      try RecordFileReader(path: file).forEachRecord { element, location in
        items.append(
          try item(element.value.object ?? [:], location, of: queue, store.connection))
      } broken: { diagnostic in
        throw StageError.malformed(diagnostic.description)
      }
      guard !items.isEmpty else { throw StageError.invalid("\(file): there is no item in it") }
      let draw = KeyedDraw(seed: UInt64(queue.row), purpose: "gold")
      try store.connection.transaction {
        let last = try store.connection.integer("SELECT max(task_id) FROM annotation_tasks")
        let before = last ?? 0
        for (index, item) in items.enumerated() {
          // Gold items come in any order, those that teach in the file's.
          let priority =
            purpose == .gold
            ? draw.unit(for: [String(before), String(index)]) : Double(before) + Double(index)
          try AnnotationTasks.add(
            queue: queue.row, example: item.example, candidates: item.candidates,
            priority: priority, purpose: purpose, expected: item.expected,
            explanation: item.explanation, slots: 0, store.connection)
        }
        try AuditTrail.add(
          "items_added", person: nil, at: .current(),
          [
            "queue_id": .integer(queue.row), "purpose": .string(purpose.rawValue),
            "items": .integer(Int64(items.count)),
          ], store.connection)
      }
      summary["items"] = items.count
      return summary
    }
  }

  private func item(
    _ record: JSONObject, _ location: Diagnostic.Location?, of queue: QueueRow,
    _ connection: Connection
  ) throws -> Item {
    let explanation = record["explanation"]?.string
    switch queue.kind {
    case .pair:
      let pair = try PairFile.pair(record, file, location, in: connection)
      guard let verdict = record["verdict"]?.string.flatMap(Verdict.init(rawValue:)) else {
        let choices = Verdict.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw refusal("expected 'verdict' as one of \(choices)", location, record)
      }
      return Item(
        example: pair.example, candidates: [pair.a, pair.b], expected: .verdict(verdict),
        explanation: explanation)
    case .rating:
      let names = queue.criteria.map(\.name)
      guard let members = record["ratings"]?.object?.members, !members.isEmpty,
        members.allSatisfy({ Self.isRating($0.value, names) })
      else {
        throw refusal(
          "expected 'ratings' with, for each model, numbers from 1 to 5 for "
            + names.joined(separator: ", "), location, record)
      }
      let found = try answers(members.map(\.key), record, location, connection)
      return Item(
        example: found.example, candidates: found.candidates,
        expected: .ratings(
          members.map { member in
            Dictionary(
              uniqueKeysWithValues: names.compactMap { name in
                member.value[name]?.int.map { (name, $0) }
              })
          }), explanation: explanation)
    case .ranking:
      let groups = (record["order"]?.array ?? []).map { group in
        (group.array ?? []).compactMap(\.string)
      }
      let models = groups.flatMap(\.self)
      guard models.count >= 2, Set(models).count == models.count,
        !groups.contains(where: \.isEmpty)
      else {
        throw refusal(
          "expected 'order' as lists of models, the best first, each model once", location, record)
      }
      let found = try answers(models, record, location, connection)
      var place = 0
      let order = groups.map { group in
        defer { place += group.count }
        return Array(place..<(place + group.count))
      }
      return Item(
        example: found.example, candidates: found.candidates, expected: .order(order),
        explanation: explanation)
    }
  }

  private static func isRating(_ value: JSONValue, _ names: [String]) -> Bool {
    names.allSatisfy { name in value[name]?.int.map { (1...5).contains($0) } ?? false }
  }

  private func answers(
    _ models: [String], _ record: JSONObject, _ location: Diagnostic.Location?,
    _ connection: Connection
  ) throws -> (example: Int64, candidates: [Int64]) {
    guard let id = record["id"]?.string else {
      throw refusal("expected the text 'id'", location, record)
    }
    guard let found = try PairFile.answers(id: id, models, in: connection) else {
      let names = models.map { "'\($0)'" }.joined(separator: ", ")
      throw refusal("the store has no answers of \(names) to it", location, record)
    }
    return found
  }

  private func refusal(
    _ message: String, _ location: Diagnostic.Location?, _ record: JSONObject
  ) -> StageError {
    PairFile.refusal(message, file, location, id: record["id"]?.string)
  }
}
