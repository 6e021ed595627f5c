package import Annotation
internal import Records
internal import SQLite
internal import Synchronization

extension AnnotationStore {
  /// Figures are made anew when there are new votes, but not more often than this, in milliseconds.
  private static let ledgerLifetime: Int64 = 3000

  /// The votes of a queue, read a moment ago or now.
  func ledger(_ queue: Int64?, _ connection: Connection) throws -> VoteLedger {
    let now = clock()
    let key = queue ?? 0
    let last = try connection.integer("SELECT max(vote_id) FROM annotation_votes") ?? 0
    if let known = ledgers.withLock({ $0[key] }),
      known.lastRow == last || now.milliseconds - known.readAt.milliseconds < Self.ledgerLifetime,
      known.lastRow <= last, known.readAt <= now
    {
      return known
    }
    let ledger = try VoteLedger(queue: queue, at: now, connection)
    ledgers.withLock { $0[key] = ledger }
    return ledger
  }

  /// How far the queues are.
  package func queueOverviews(administrator: Int64, queue: Int64?) throws -> [QueueOverview] {
    let now = clock()
    return try read(administrator: administrator) { connection in
      let queues =
        try queue.map { [try QueueRow.find($0, connection)] }
        ?? QueueRow.all(connection, withClosed: true)
      return try queues.map {
        try QueueFigures.overview(
          of: $0, try self.ledger($0.row, connection), at: now, connection)
      }
    }
  }

  /// How much people agree.
  package func agreement(administrator: Int64, queue: Int64?) throws -> AgreementFigures {
    try read(administrator: administrator) { connection in
      try self.agreement(queue, connection)
    }
  }

  private func agreement(_ queue: Int64?, _ connection: Connection) throws -> AgreementFigures {
    let kind = try queue.map { try QueueRow.find($0, connection).kind } ?? .pair
    var names: [Int64: String] = [:]
    for person in try PersonRow.all(connection) { names[person.row] = person.name }
    return PeopleAgreement(try ledger(queue, connection), kind: kind).figures(names: names)
  }

  /// What is known of everybody's work.
  package func people(administrator: Int64, queue: Int64?) throws -> [PersonFigures] {
    let now = clock()
    return try read(administrator: administrator) { connection in
      if let queue { _ = try QueueRow.find(queue, connection) }
      return PeopleQuality(try self.ledger(queue, connection)).figures(
        of: try PersonRow.all(connection), at: now)
    }
  }

  /// What the judges of the store say against what most people say.
  package func judges(administrator: Int64, queue: Int64?) throws -> [JudgeConfusion] {
    try read(administrator: administrator) { connection in
      if let queue { _ = try QueueRow.find(queue, connection) }
      return try JudgesAgainstPeople.figures(try self.ledger(queue, connection), connection)
    }
  }
}
