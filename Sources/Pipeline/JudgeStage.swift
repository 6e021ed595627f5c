package import DatasetStore
internal import JSON
package import Judging
internal import ModelEndpoints
internal import RecordFiles
package import Records
internal import SQLite

/// Asks models to judge pairs of candidates, and keeps what they say in the ledger.
package struct JudgeStage: Sendable {
  /// Models, limits and recording.
  package var options: AskingOptions
  /// The prompt.
  package var prompt: JudgePrompt
  /// Which pairs, in which orders.
  package var selector = PairSelector()
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?
  /// Whether answers that could not be understood are asked again.
  package var retriesUnparsed = false

  /// A judging with a prompt.
  package init(options: AskingOptions, prompt: JudgePrompt) {
    self.options = options
    self.prompt = prompt
  }

  /// Loads a prompt that comes with the program, or one of a file.
  ///
  /// - Parameter name: its name, or the file's path.
  /// - Returns: the prompt.
  /// - Throws: `JudgePromptError`, `RecordFileError`, ``StageError``.
  package static func prompt(_ name: String) throws -> JudgePrompt {
    if let prompt = try JudgePrompt.builtin(name) { return prompt }
    guard name.contains("/") || name.contains(".") else {
      throw StageError.invalid(
        "there is no judge prompt '\(name)': expected one of "
          + JudgePrompt.builtinNames.joined(separator: ", ") + ", or a file")
    }
    let bytes = try FileContents.bytes(of: name)
    return try JudgePrompt(text: String(decoding: bytes, as: UTF8.self), file: name)
  }

  /// The name of a judge: a model with its prompt.
  private func name(of model: ModelConfiguration) -> String { "\(model.name)/\(prompt.name)" }

  /// The model with the decoding parameters that the prompt asks for.
  private func judging(_ model: ModelConfiguration) throws -> ModelConfiguration {
    var parameters = model.parameters
    parameters.maximumTokens = prompt.maxTokens
    parameters.temperature = prompt.temperature
    parameters.topP = prompt.topP ?? parameters.topP
    guard let endpoint = options.catalog.endpoints.first(where: { $0.name == model.endpoint })
    else { return model }
    return try ModelConfiguration(
      name: model.name, model: model.model, endpoint: endpoint, template: model.template,
      system: nil, parameters: parameters, price: model.price)
  }

  /// Says what a run would ask.
  ///
  /// - Parameter store: the store.
  /// - Returns: one row for each judge.
  /// - Throws: `SQLiteError`, `JudgePromptError`, `PromptError`.
  package func plan(on store: Store) throws -> AskingPlan {
    var plan = try AskingPlan(options, purpose: .verdict, store: store)
    let known = try store.judges()
    for model in options.catalog.models {
      let configuration = try judging(model)
      // A judge that is not in the store yet has judged nothing.
      let judge = known.first { $0.name.utf8.elementsEqual(name(of: model).utf8) }?.row ?? -1
      let cursor = try Cursor(self, configuration, judge: judge, place: store.place)
      try plan.add(configuration) { try cursor.next().map { ($0.call, $0.asksAgain) } }
      guard plan.rows.count == 1 else { continue }
      for (rule, examples) in cursor.findings {
        plan.notes.append("\(examples) examples with \(rule): not all of their pairs are judged")
      }
      if cursor.identicalPairs > 0 {
        plan.notes.append(
          "\(cursor.identicalPairs) pairs of equal texts are not asked about: "
            + selector.identicalTexts.rawValue)
      }
    }
    return plan
  }

  /// Asks what was not judged yet.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, `JudgePromptError`.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      let identical = try settleIdenticalPairs(store, run: run)
      let asking = try ModelAsking(
        options, purpose: .verdict, store: store, context: context, run: run)
      var queues: [TaskQueue] = []
      var counted = 0
      var findings: [(rule: String, examples: Int)] = []
      for model in options.catalog.models {
        let judge = try store.judgeRow(
          name(of: model), kind: .llm,
          details: [
            "model": .string(model.name), "prompt": .string(prompt.name),
            "prompt_hash": .string(prompt.hash),
          ])
        let configuration = try judging(model)
        let counter = try Cursor(self, configuration, judge: judge, place: store.place)
        counted += try counter.count()
        if queues.isEmpty { findings = counter.findings }
        queues.append(
          TaskQueue(self, configuration, judge: judge, place: store.place, context: context))
      }
      var unparsed = 0
      var suspicious = 0
      try asking.run(total: counted) { endpoint in
        for queue in queues where queue.endpoint == endpoint {
          guard let task = try queue.next() else { continue }
          return Question(call: task.call, asksAgain: task.asksAgain) { state, text, request, _ in
            // A question without an answer stays open and is asked again.
            guard state != "failed" else { return }
            let reply = prompt.parser.parse(text)
            var problem = reply.reason
            if state != "answered", problem != nil { problem = "the answer is \(state)" }
            if problem != nil { unparsed += 1 }
            if problem == nil, !task.suspicions.isEmpty {
              suspicious += 1
              problem =
                "candidate dictates a verdict: "
                + task.suspicions.map(\.excerpt).joined(separator: "; ")
            }
            try store.add(
              NewVerdict(
                example: task.example, candidateA: task.candidateA, candidateB: task.candidateB,
                verdict: reply.verdict, parser: prompt.parser.signature, problem: problem,
                request: request), judge: queue.judge, run: run)
          }
        }
        return nil
      }
      var summary = asking.summary
      summary["unparsable"] = unparsed
      if suspicious > 0 { summary["dictation suspected"] = suspicious }
      if identical > 0 {
        summary["pairs of equal texts: \(selector.identicalTexts.rawValue)"] = identical
      }
      for (rule, examples) in findings { summary["examples with \(rule)"] = examples }
      try PositionFlips.add(to: &summary, judges: queues.map(\.judge), store)
      return summary
    }
  }

  /// Keeps a tie for each pair of equal texts when the policy says so, under a judge of its own.
  ///
  /// - Returns: the number of pairs that are not asked about.
  private func settleIdenticalPairs(_ store: Store, run: Int64) throws -> Int {
    guard selector.identicalTexts != .judge else { return 0 }
    let reader = try ExampleReader(store, .init(split: split))
    var count = 0
    try store.connection.transaction {
      while let stored = try reader.next() {
        guard stored.example.candidates.count > 1 else { continue }
        let selected = selector.select(from: stored.example)
        count += selected.skipped.count + selected.derived.count
        for tie in selected.derived {
          try store.add(
            NewVerdict(
              example: stored.row, candidateA: stored.candidateRows[tie.pair.indexA],
              candidateB: stored.candidateRows[tie.pair.indexB], verdict: tie.verdict,
              raw: "the two texts are the same bytes"),
            judge: try store.judgeRow(DerivedVerdict.judge, kind: .derived), run: run)
        }
      }
    }
    return count
  }

  /// Applies the prompt's parser to all answers that the store has of its judges.
  ///
  /// - Parameters:
  ///   - parser: the parser.
  ///   - judge: only this judge; `nil` for all.
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`.
  package static func reparse(
    _ parser: ReplyParser, judge: String?, on store: Store, _ context: StageContext
  ) throws -> StageSummary {
    try StageRun.record(in: store, context) { _ in
      var summary = StageSummary()
      for name in ["read", "changed", "unparsable"] { summary[name] = 0 }
      let reader = try store.makeReader()
      try store.connection.transaction {
        try reader.query(
          """
          SELECT v.verdict_id, v.verdict, coalesce(r.text, v.raw, '') FROM verdicts v
          JOIN judges j USING (judge_id) LEFT JOIN requests r USING (request_id)
          WHERE j.kind = 'llm' AND (?1 IS NULL OR j.name = ?1)
            AND (v.request_id IS NOT NULL OR v.raw IS NOT NULL)
          """, SQLiteValue(judge)
        ) { row in
          let reply = parser.parse(row.text(2))
          summary["read"] += 1
          if reply.verdict == nil { summary["unparsable"] += 1 }
          if row.optionalText(1) != reply.verdict?.rawValue { summary["changed"] += 1 }
          // That a candidate dictates a verdict stays suspicious, whatever reads the answer.
          try store.connection.run(
            """
            UPDATE verdicts SET verdict = ?1, parser = ?2, problem = CASE
              WHEN ?3 IS NULL AND problem LIKE 'candidate dictates%' THEN problem ELSE ?3 END
            WHERE verdict_id = ?4
            """,
            SQLiteValue(reply.verdict?.rawValue), .text(parser.signature),
            SQLiteValue(reply.reason), .integer(row.int64(0)))
        }
      }
      let judges = try store.judges().filter {
        $0.kind == .llm && (judge == nil || judge == $0.name)
      }
      try PositionFlips.add(to: &summary, judges: judges.map(\.row), store)
      return summary
    }
  }

  /// One comparison that was not made yet.
  private struct Task: Sendable {
    let call: ModelCall
    let example: Int64
    let candidateA: Int64
    let candidateB: Int64
    let suspicions: [DictationSuspicion]
    /// Whether there is an answer that shall be replaced.
    let asksAgain: Bool
  }

  /// The comparisons that a judge has not made yet, made ready on a thread of their own: answers
  /// are stored meanwhile.
  private final class TaskQueue {
    let endpoint: String
    let judge: Int64
    private let groups: ReadAhead<[Task]>
    private let isCancelled: () -> Bool
    private var tasks: ArraySlice<Task> = []

    private static let groupSize = 64

    init(
      _ stage: JudgeStage, _ model: ModelConfiguration, judge: Int64, place: Store.Place,
      context: StageContext
    ) {
      endpoint = model.endpoint
      self.judge = judge
      isCancelled = context.isCancelled
      groups = ReadAhead(capacity: 4) { give in
        let cursor = try Cursor(stage, model, judge: judge, place: place)
        while true {
          var group: [Task] = []
          while group.count < Self.groupSize, let task = try cursor.next() { group.append(task) }
          guard !group.isEmpty, give(group) else { return }
        }
      }
    }

    /// The next comparison; `nil` after the last one and when the user stops the run.
    func next() throws -> Task? {
      if tasks.isEmpty { tasks = try groups.next(orWhen: isCancelled)?[...] ?? [] }
      return tasks.popFirst()
    }
  }

  /// Goes through the comparisons that a judge has not made yet.
  private final class Cursor {
    private let judge: Int64
    /// Pairs of equal texts so far that the policy does not ask about.
    private(set) var identicalPairs = 0
    /// Why pairs of examples so far are not judged, with the number of examples.
    private(set) var findings: [(rule: String, examples: Int)] = []
    private let stage: JudgeStage
    private let model: ModelConfiguration
    private let place: Store.Place
    private let lookup: Connection
    // Examples are read by pages: a reader that stays open keeps SQLite from emptying its log, which
    // would grow by all that is written meanwhile.
    private var page: ArraySlice<(example: StoredExample, verdicts: [StoredVerdict])> = []
    private var position: Int64 = -1
    private var stored: StoredExample?
    /// The comparisons that were made but are to be made again.
    private var repeated: Set<[Int]> = []
    private var comparisons: ArraySlice<Comparison> = []
    /// What is suspicious about each candidate of the example; `nil` until the first comparison.
    private var passages: [[DictationSuspicion.Passage]]?

    init(
      _ stage: JudgeStage, _ model: ModelConfiguration, judge: Int64, place: Store.Place
    ) throws {
      self.stage = stage
      self.model = model
      self.judge = judge
      self.place = place
      lookup = try place.makeReader()
    }

    /// The number of comparisons left; uses the cursor up.
    func count() throws -> Int {
      var count = 0
      while try advance() {
        count += comparisons.count
        comparisons = []
      }
      return count
    }

    func next() throws -> Task? {
      while comparisons.isEmpty {
        guard try advance() else { return nil }
      }
      guard let comparison = comparisons.popFirst(), let stored else { return nil }
      let passages =
        passages ?? stored.example.candidates.map { DictationSuspicion.passages(in: $0.text) }
      self.passages = passages
      let request = try stage.prompt.request(
        for: comparison, of: stored.example, passages: passages)
      let prompt: ModelPrompt =
        model.template == nil
        ? .messages(request.messages.map { .init(role: $0.role, content: $0.content) })
        : .text(request.messages.map(\.content).joined(separator: "\n\n"))
      return Task(
        call: try ModelCall(
          tag: 0, model: model, prompt: prompt, responseFormat: request.responseFormat),
        example: stored.row, candidateA: stored.candidateRows[comparison.shownIndexA],
        candidateB: stored.candidateRows[comparison.shownIndexB], suspicions: request.suspicions,
        asksAgain: repeated.contains([comparison.shownIndexA, comparison.shownIndexB]))
    }

    private func advance() throws -> Bool {
      if page.isEmpty { try readPage() }
      guard let (next, verdicts) = page.popFirst() else { return false }
      stored = next
      passages = nil
      guard next.example.candidates.count > 1 else { return true }
      var judged: Set<[Int]> = []
      for verdict in verdicts where verdict.judge == judge {
        judged.insert([verdict.candidateA, verdict.candidateB])
      }
      let selected = stage.selector.select(from: next.example)
      identicalPairs += selected.skipped.count + selected.derived.count
      for rule in Set(selected.diagnostics.map(\.rule)).sorted() {
        let place = findings.firstIndex { $0.rule == rule } ?? findings.count
        if place == findings.count { findings.append((rule, 0)) }
        findings[place].examples += 1
      }
      try findRepeated(next)
      judged.subtract(repeated)
      comparisons =
        selected.comparisons.filter { !judged.contains([$0.shownIndexA, $0.shownIndexB]) }[...]
      return true
    }

    private func readPage() throws {
      let reader = try ExampleReader(place, .init(split: stage.split, after: position))
      while page.count < 64, let next = try reader.next() {
        page.append((next, try reader.verdicts(of: next)))
      }
      position = max(position, reader.position)
    }

    private func findRepeated(_ stored: StoredExample) throws {
      repeated = []
      let states = stage.options.retriedStates
      guard stage.retriesUnparsed || !states.isEmpty else { return }
      try lookup.query(
        """
        SELECT candidate_a, candidate_b, verdict, r.state
        FROM verdicts LEFT JOIN requests r USING (request_id)
        WHERE example_id = ? AND judge_id = ?
        """, .integer(stored.row), .integer(judge)
      ) { row in
        let isWanted =
          (stage.retriesUnparsed && row.isNull(2))
          || row.optionalText(3).map(states.contains) == true
        guard isWanted, let a = stored.candidateRows.firstIndex(of: row.int64(0)),
          let b = stored.candidateRows.firstIndex(of: row.int64(1))
        else { return }
        repeated.insert([a, b])
      }
    }
  }
}
