import Annotation
import Hashing
import JSON
import Records
import Synchronization

/// A backend in memory: one queue of pairs with an overlap, as simple as the protocol allows.
final class MemoryBackend: AnnotationBackend {
  struct Person {
    let name: String
    var token: String
    let role: PersonRole
    var isRevoked = false
    var expiresAt: AnnotationTime?
    var quota: Int?
    var settings: JSONObject = [:]
  }

  struct Item {
    let instruction: String
    let input: String
    let answers: [String]
    let models: [String]
  }

  struct Assignment {
    let task: Int64
    let person: Int64
    let isExchanged: Bool
    var vote: Int64?
  }

  struct Vote {
    let assignment: Int64
    let person: Int64
    let submission: VoteSubmission
    var isUndone = false
  }

  struct State {
    var people: [Person] = []
    var sessions: [[UInt8]: AnnotationSession] = [:]
    var items: [Item] = []
    var assignments: [Assignment] = []
    var votes: [Vote] = []
    /// The assignments that were given back, by person and key.
    var undone: [String: Int64] = [:]
    var adjudications: [Adjudication] = []
    var events: [AuditEvent] = []
    var queueState = QueueState.open
    var overlap = 2
    /// Thrown by every method, when there is one.
    var failure: (any Error)?
  }

  let state: Mutex<State>
  let time: Mutex<AnnotationTime>

  init(people: [Person], items: [Item]) {
    state = Mutex(State(people: people, items: items))
    time = Mutex(AnnotationTime(milliseconds: 1_770_000_000_000))
  }

  var now: AnnotationTime { time.withLock { $0 } }

  func change(_ body: (inout sending State) -> Void) { state.withLock { body(&$0) } }

