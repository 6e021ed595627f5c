import Annotation
import DatasetStore
import Foundation
import JSON
import Pipeline
import RandomNumbers
import Records
import SQLite
import Synchronization
import Testing

/// A clock that stands until it is moved.
final class StandingClock: Sendable {
  private let time = Mutex(AnnotationTime(milliseconds: 1_800_000_000_000))

  var now: AnnotationTime { time.withLock { $0 } }

  func advance(seconds: Int) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

/// A store with examples, a queue and people, that is served.
final class AnnotationFixture {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  let clock = StandingClock()
  let path: String
  private(set) var people: [Int64] = []
  private(set) var administrator: Int64 = 0
  private(set) var annotation: AnnotationStore
  private let seed: UInt64

  /// Makes a store of examples with the answers `good`, `fair` and `poor` of three models.
  init(
    examples: Int, people count: Int, models: [String] = ["m", "n"], seed: UInt64 = 1,
    _ change: (inout AnnotationQueueStage) -> Void = { _ in },
    prepare: (Store, Int64) throws -> Void = { _, _ in }
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "a.db").path
    self.seed = seed
    let links = try Self.fill(path, examples: examples, people: count, models, change, prepare)
    annotation = try Self.open(path, clock, seed)
    people = links.dropLast().map(\.personID)
    administrator = links.last?.personID ?? 0
  }

  /// Makes the store, which is closed afterwards; gives people's links, the administrator's last.
  private static func fill(
    _ path: String, examples: Int, people count: Int, _ models: [String],
    _ change: (inout AnnotationQueueStage) -> Void, _ prepare: (Store, Int64) throws -> Void
  ) throws -> [PersonLink] {
    let store = try Store(path: path, access: .create)
    let run = try store.beginRun(verb: "import", arguments: [], version: "")
    try store.connection.transaction {
      for number in 0..<examples {
        try store.add(
          PreparedExample(
            Example(
              id: "e/\(number)", instruction: "Say \(number).", input: "", output: nil,
              candidates: models.map { Candidate(model: $0, text: "\($0) says \(number)") }),
            placement: .init(split: .train)), run: run)
      }
      try prepare(store, run)
    }
    try store.endRun(run, .finished, summary: [:])
    var stage = AnnotationQueueStage(name: "q")
    change(&stage)
    _ = try stage.run(on: store, StageContext(verb: "annotate queue make"))
    return try AnnotationDesk.add(
      (0..<count).map { NewPerson(name: "p\($0)") }
        + [NewPerson(name: "boss", role: .administrator)], to: store)
  }

  deinit {
    annotation.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  private static func open(
    _ path: String, _ clock: StandingClock, _ seed: UInt64
  ) throws -> AnnotationStore {
    try AnnotationStore(
      path: path, verb: "annotate", clock: { clock.now }, generator: SplitMix64(seed: seed))
  }

  /// Ends the service and begins anew.
  func restart() throws {
    annotation.stop()
    annotation = try Self.open(path, clock, seed &+ 1)
  }

  /// The next task; fails the test when there is none.
  func task(_ person: Int64, exclude: [Int64] = []) throws -> AnnotationTask {
    let next = try annotation.nextTask(person: person, queue: 1, exclude: exclude)
    guard case .task(let task) = next else {
      Issue.record("no task for \(person): \(next)")
      throw CancellationError()
    }
    return task
  }

  /// Votes on a task for the answer of a model.
  @discardableResult
  func vote(
    _ person: Int64, _ task: AnnotationTask, for model: String, key: String = UUID().uuidString
  ) throws -> VoteReceipt {
    let verdict: Verdict = task.answers[0].text.hasPrefix(model) ? .aIsBetter : .bIsBetter
    return try vote(person, task, .verdict(verdict), key: key)
  }

  /// Votes on a task.
  @discardableResult
  func vote(
    _ person: Int64, _ task: AnnotationTask, _ answer: VoteSubmission.Answer,
    key: String = UUID().uuidString, milliseconds: Int = 1000
  ) throws -> VoteReceipt {
    try annotation.vote(
      person: person,
      VoteSubmission(
        assignmentID: task.assignmentID, clientKey: key, answer: answer, note: nil,
        milliseconds: milliseconds))
  }

  /// A number that a query gives.
  func number(_ sql: String) throws -> Int {
    let connection = try Connection(path: path, access: .readOnly)
    return Int(try connection.integer(sql) ?? 0)
  }

  /// What must hold at any time, whatever people do.
  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let queries = [
      // A task is with so many people, and open to so many more, as its overlap says.
      """
      SELECT count(*) FROM annotation_tasks t JOIN annotation_queues q USING (queue_id)
      WHERE t.purpose = 'normal' AND q.overlap <> t.open_slots + (
        SELECT count(*) FROM annotation_assignments a WHERE a.task_id = t.task_id
          AND a.repeats IS NULL AND a.state IN ('leased', 'voted'))
      """,
      """
      SELECT count(*) FROM annotation_queues q WHERE open_slots <> (
        SELECT sum(open_slots) FROM annotation_tasks t WHERE t.queue_id = q.queue_id)
      """,
      // Nobody votes twice on a task, except on a repeat.
      """
      SELECT count(*) FROM (SELECT 1 FROM annotation_assignments
        WHERE repeats IS NULL AND state = 'voted' GROUP BY task_id, person_id HAVING count(*) > 1)
      """,
      // What is marked as voted has one vote that stands, and nothing else has one.
      """
      SELECT count(*) FROM annotation_assignments a WHERE (a.state = 'voted') <> (
        SELECT count(*) FROM annotation_standing_votes v
        WHERE v.assignment_id = a.assignment_id AND v.kind = 'vote')
      """,
      """
      SELECT count(*) FROM annotation_assignments a WHERE (a.state = 'skipped') <> (
        SELECT count(*) FROM annotation_standing_votes v
        WHERE v.assignment_id = a.assignment_id AND v.kind = 'skip')
      """,
      // The sums are those of the ledger.
      """
      SELECT count(*) FROM annotation_progress p WHERE (votes, normal, skips, leased, assignments)
        <> (
        SELECT coalesce(sum(a.state = 'voted' AND t.purpose <> 'qualification'), 0),
          coalesce(sum(a.state = 'voted' AND t.purpose = 'normal' AND a.repeats IS NULL), 0),
          coalesce(sum(a.state = 'skipped' AND t.purpose <> 'qualification'), 0),
          coalesce(sum(a.state = 'leased' AND t.purpose <> 'qualification'), 0), count(*)
        FROM annotation_assignments a JOIN annotation_tasks t USING (task_id)
        WHERE a.person_id = p.person_id AND a.queue_id = p.queue_id)
      """,
    ]
    for query in queries {
      #expect(try number(query) == 0, "\(query)", sourceLocation: sourceLocation)
    }
  }
}
