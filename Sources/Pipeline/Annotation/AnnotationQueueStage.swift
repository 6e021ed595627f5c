package import Annotation
package import DatasetStore
internal import Hashing
internal import JSON
package import Records
internal import SQLite

/// Makes a queue of tasks for people.
package struct AnnotationQueueStage {
  /// Which pairs people are asked about, and in which order.
  package enum Choice: String, Sendable, CaseIterable {
    /// All, in random order, so that what is done at any time is a sample.
    case all
    /// As `all`, where judges prefer different answers first.
    case disagreement
    /// Those that `select --strategy uncertain` chooses, in its order.
    case uncertain
    /// Those that `select --strategy conflict` chooses, in its order.
    case conflict
  }

  /// The queue's name, which no other one has.
  package var name: String
  /// What people are asked.
  package var kind = QueueKind.pair
  /// How many people vote on each task.
  package var overlap = 3
  /// How to judge, in Markdown.
  package var guidelines = ""
  /// The rubric; only for ratings.
  package var criteria: [RatingCriterion] = []
  /// How tasks are given.
  package var options = QueueOptions()
  /// Which pairs.
  package var choice = Choice.all
  /// A file of pairs as `select` writes it, instead of a choice.
  package var file: String?
  /// How many tasks at most; `nil` for all there are.
  package var count: Int?
  /// How many tasks of one example at most; `nil` for all there are.
  package var perExample: Int?
  /// How many answers a rating or an order is about, at most; `nil` for all of an example.
  package var answers: Int?
  /// Only answers of these models; empty for all.
  package var models: [String] = []
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?
  /// The ranker that `uncertain` looks at.
  package var ranker: String?
  /// Where chance begins.
  package var seed = 1
  /// Whether people get tasks at once.
  package var isOpen = true

  /// A queue of pairs with the usual options.
  package init(name: String) { self.name = name }

  /// A task to be: its example and its answers.
  private struct Draft {
    let example: Int64
    let candidates: [Int64]
    /// Drafts are given in the order of these, the smallest first, and then by chance.
    var keys: (Int, Int) = (0, 0)
    var chance = 0.0
  }

  /// Makes the queue.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, `RecordFileError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    if try QueueRow.find(named: name, store.connection) != nil {
      throw StageError.invalid("there is a queue '\(name)' already: choose another name")
    }
    return try StageRun.record(in: store, context) { run in
      var summary = StageSummary()
      let drafts = try drafts(store, context)
      guard !drafts.isEmpty else {
        throw StageError.invalid(
          "no task was found: the store has no two different answers of different models that fit")
      }
      summary["tasks"] = drafts.count
      summary["votes wanted"] = drafts.count * overlap
      let needsItems = options.qualification != nil
      let isOpen = isOpen && !needsItems
      let queue = try insert(drafts, isOpen: isOpen, run: run, store, context)
      summary.details["queue_id"] = .integer(queue)
      summary.details["queue"] = .string(name)
      summary.details["state"] = .string(isOpen ? "open" : "paused")
      if needsItems {
        summary.notes.append(
          "the queue is paused: add its items with 'annotate items --purpose qualification', "
            + "then 'annotate queue open'")
      }
      return summary
    }
  }

  // MARK: - Choosing

  private func drafts(_ store: Store, _ context: StageContext) throws -> [Draft] {
    if let file { return try drafts(of: PairFile.pairs(file, in: store)) }
    switch choice {
    case .all, .disagreement: return try collected(store, context)
    case .uncertain, .conflict:
      var stage = SelectStage(budget: count ?? 1000)
      stage.strategy = choice == .uncertain ? .uncertain : .conflict
      stage.split = split
      stage.ranker = ranker
      let selection = try stage.run(on: store, context)
      return try drafts(
        of: selection.pairs.compactMap { pair in
          try PairFile.pair(id: pair.id, pair.modelA, pair.modelB, in: store.connection)
        })
    }
  }

  private func drafts(of pairs: [PairFile.Pair]) throws -> [Draft] {
    var seen: Set<[Int64]> = []
    var drafts: [Draft] = []
    for pair in pairs {
      guard seen.insert([min(pair.a, pair.b), max(pair.a, pair.b)]).inserted else { continue }
      drafts.append(Draft(example: pair.example, candidates: [pair.a, pair.b]))
    }
    return Array(drafts.prefix(count ?? .max))
  }

  private func collected(_ store: Store, _ context: StageContext) throws -> [Draft] {
    let judges = choice == .disagreement ? try JudgeLookup(store).all : []
    let voices = Set(judges.filter { $0.kind != .derived }.map(\.row))
    let draw = KeyedDraw(seed: UInt64(bitPattern: Int64(seed)), purpose: "annotation queue")
    let reader = try ExampleReader(store, .init(split: split))
    var drafts: [Draft] = []
    try reader.forEachExample(context) { stored in
      let places = usablePlaces(of: stored.example)
      guard places.count >= 2 else { return }
      var found =
        kind == .pair
        ? pairs(of: stored, places)
        : [Draft(example: stored.row, candidates: answers(of: stored, places, draw))]
      for index in found.indices {
        found[index].chance = draw.unit(
          for: [String(found[index].example)] + found[index].candidates.map(String.init))
      }
      if kind == .pair, !voices.isEmpty {
        let opinions = PairOpinion.opinions(try reader.verdicts(of: stored))
        for index in found.indices {
          found[index].keys = Self.disagreement(
            opinions.filter { opinion in
              voices.contains(opinion.judge)
                && [stored.candidateRows[opinion.a], stored.candidateRows[opinion.b]]
                  == found[index].candidates
            })
        }
      }
      if let perExample { found = Array(found.sorted(by: Self.precedes).prefix(perExample)) }
      drafts += found
      // What can no longer be chosen is not kept.
      if let count, drafts.count > 4 * count + 4096 {
        drafts = Array(drafts.sorted(by: Self.precedes).prefix(count))
      }
    }
    return Array(drafts.sorted(by: Self.precedes).prefix(count ?? .max))
  }

  private static func precedes(_ left: Draft, _ right: Draft) -> Bool {
    (left.keys.0, left.keys.1, left.chance, left.example)
      < (right.keys.0, right.keys.1, right.chance, right.example)
  }

  /// How much judges disagree on a pair, most first: by those in the minority, then by the number of
  /// different verdicts.
  private static func disagreement(_ opinions: [PairOpinion]) -> (Int, Int) {
    let a = opinions.count { $0.verdict == .aIsBetter }
    let b = opinions.count { $0.verdict == .bIsBetter }
    return (-min(a, b), -Set(opinions.map(\.verdict)).count)
  }

  /// The places of the answers that can be asked about: of the models wanted, each model once, and no
  /// text twice.
  private func usablePlaces(of example: Example) -> [Int] {
    var names: [[UInt8]: Int] = [:]
    for candidate in example.candidates { names[Array(candidate.model.utf8), default: 0] += 1 }
    return example.candidates.indices.filter { place in
      let name = Array(example.candidates[place].model.utf8)
      return names[name] == 1
        && (models.isEmpty || models.contains { Array($0.utf8) == name })
    }
  }

  private func pairs(of stored: StoredExample, _ places: [Int]) -> [Draft] {
    places.indices.flatMap { first in
      places[(first + 1)...].compactMap { second in
        let a = stored.example.candidates[places[first]].text
        let b = stored.example.candidates[second].text
        // Of equal texts neither is better.
        guard !a.utf8.elementsEqual(b.utf8) else { return nil }
        return Draft(
          example: stored.row,
          candidates: [stored.candidateRows[places[first]], stored.candidateRows[second]])
      }
    }
  }

  private func answers(
    of stored: StoredExample, _ places: [Int], _ draw: KeyedDraw
  ) -> [Int64] {
    guard let answers, answers < places.count else {
      return places.map { stored.candidateRows[$0] }
    }
    let chosen = places.map { (draw.unit(for: ["answer", String(stored.candidateRows[$0])]), $0) }
      .sorted { $0 < $1 }.prefix(answers).map(\.1)
    return chosen.sorted().map { stored.candidateRows[$0] }
  }

  // MARK: - Storing

  private func insert(
    _ drafts: [Draft], isOpen: Bool, run: Int64, _ store: Store, _ context: StageContext
  ) throws -> Int64 {
    let connection = store.connection
    let now = AnnotationTime.current()
    return try connection.transaction {
      let rubric = JSONValue.array(
        criteria.map {
          ["name": .string($0.name), "description": .string($0.description)]
        })
      try connection.run(
        """
        INSERT INTO annotation_queues (name, kind, overlap, guidelines, criteria, options, state,
          task_count, open_slots, run_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, .text(name), .text(kind.rawValue), .integer(Int64(overlap)), .text(guidelines),
        .text(rubric.json()), .text(options.json.json()), .text(isOpen ? "open" : "paused"),
        .integer(Int64(drafts.count)), .integer(Int64(drafts.count * overlap)), .integer(run),
        .text(now.iso8601))
      let queue = connection.lastInsertedRowID
      for (index, draft) in drafts.enumerated() {
        try AnnotationTasks.add(
          queue: queue, example: draft.example, candidates: draft.candidates,
          priority: Double(index), purpose: .normal, slots: overlap, connection)
        if index % 1024 == 0 {
          context.report(.init(done: index, total: drafts.count))
          try context.stopIfCancelled("no queue was made")
        }
      }
      try AuditTrail.add(
        "queue_made", person: nil, at: now,
        [
          "queue_id": .integer(queue), "name": .string(name), "kind": .string(kind.rawValue),
          "tasks": .integer(Int64(drafts.count)), "overlap": .integer(Int64(overlap)),
          "options": .object(options.json),
        ], connection)
      return queue
    }
  }
}