  private func perform<Result>(_ body: (inout State) throws -> Result) throws -> Result {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return try body(&state)
    }
  }

  private static func check(_ person: Person, _ now: AnnotationTime) throws(AnnotationError) {
    if person.isRevoked { throw .revoked }
    if let end = person.expiresAt, end <= now { throw .expired }
  }

  private static func note(
    _ action: String, _ person: Int64?, _ details: JSONObject, _ state: inout State,
    _ now: AnnotationTime
  ) {
    state.events.append(
      AuditEvent(
        eventID: Int64(state.events.count + 1), at: now,
        person: person.map { state.people[Int($0) - 1].name }, action: action, details: details))
  }

  func signIn(token: String) throws -> AnnotatorIdentity {
    let now = now
    return try perform { state in
      guard let index = state.people.firstIndex(where: { $0.token == token }) else {
        throw AnnotationError.unknownLink
      }
      let person = state.people[index]
      try Self.check(person, now)
      Self.note("signed_in", Int64(index + 1), [:], &state, now)
      return AnnotatorIdentity(
        person: Int64(index + 1), name: person.name, role: person.role,
        expiresAt: person.expiresAt)
    }
  }

  func openSession(_ session: AnnotationSession) throws {
    try perform { $0.sessions[session.cookieHash] = session }
  }

  func session(
    cookieHash: [UInt8]
  ) throws -> (session: AnnotationSession, identity: AnnotatorIdentity)? {
    let now = now
    return try perform { state in
      guard let session = state.sessions[cookieHash], session.expiresAt > now else { return nil }
      let person = state.people[Int(session.person) - 1]
      try Self.check(person, now)
      return (
        session,
        AnnotatorIdentity(
          person: session.person, name: person.name, role: person.role,
          expiresAt: person.expiresAt)
      )
    }
  }

  func closeSession(cookieHash: [UInt8]) throws {
    try perform { _ = $0.sessions.removeValue(forKey: cookieHash) }
  }

  func overview(person: Int64) throws -> AnnotatorOverview {
    try perform { state in
      let votes = state.votes.filter { $0.person == person && !$0.isUndone }.count
      return AnnotatorOverview(
        name: state.people[Int(person) - 1].name,
        queues: [
          AnnotatorOverview.Queue(
            queueID: 1, name: "helpfulness", kind: .pair, guidelines: "# Judge\n<b>well</b>",
            criteria: [RatingCriterion(name: "help", description: "Does it help?")], done: votes,
            quota: state.people[Int(person) - 1].quota, available: state.items.count - votes,
            qualification: .init(state: .none, done: 0, total: 0))
        ], votesToday: votes, medianSecondsToday: votes == 0 ? nil : 2.5,
        settings: state.people[Int(person) - 1].settings)
    }
  }

  func replaceSettings(_ settings: JSONObject, person: Int64) throws -> JSONObject {
    try perform { state in
      state.people[Int(person) - 1].settings = settings
      return settings
    }
  }

  private static func task(_ row: Int64, _ state: State, _ now: AnnotationTime) -> AnnotationTask {
    let assignment = state.assignments[Int(row) - 1]
    let item = state.items[Int(assignment.task) - 1]
    let answers = assignment.isExchanged ? item.answers.reversed() : item.answers
    return AnnotationTask(
      assignmentID: row, queueID: 1, kind: .pair, leaseExpiresAt: now.adding(seconds: 600),
      instruction: item.instruction, input: item.input,
      answers: answers.enumerated().map {
        .init(label: AnnotationTask.label($0.offset), text: $0.element)
      }, criteria: [])
  }

  func nextTask(person: Int64, queue: Int64?, exclude: [Int64]) throws -> NextTask {
    let now = now
    return try perform { state in
      if let queue, queue != 1 { throw AnnotationError.unknown(.queue, queue) }
      guard state.queueState == .open else { return .none(.paused) }
      let open = state.assignments.indices.first {
        state.assignments[$0].person == person && state.assignments[$0].vote == nil
          && !exclude.contains(Int64($0 + 1))
      }
      if let open { return .task(Self.task(Int64(open + 1), state, now)) }
      for task in state.items.indices {
        let given = state.assignments.filter { $0.task == Int64(task + 1) }
        guard given.count < state.overlap, !given.contains(where: { $0.person == person }) else {
          continue
        }
        state.assignments.append(
          Assignment(
            task: Int64(task + 1), person: person, isExchanged: person % 2 == 0, vote: nil))
        return .task(Self.task(Int64(state.assignments.count), state, now))
      }
      return .none(.finished)
    }
  }

  private static func check(
    _ assignment: Int64, _ person: Int64, _ state: State
  ) throws(AnnotationError) {
    guard assignment <= Int64(state.assignments.count),
      state.assignments[Int(assignment) - 1].person == person
    else { throw .unknown(.assignment, assignment) }
  }

  func renewLease(person: Int64, assignment: Int64) throws -> AnnotationTime {
    let now = now
    return try perform { state in
      try Self.check(assignment, person, state)
      if state.assignments[Int(assignment) - 1].vote != nil { throw AnnotationError.leaseLost }
      return now.adding(seconds: 600)
    }
  }

  func vote(person: Int64, _ submission: VoteSubmission) throws -> VoteReceipt {
    try perform { state in
      let done = state.votes.filter { $0.person == person && !$0.isUndone }.count
      let known = state.votes.firstIndex {
        $0.person == person && $0.submission.clientKey == submission.clientKey
      }
      if let known {
        return VoteReceipt(
          voteID: Int64(known + 1), isRepeated: true, done: done, feedback: nil)
      }
      try Self.check(submission.assignmentID, person, state)
      guard state.assignments[Int(submission.assignmentID) - 1].vote == nil else {
        throw AnnotationError.alreadyVoted
      }
      if case .ratings = submission.answer {
        throw AnnotationError.invalid(field: "ratings", expected: "a verdict: this queue has pairs")
      }
      state.votes.append(
        Vote(assignment: submission.assignmentID, person: person, submission: submission))
      state.assignments[Int(submission.assignmentID) - 1].vote = Int64(state.votes.count)
      return VoteReceipt(
        voteID: Int64(state.votes.count), isRepeated: false, done: done + 1,
        feedback: done == 0
          ? .init(isCorrect: true, expected: "A is better", explanation: "<i>So.</i>") : nil)
    }
  }

  func undo(person: Int64, clientKey: String) throws -> AnnotationTask {
    let now = now
    return try perform { state in
      if let known = state.undone["\(person) \(clientKey)"] {
        return Self.task(known, state, now)
      }
      guard let index = state.votes.lastIndex(where: { $0.person == person && !$0.isUndone }) else {
        throw AnnotationError.nothingToUndo("There is no vote that could be undone.")
      }
      state.votes[index].isUndone = true
      let assignment = state.votes[index].assignment
      state.undone["\(person) \(clientKey)"] = assignment
      state.assignments[Int(assignment) - 1].vote = nil
      return Self.task(assignment, state, now)
    }
  }

  func votes(person: Int64, limit: Int) throws -> [PastVote] {
    let now = now
    return try perform { state in
      state.votes.enumerated().filter { $0.element.person == person && !$0.element.isUndone }
        .suffix(limit).reversed().map { index, vote in
          let task = state.assignments[Int(vote.assignment) - 1].task
          return PastVote(
            voteID: Int64(index + 1), assignmentID: vote.assignment,
            excerpt: state.items[Int(task) - 1].instruction, answer: vote.submission.answer,
            note: vote.submission.note, createdAt: now)
        }
    }
  }
}
