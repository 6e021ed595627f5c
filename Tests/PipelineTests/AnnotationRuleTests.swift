import Annotation
import DatasetStore
import Foundation
import JSON
import Pipeline
import Records
import SQLite
import Testing

/// What each rule of a queue does.
@Suite struct AnnotationRuleTests {
  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let error as AnnotationError {
      return error.code
    } catch {
      return "\(error)"
    }
  }

  @Test func abandonedTasksGoToOthers() throws {
    let fixture = try AnnotationFixture(examples: 1, people: 2) {
      $0.overlap = 1
      $0.options.leaseSeconds = 60
    }
    let (first, second) = (fixture.people[0], fixture.people[1])
    let task = try fixture.task(first)
    #expect(
      try fixture.annotation.nextTask(person: second, queue: 1, exclude: []) == .none(.waiting))
    fixture.clock.advance(seconds: 59)
    #expect(
      try fixture.annotation.renewLease(person: first, assignment: task.assignmentID)
        == fixture.clock.now.adding(seconds: 60))
    fixture.clock.advance(seconds: 59)
    #expect(
      try fixture.annotation.nextTask(person: second, queue: 1, exclude: []) == .none(.waiting))
    fixture.clock.advance(seconds: 2)
    let taken = try fixture.task(second)
    #expect(taken.instruction == task.instruction)
    #expect(code { try fixture.vote(first, task, for: "m") } == "lease_lost")
    #expect(
      code { _ = try fixture.annotation.renewLease(person: first, assignment: task.assignmentID) }
        == "lease_lost")
    try fixture.vote(second, taken, for: "m")
    #expect(
      try fixture.annotation.nextTask(person: first, queue: 1, exclude: []) == .none(.finished))
    try fixture.expectSound()
  }

  @Test func aLateVoteCountsWhileTheTaskIsFree() throws {
    let fixture = try AnnotationFixture(examples: 2, people: 2) {
      $0.overlap = 1
      $0.options.leaseSeconds = 60
    }
    let task = try fixture.task(fixture.people[0])
    fixture.clock.advance(seconds: 3600)
    // The other one's request takes the task back and gives the first one of the queue.
    let other = try fixture.task(fixture.people[1])
    #expect(other.instruction == task.instruction)
    try fixture.vote(fixture.people[1], other, .skip(.offensive))
    try fixture.vote(fixture.people[0], task, for: "m")
    try fixture.expectSound()
  }

  @Test func votesAreSentTwiceAndStoredOnce() throws {
    let fixture = try AnnotationFixture(examples: 3, people: 2)
    let person = fixture.people[0]
    let task = try fixture.task(person)
    let key = UUID().uuidString
    let first = try fixture.vote(person, task, for: "m", key: key)
    let again = try fixture.vote(person, task, for: "n", key: key)
    #expect(first.voteID == again.voteID && again.isRepeated && !first.isRepeated)
    #expect(first.done == 1 && again.done == 1)
    #expect(code { try fixture.vote(person, task, for: "m") } == "already_voted")
    let next = try fixture.task(person)
    #expect(code { try fixture.vote(person, next, for: "m", key: key) } == "client_key_reused")
    // The key is the person's own.
    try fixture.vote(fixture.people[1], try fixture.task(fixture.people[1]), for: "m", key: key)
    #expect(
      code { try fixture.vote(fixture.people[1], next, for: "m") } == "unknown_assignment")
    try fixture.expectSound()
  }

  @Test func anUndoIsARowOfItsOwn() throws {
    let fixture = try AnnotationFixture(examples: 3, people: 1)
    let person = fixture.people[0]
    #expect(
      code { _ = try fixture.annotation.undo(person: person, clientKey: "key-00000") }
        == "nothing_to_undo")
    let task = try fixture.task(person)
    try fixture.vote(person, task, for: "m")
    let key = UUID().uuidString
    let back = try fixture.annotation.undo(person: person, clientKey: key)
    #expect(back.assignmentID == task.assignmentID)
    #expect(back.answers == task.answers)
    #expect(try fixture.annotation.undo(person: person, clientKey: key) == back)
    #expect(try fixture.annotation.votes(person: person, limit: 5).isEmpty)
    let receipt = try fixture.vote(person, back, for: "n")
    #expect(receipt.done == 1)
    #expect(
      try fixture.annotation.votes(person: person, limit: 5).map(\.voteID) == [receipt.voteID])
    #expect(try fixture.number("SELECT count(*) FROM annotation_votes") == 3)
    #expect(
      try fixture.number("SELECT count(*) FROM annotation_votes WHERE supersedes IS NOT NULL") == 2)
    try fixture.expectSound()
  }

  @Test func skippedTasksAreForOthers() throws {
    let fixture = try AnnotationFixture(examples: 1, people: 2) { $0.overlap = 1 }
    let (first, second) = (fixture.people[0], fixture.people[1])
    try fixture.vote(first, try fixture.task(first), .skip(.notMyLanguage))
    #expect(
      try fixture.annotation.nextTask(person: first, queue: 1, exclude: []) == .none(.finished))
    let task = try fixture.task(second)
    #expect(
      code { _ = try fixture.annotation.undo(person: first, clientKey: UUID().uuidString) }
        == "nothing_to_undo")
    try fixture.vote(second, task, .skip(.other))
    // Now the task is free again.
    let back = try fixture.annotation.undo(person: first, clientKey: UUID().uuidString)
    try fixture.vote(first, back, for: "m")
    try fixture.expectSound()
  }

  @Test func aQuotaHolds() throws {
    let fixture = try AnnotationFixture(examples: 9, people: 1) { $0.options.quota = 2 }
    let person = fixture.people[0]
    let first = try fixture.task(person)
    let second = try fixture.task(person, exclude: [first.assignmentID])
    #expect(first.assignmentID != second.assignmentID)
    let held = [first.assignmentID, second.assignmentID]
    #expect(
      try fixture.annotation.nextTask(person: person, queue: nil, exclude: held)
        == .none(.quotaReached))
    try fixture.vote(person, first, for: "m")
    // A skip is no vote.
    try fixture.vote(person, second, .skip(.unclear))
    try fixture.vote(person, try fixture.task(person), for: "m")
    #expect(
      try fixture.annotation.nextTask(person: person, queue: 1, exclude: []) == .none(.quotaReached)
    )
    let queue = try fixture.annotation.overview(person: person).queues[0]
    #expect(queue.done == 2 && queue.quota == 2 && queue.available == 0)
  }

  @Test func repeatsAreHiddenAndCounted() throws {
    let fixture = try AnnotationFixture(examples: 60, people: 1) {
      $0.overlap = 1
      $0.options.repeatShare = 0.3
      $0.options.repeatGap = 4
    }
    let person = fixture.people[0]
    var shown: [String] = []
    while case .task(let task) = try fixture.annotation.nextTask(
      person: person, queue: 1, exclude: [])
    {
      if let last = shown.lastIndex(of: task.instruction) { #expect(shown.count - last >= 4) }
      shown.append(task.instruction)
      try fixture.vote(person, task, for: "m")
    }
    let repeats = shown.count - Set(shown).count
    #expect(Set(shown).count == 60)
    #expect((8...40).contains(repeats), "\(repeats)")
    let figures = try fixture.annotation.people(administrator: fixture.administrator, queue: 1)[0]
    // The same model is preferred each time, whatever side it is on.
    #expect(figures.selfConsistency == .init(part: repeats, total: repeats))
    #expect(figures.votes == shown.count)
    #expect(
      try fixture.number(
        "SELECT max(n) FROM (SELECT count(*) n FROM annotation_assignments GROUP BY task_id)") == 2)
    try fixture.expectSound()
  }

  @Test func sidesAreDrawnForEachPerson() throws {
    let fixture = try AnnotationFixture(examples: 100, people: 2) { $0.overlap = 2 }
    var first: [String: String] = [:]
    var same = 0
    var left = 0
    for person in fixture.people {
      for _ in 0..<100 {
        let task = try fixture.task(person)
        if let known = first[task.instruction] { same += known == task.answers[0].text ? 1 : 0 }
        first[task.instruction] = task.answers[0].text
        left += task.answers[0].text.hasPrefix("m") ? 1 : 0
        try fixture.vote(person, task, for: "m")
      }
    }
    // Six standard deviations of 100 and of 200 fair coins.
    #expect((20...80).contains(same), "\(same)")
    #expect((58...142).contains(left), "\(left)")
    // In the task's own order all are the same verdict.
    #expect(
      try fixture.number("SELECT count(*) FROM annotation_votes WHERE outcome = 'A is better'")
        == 200)
    let shown = try fixture.number(
      "SELECT count(*) FROM annotation_votes WHERE verdict = 'A is better'")
    #expect(shown == left)
    let figures = try fixture.annotation.people(administrator: fixture.administrator, queue: 1)
    #expect(figures[0].agreementWithOthers == 1)
  }

  @Test func qualificationComesFirstAndTeaches() throws {
    let fixture = try AnnotationFixture(examples: 12, people: 2) {
      $0.options.qualification = .init(items: 3, passMark: 0.6)
    }
    let (good, bad) = (fixture.people[0], fixture.people[1])
    #expect(try fixture.annotation.nextTask(person: good, queue: 1, exclude: []) == .none(.paused))
    let items = fixture.folder.appending(path: "items.jsonl").path
    let lines = (0..<3).map {
      #"{"id":"e/\#($0)","model_a":"m","model_b":"n","verdict":"A is better","explanation":"m is right"}"#
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: items))
    let store = try Store(path: fixture.path, access: .write)
    #expect(
      code { try AnnotationDesk.setState(ofQueue: "q", to: .open, in: store) } == "invalid_value")
    var stage = AnnotationItemStage(queue: "q", file: items)
    stage.purpose = .qualification
    _ = try stage.run(on: store, StageContext(verb: "annotate items"))
    try AnnotationDesk.setState(ofQueue: "q", to: .open, in: store)
    for (index, model) in ["m", "n", "m"].enumerated() {
      let task = try fixture.task(good)
      #expect(task.instruction == "Say \(index).")
      let receipt = try fixture.vote(good, task, for: model)
      #expect(receipt.done == 0)
      let feedback = try #require(receipt.feedback)
      #expect(feedback.isCorrect == (model == "m"))
      #expect(feedback.explanation == "m is right")
      #expect(
        feedback.expected == (task.answers[0].text.hasPrefix("m") ? "A is better" : "B is better"))
      #expect(
        code { _ = try fixture.annotation.undo(person: good, clientKey: UUID().uuidString) }
          == "nothing_to_undo")
    }
    #expect(
      try fixture.annotation.overview(person: good).queues[0].qualification
        == .init(state: .passed, done: 3, total: 3))
    // Two of three is more than 0.6: the work begins.
    #expect(try fixture.vote(good, try fixture.task(good), for: "m").feedback == nil)
    for answer in [VoteSubmission.Answer.skip(.unclear), .verdict(.sameGood), .verdict(.sameBad)] {
      try fixture.vote(bad, try fixture.task(bad), answer)
    }
    #expect(
      try fixture.annotation.nextTask(person: bad, queue: 1, exclude: []) == .none(.notQualified))
    try fixture.expectSound()
  }

  @Test func goldItemsAreMixedIn() throws {
    let fixture = try AnnotationFixture(examples: 80, people: 2) { $0.options.goldShare = 0.25 }
    let items = fixture.folder.appending(path: "gold.jsonl").path
    let lines = (0..<10).map {
      #"{"id":"e/\#($0)","model_a":"n","model_b":"m","verdict":"B is better"}"#
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: items))
    let store = try Store(path: fixture.path, access: .write)
    _ = try AnnotationItemStage(queue: "q", file: items).run(
      on: store, StageContext(verb: "annotate items"))
    var orders: [[String]] = []
    for person in fixture.people {
      var order: [String] = []
      while case .task(let task) = try fixture.annotation.nextTask(
        person: person, queue: 1, exclude: [])
      {
        order.append(task.instruction)
        let receipt = try fixture.vote(person, task, for: person == fixture.people[0] ? "m" : "n")
        #expect(receipt.feedback == nil)
      }
      orders.append(order)
    }
    let figures = try fixture.annotation.people(administrator: fixture.administrator, queue: 1)
    // Nobody sees a gold item twice; by chance all ten came.
    #expect(figures[0].gold == .init(part: 10, total: 10))
    #expect(figures[1].gold == .init(part: 0, total: 10))
    #expect(orders[0] != orders[1])
    try fixture.expectSound()
  }

  @Test func linksCanBeTakenBack() throws {
    let fixture = try AnnotationFixture(examples: 2, people: 1) { $0.overlap = 1 }
    let annotation = fixture.annotation
    let link = try annotation.addPerson(
      administrator: fixture.administrator, NewPerson(name: "new", expiresInDays: 2))
    #expect(link.token.utf8.count == 43)
    let identity = try annotation.signIn(token: link.token)
    #expect(identity.name == "new" && identity.role == .annotator)
    #expect(code { _ = try annotation.signIn(token: link.token + "x") } == "unknown_link")
    #expect(code { _ = try annotation.signIn(token: "") } == "unknown_link")
    #expect(
      code {
        _ = try annotation.addPerson(administrator: fixture.administrator, NewPerson(name: "new"))
      }
        == "name_taken")
    #expect(
      code { _ = try annotation.addPerson(administrator: identity.person, NewPerson(name: "x")) }
        == "administrators_only")
    let session = AnnotationSession(
      cookieHash: [1, 2, 3], csrfToken: "t", person: identity.person,
      expiresAt: fixture.clock.now.adding(seconds: 9_000_000))
    try annotation.openSession(session)
    #expect(try annotation.session(cookieHash: [1, 2, 3])?.session == session)
    #expect(try annotation.session(cookieHash: [1, 2]) == nil)
    fixture.clock.advance(seconds: 2 * 86_400)
    #expect(code { _ = try annotation.session(cookieHash: [1, 2, 3]) } == "link_expired")
    #expect(
      code { _ = try annotation.nextTask(person: identity.person, queue: 1, exclude: []) }
        == "link_expired")
    let renewed = try annotation.replaceLink(
      administrator: fixture.administrator, person: identity.person)
    #expect(code { _ = try annotation.signIn(token: link.token) } == "unknown_link")
    #expect(
      try annotation.signIn(token: renewed.token).expiresAt
        == fixture.clock.now.adding(seconds: 2 * 86_400))
    #expect(try annotation.session(cookieHash: [1, 2, 3]) == nil)
    // What a person had goes to others at once.
    let task = try fixture.task(identity.person)
    try annotation.revoke(administrator: fixture.administrator, person: identity.person)
    #expect(code { try fixture.vote(identity.person, task, for: "m") } == "link_revoked")
    let other = try fixture.task(fixture.people[0])
    #expect(other.instruction == task.instruction)
    #expect(
      code {
        try annotation.revoke(administrator: fixture.administrator, person: fixture.administrator)
      }
        == "invalid_value")
    let actions = try annotation.auditEvents(
      administrator: fixture.administrator, before: nil, limit: 100
    ).map(\.action)
    #expect(
      actions == [
        "link_revoked", "sign_in", "link_replaced", "sign_in", "link_made", "link_made",
        "link_made", "queue_made",
      ])
    try fixture.expectSound()
  }

  @Test func conflictsAreDecidedAndPublished() throws {
    let fixture = try AnnotationFixture(examples: 4, people: 3) { $0.overlap = 3 }
    // Examples 0 and 1: all say m; 2: two of three; 3: everybody something else.
    for (index, person) in fixture.people.enumerated() {
      for _ in 0..<4 {
        let task = try fixture.task(person)
        switch task.instruction {
        case "Say 2." where index == 2: try fixture.vote(person, task, for: "n")
        case "Say 3." where index == 1: try fixture.vote(person, task, .verdict(.sameGood))
        case "Say 3." where index == 2: try fixture.vote(person, task, .verdict(.sameBad))
        default: try fixture.vote(person, task, for: "m")
        }
      }
    }
    let annotation = fixture.annotation
    let boss = fixture.administrator
    let page = try annotation.conflicts(administrator: boss, queue: 1, offset: 0, limit: 10)
    #expect(page.total == 2)
    #expect(page.conflicts.map(\.votes.count) == [3, 3])
    #expect(page.conflicts.allSatisfy { $0.answers.map(\.model) == ["m", "n"] })
    let overview = try annotation.queueOverviews(administrator: boss, queue: nil)[0]
    #expect(overview.conflicts == 2 && overview.completeTasks == 4 && overview.votes == 12)
    let disputed = try #require(page.conflicts.first { $0.instruction == "Say 3." })
    let decision = Adjudication(
      taskID: disputed.taskID, verdict: .bIsBetter, note: "n is shorter",
      clientKey: UUID().uuidString)
    let row = try annotation.adjudicate(administrator: boss, decision)
    #expect(try annotation.adjudicate(administrator: boss, decision) == row)
    #expect(
      code { _ = try annotation.adjudicate(administrator: fixture.people[0], decision) }
        == "administrators_only")
    let after = try annotation.conflicts(administrator: boss, queue: 1, offset: 0, limit: 10)
    #expect(after.total == 2)
    #expect(after.conflicts.last?.adjudication?.verdict == .bIsBetter)
    #expect(try annotation.queueOverviews(administrator: boss, queue: 1)[0].conflicts == 1)

    let store = try Store(path: fixture.path, access: .write)
    var combined: [String: [String]] = [:]
    for policy in PublishingPolicy.allCases {
      _ = try AnnotationPublishStage(policy: policy).run(
        on: store, StageContext(verb: "annotate publish"))
      try store.connection.query(
        """
        SELECT e.id || ' ' || v.verdict FROM verdicts v JOIN judges j USING (judge_id)
          JOIN examples e USING (example_id) JOIN candidates a ON a.candidate_id = v.candidate_a
        WHERE j.name = ? AND a.model = 'm' ORDER BY e.example_id
        """, .text("people:\(policy.rawValue)")
      ) { combined[policy.rawValue, default: []].append($0.text(0)) }
    }
    #expect(
      combined["majority"] == ["e/0 A is better", "e/1 A is better", "e/2 A is better"])
    #expect(combined["unanimous"] == ["e/0 A is better", "e/1 A is better"])
    #expect(
      combined["adjudicated"] == ["e/0 A is better", "e/1 A is better", "e/3 B is better"])
    // Each person is a judge; what was shown as A is A.
    let people = try store.judges().filter { $0.name.hasPrefix("person:") }
    #expect(people.map(\.verdicts).sorted() == [0, 4, 4, 4])
    let misplaced = try store.connection.integer(
      """
      SELECT count(*) FROM verdicts v JOIN judges j USING (judge_id)
        JOIN annotators p ON j.name = 'person:' || p.name
        JOIN annotation_task_candidates ta ON ta.candidate_id = v.candidate_a
        JOIN annotation_assignments s ON s.task_id = ta.task_id AND s.person_id = p.person_id
        JOIN annotation_votes w ON w.assignment_id = s.assignment_id
      WHERE w.verdict <> v.verdict OR json_extract(s.sides, '$[0]') <> ta.place
      """)
    #expect(misplaced == 0)
    // An undone vote is not published again.
    _ = try annotation.undo(person: fixture.people[0], clientKey: UUID().uuidString)
    _ = try AnnotationPublishStage(policy: .majority).run(
      on: store, StageContext(verb: "annotate publish"))
    #expect(
      try store.judges().filter { $0.name.hasPrefix("person:") }.map(\.verdicts).sorted()
        == [0, 3, 4, 4])
  }

  @Test func peopleAreComparedWithJudges() throws {
    let fixture = try AnnotationFixture(examples: 3, people: 1) { stage in
      stage.overlap = 1
    } prepare: { store, run in
      let judge = try store.judgeRow("robot", kind: .llm)
      for example in 1...3 as ClosedRange<Int64> {
        // Shown in the other order than the record's.
        try store.add(
          NewVerdict(
            example: example, candidateA: 2 * example, candidateB: 2 * example - 1,
            verdict: example == 1 ? .aIsBetter : .bIsBetter), judge: judge, run: run)
      }
    }
    for _ in 0..<3 {
      try fixture.vote(fixture.people[0], try fixture.task(fixture.people[0]), for: "m")
    }
    let judges = try fixture.annotation.judges(administrator: fixture.administrator, queue: 1)
    #expect(judges.map(\.name) == ["robot"])
    // For the first example the robot prefers n, elsewhere m, where people always prefer m.
    #expect(judges[0].confusion == [[2, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    #expect(judges[0].items == 3)
  }

  @Test func ratingsAndOrdersBecomeVerdictsOnPairs() throws {
    let fixture = try AnnotationFixture(examples: 1, people: 2, models: ["m", "n", "o"]) {
      $0.kind = .ranking
      $0.overlap = 2
    }
    for person in fixture.people {
      let task = try fixture.task(person)
      #expect(task.answers.count == 3 && task.kind == .ranking)
      func label(_ model: String) -> String {
        task.answers.first { $0.text.hasPrefix(model) }?.label ?? ""
      }
      #expect(code { try fixture.vote(person, task, .order([["A"], ["B"]])) } == "invalid_value")
      #expect(code { try fixture.vote(person, task, .verdict(.sameBad)) } == "invalid_value")
      try fixture.vote(person, task, .order([[label("o")], [label("m"), label("n")]]))
    }
    let figures = try fixture.annotation.agreement(
      administrator: fixture.administrator, queue: 1)
    #expect(figures.items == 3 && figures.raters == 2)
    #expect(figures.statistics.first { $0.name == "raw" }?.value == 1)
    let store = try Store(path: fixture.path, access: .write)
    _ = try AnnotationPublishStage(policy: .unanimous).run(
      on: store, StageContext(verb: "annotate publish"))
    var rows: [String] = []
    try store.connection.query(
      """
      SELECT a.model || b.model || ' ' || v.verdict FROM verdicts v JOIN judges j USING (judge_id)
        JOIN candidates a ON a.candidate_id = v.candidate_a
        JOIN candidates b ON b.candidate_id = v.candidate_b
      WHERE j.name = 'people:unanimous' ORDER BY 1
      """
    ) { rows.append($0.text(0)) }
    #expect(rows == ["mn Same good", "mo B is better", "no B is better"])
  }

  @Test func whatPeopleSawIsNotReplaced() throws {
    let fixture = try AnnotationFixture(examples: 1, people: 1)
    let store = try Store(path: fixture.path, access: .write)
    #expect(throws: SQLiteError.self) {
      try store.connection.run("DELETE FROM candidates WHERE candidate_id = 1")
    }
    #expect(throws: (any Error).self) { try AnnotationStore(path: fixture.path, verb: "annotate") }
  }

  @Test func answersThatPeopleSeeOutliveAnotherCollection() throws {
    var request: Int64 = 0
    let fixture = try AnnotationFixture(examples: 1, people: 1, models: ["m"]) { _ in
    } prepare: { store, run in
      request = try store.add(
        JournalEntry(
          key: Array(repeating: 7, count: 16), purpose: .candidate, endpoint: "e", model: "n",
          state: "truncated", body: Array("{}".utf8), attempts: 1), run: run)
      let row = try store.addCollected(
        model: "n", decodingMethod: nil, text: "first", example: 1, request: request)
      #expect(row == 2)
    }
    #expect(try fixture.task(fixture.people[0]).answers.contains { $0.text == "first" })
    let store = try Store(path: fixture.path, access: .write)
    func collect(_ text: String) throws -> Int64? {
      try store.addCollected(
        model: "n", decodingMethod: nil, text: text, example: 1, request: request)
    }
    #expect(try collect("second") == nil)
    #expect(try collect("first") == 2)
    #expect(try store.connection.text("SELECT text FROM candidates WHERE model = 'n'") == "first")
  }

  @Test func figuresOfAQueueThatIsNotThereAreRefused() throws {
    let fixture = try AnnotationFixture(examples: 1, people: 1)
    let (annotation, boss) = (fixture.annotation, fixture.administrator)
    let unknown = AnnotationError.unknown(.queue, 7)
    #expect(throws: unknown) { _ = try annotation.queueOverviews(administrator: boss, queue: 7) }
    #expect(throws: unknown) { _ = try annotation.agreement(administrator: boss, queue: 7) }
    #expect(throws: unknown) { _ = try annotation.people(administrator: boss, queue: 7) }
    #expect(throws: unknown) { _ = try annotation.judges(administrator: boss, queue: 7) }
    #expect(throws: unknown) {
      _ = try annotation.conflicts(administrator: boss, queue: 7, offset: 0, limit: 10)
    }
  }

  @Test func disagreementComesFirst() throws {
    let fixture = try AnnotationFixture(examples: 30, people: 1) {
      $0.choice = .disagreement
      $0.count = 10
      $0.overlap = 1
    } prepare: { store, run in
      for (name, verdict) in [("a", Verdict.aIsBetter), ("b", .bIsBetter)] {
        let judge = try store.judgeRow(name, kind: .llm)
        for example in [7, 21] as [Int64] {
          try store.add(
            NewVerdict(
              example: example, candidateA: 2 * example - 1, candidateB: 2 * example,
              verdict: verdict), judge: judge, run: run)
        }
      }
    }
    var shown: [String] = []
    for _ in 0..<10 {
      let task = try fixture.task(fixture.people[0])
      shown.append(task.instruction)
      try fixture.vote(fixture.people[0], task, for: "m")
    }
    #expect(Set(shown.prefix(2)) == ["Say 6.", "Say 20."])
    #expect(Set(shown).count == 10)
  }
}
