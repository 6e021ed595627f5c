import Annotation
import JSON
import Records
import Synchronization

extension MemoryBackend {
  private func administer<Result>(
    _ administrator: Int64, _ queue: Int64? = nil, _ body: (inout State) throws -> Result
  ) throws -> Result {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      guard state.people[Int(administrator) - 1].role == .administrator else {
        throw AnnotationError.administratorsOnly
      }
      if let queue, queue != 1 { throw AnnotationError.unknown(.queue, queue) }
      return try body(&state)
    }
  }

  func queueOverviews(administrator: Int64, queue: Int64?) throws -> [QueueOverview] {
    let now = now
    return try administer(administrator, queue) { state in
      [
        QueueOverview(
          queueID: 1, name: "helpfulness", kind: .pair, state: state.queueState,
          overlap: state.overlap, tasks: state.items.count,
          votesNeeded: state.items.count * state.overlap, votes: state.votes.count, skips: 0,
          leased: state.assignments.filter { $0.vote == nil }.count, completeTasks: 0,
          conflicts: 1, votesPerHour: [.init(hour: now, votes: state.votes.count)],
          estimatedEnd: state.votes.isEmpty ? nil : now)
      ]
    }
  }

  func agreement(administrator: Int64, queue: Int64?) throws -> AgreementFigures {
    try administer(administrator, queue) { state in
      AgreementFigures(
        items: 1, raters: 2,
        statistics: [
          .init(name: "raw", value: 0.5, low: 0.25, high: 0.75),
          .init(name: "cohen_kappa", value: nil, low: nil, high: nil),
        ],
        pairs: [
          .init(
            first: state.people[0].name, second: state.people[1].name, items: 1, raw: 1,
            kappa: .nan)
        ])
    }
  }

  func people(administrator: Int64, queue: Int64?) throws -> [PersonFigures] {
    let now = now
    return try administer(administrator, queue) { state in
      state.people.enumerated().map { index, person in
        PersonFigures(
          personID: Int64(index + 1), name: person.name, role: person.role,
          state: person.isRevoked ? .revoked : .active,
          votes: state.votes.filter { $0.person == Int64(index + 1) }.count, skips: 0,
          quota: person.quota, medianSeconds: index == 0 ? nil : 1.5,
          selfConsistency: .init(part: 0, total: 0), gold: .init(part: 1, total: 2),
          sideAShare: index == 0 ? nil : 0.5, agreementWithOthers: nil,
          lastVoteAt: index == 0 ? nil : now)
      }
    }
  }

  func addPerson(administrator: Int64, _ person: NewPerson) throws -> PersonLink {
    try administer(administrator) { state in
      if state.people.contains(where: { $0.name == person.name }) {
        throw AnnotationError.nameTaken(person.name)
      }
      let token = "token-\(state.people.count + 1)"
      state.people.append(
        Person(name: person.name, token: token, role: person.role, quota: person.quota))
      return PersonLink(personID: Int64(state.people.count), token: token)
    }
  }

  private static func check(_ person: Int64, _ state: State) throws {
    guard person <= Int64(state.people.count) else {
      throw AnnotationError.unknown(.person, person)
    }
  }

  func revoke(administrator: Int64, person: Int64) throws {
    try administer(administrator) { state in
      try Self.check(person, state)
      state.people[Int(person) - 1].isRevoked = true
    }
  }

  func replaceLink(administrator: Int64, person: Int64) throws -> PersonLink {
    try administer(administrator) { state in
      try Self.check(person, state)
      let token = state.people[Int(person) - 1].token + "-new"
      state.people[Int(person) - 1].token = token
      state.sessions = state.sessions.filter { $0.value.person != person }
      return PersonLink(personID: person, token: token)
    }
  }

  func judges(administrator: Int64, queue: Int64?) throws -> [JudgeConfusion] {
    try administer(administrator, queue) { _ in
      [
        JudgeConfusion(
          name: "<b>judge</b>", kind: "llm",
          confusion: [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]], items: 4, raw: 0.75,
          kappa: nil)
      ]
    }
  }

  func conflicts(
    administrator: Int64, queue: Int64?, offset: Int, limit: Int
  ) throws -> ConflictPage {
    let now = now
    return try administer(administrator, queue) { state in
      let item = state.items[0]
      let votes = state.votes.compactMap { vote -> ConflictPage.Vote? in
        guard case .verdict(let verdict) = vote.submission.answer else { return nil }
        return ConflictPage.Vote(
          person: state.people[Int(vote.person) - 1].name, verdict: verdict,
          note: vote.submission.note, createdAt: now)
      }
      let decision = state.adjudications.last.map {
        ConflictPage.Vote(person: "root", verdict: $0.verdict, note: $0.note, createdAt: now)
      }
      return ConflictPage(
        total: 1,
        conflicts: offset > 0
          ? []
          : [
            .init(
              taskID: 1, instruction: item.instruction, input: item.input,
              answers: zip(item.answers, item.models).enumerated().map {
                .init(
                  label: AnnotationTask.label($0.offset), text: $0.element.0, model: $0.element.1)
              }, votes: votes, adjudication: decision)
          ])
    }
  }

  func adjudicate(administrator: Int64, _ adjudication: Adjudication) throws -> Int64 {
    try administer(administrator) { state in
      guard adjudication.taskID <= Int64(state.items.count) else {
        throw AnnotationError.unknown(.task, adjudication.taskID)
      }
      state.adjudications.append(adjudication)
      return Int64(1000 + state.adjudications.count)
    }
  }

  func setState(administrator: Int64, queue: Int64, _ newState: QueueState) throws {
    try administer(administrator, queue) { $0.queueState = newState }
  }

  func auditEvents(administrator: Int64, before: Int64?, limit: Int) throws -> [AuditEvent] {
    try administer(administrator) { state in
      Array(
        state.events.filter { before == nil || $0.eventID < before ?? 0 }.reversed().prefix(limit))
    }
  }
}
