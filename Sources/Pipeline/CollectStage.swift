package import DatasetStore
internal import JSON
internal import ModelEndpoints
package import Records
internal import SQLite

/// Collects candidate answers of models for every example that lacks them.
package struct CollectStage {
  /// Models, limits and recording.
  package var options: AskingOptions
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?

  /// A collection from a catalog of models.
  package init(options: AskingOptions) { self.options = options }

  /// Says what a run would ask.
  ///
  /// - Parameter store: the store.
  /// - Returns: one row for each model.
  /// - Throws: `SQLiteError`, `PromptError`.
  package func plan(on store: Store) throws -> AskingPlan {
    var plan = try AskingPlan(options, purpose: .candidate, store: store)
    for model in options.catalog.models {
      let cursor = try Cursor(
        store, model: model, split: split, retriedStates: options.retriedStates)
      try plan.add(model) {
        try cursor.next().map {
          (try ModelCall(tag: 0, model: model, prompt: .text($0.prompt)), false)
        }
      }
    }
    return plan
  }

  /// Asks what is missing.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, `PromptError`.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      let asking = try ModelAsking(
        options, purpose: .candidate, store: store, context: context, run: run)
      let scorer = try store.scorerRow(
        metric: ServerLogprobs.mean.rawValue, signature: ServerLogprobs.mean.signature,
        higherIsBetter: true)
      var cursors: [(endpoint: String, cursor: Cursor)] = []
      for model in options.catalog.models {
        cursors.append(
          (
            model.endpoint,
            try Cursor(store, model: model, split: split, retriedStates: options.retriedStates)
          ))
      }
      let total = try cursors.reduce(0) { try $0 + $1.cursor.count() }
      var keptForPeople = 0
      try asking.run(total: total) { endpoint in
        for (name, cursor) in cursors where name == endpoint {
          guard let (example, prompt) = try cursor.next() else { continue }
          let model = cursor.model
          return Question(call: try ModelCall(tag: 0, model: model, prompt: .text(prompt))) {
            state, text, request, logprobs in
            guard
              state == "answered" || state == "truncated" || (state == "refused" && !text.isEmpty)
            else { return }
            let candidate = try store.addCollected(
              model: model.name, decodingMethod: model.decodingMethod, text: text,
              example: example, request: request)
            guard let candidate else {
              keptForPeople += 1
              return
            }
            if let logprobs, logprobs.count > 0 {
              try store.addScore(
                logprobs.sum / Double(logprobs.count), candidate: candidate, scorer: scorer)
            }
          }
        }
        return nil
      }
      var summary = asking.summary
      if keptForPeople > 0 {
        summary["kept, people are asked about it"] = keptForPeople
        summary.notes.append(
          "\(keptForPeople) new answers are in the journal only: people are asked about the earlier "
            + "ones")
      }
      return summary
    }
  }

  /// Goes through the examples that have no answer of a model.
  private final class Cursor {
    let model: ModelConfiguration
    private let connection: Connection
    private let split: Split?
    /// Between commas: an answer of such a state counts as none.
    private let retriedStates: String
    private var position: Int64 = -1
    private var page: [(position: Int64, row: Int64, prompt: String)] = []
    private var place = 0

    init(
      _ store: Store, model: ModelConfiguration, split: Split?, retriedStates: Set<String> = []
    ) throws {
      self.model = model
      self.retriedStates = "," + retriedStates.sorted().joined(separator: ",") + ","
      self.split = split
      connection = try store.makeReader()
    }

    private static let condition = """
      FROM examples e WHERE position > ?1 AND (?2 IS NULL OR split = ?2) AND NOT EXISTS (
        SELECT 1 FROM candidates c LEFT JOIN requests r USING (request_id)
        WHERE c.example_id = e.example_id AND c.model = ?3
          AND (r.state IS NULL OR instr(?4, ',' || r.state || ',') = 0))
      """

    /// The number of examples left.
    func count() throws -> Int {
      Int(
        try connection.integer(
          "SELECT count(*) \(Self.condition)", .integer(position), SQLiteValue(split?.rawValue),
          .text(model.name), .text(retriedStates)) ?? 0)
    }

    /// The next example: its row and prompt.
    func next() throws -> (row: Int64, prompt: String)? {
      if place == page.count {
        page.removeAll(keepingCapacity: true)
        place = 0
        try connection.query(
          """
          SELECT position, example_id, instruction, input \(Self.condition)
          ORDER BY position LIMIT 512
          """, .integer(position), SQLiteValue(split?.rawValue), .text(model.name),
          .text(retriedStates)
        ) { row in
          let example = Example(id: "", instruction: row.text(2), input: row.text(3))
          page.append((row.int64(0), row.int64(1), example.prompt))
        }
      }
      guard place < page.count else { return nil }
      defer { place += 1 }
      position = page[place].position
      return (page[place].row, page[place].prompt)
    }
  }
}
