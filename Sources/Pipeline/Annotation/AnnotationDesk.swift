package import Annotation
package import DatasetStore
internal import SQLite

/// What is done to annotation from the command line, while people vote or not.
package enum AnnotationDesk {
  /// The queue of a name.
  ///
  /// - Throws: `SQLiteError`; ``StageError/invalid(_:)`` when there is none.
  static func queue(named name: String, _ connection: Connection) throws -> QueueRow {
    if let queue = try QueueRow.find(named: name, connection) { return queue }
    let names = try QueueRow.all(connection, withClosed: true).map { "'\($0.name)'" }
    throw StageError.invalid(
      names.isEmpty
        ? "there is no queue yet: 'annotate queue make' makes one"
        : "there is no queue '\(name)': the store has \(names.joined(separator: ", "))")
  }

  private static func person(named name: String, _ connection: Connection) throws -> PersonRow {
    if let person = try PersonRow.find(named: name, connection) { return person }
    throw StageError.invalid(
      "there is no person '\(name)': 'annotate people list' shows who there is")
  }

  private static func ledger(_ store: Store) -> PeopleLedger {
    PeopleLedger(connection: store.connection, now: .current(), actor: nil)
  }

  /// Adds people, all or none.
  ///
  /// - Parameters:
  ///   - people: the people.
  ///   - store: the store, open for writing.
  /// - Returns: their links, in order.
  /// - Throws: `SQLiteError`, `AnnotationError`.
  package static func add(_ people: [NewPerson], to store: Store) throws -> [PersonLink] {
    try store.connection.transaction { try people.map { try ledger(store).add($0) } }
  }

  /// Takes people's links back.
  ///
  /// - Throws: `SQLiteError`, ``StageError/invalid(_:)``.
  package static func revoke(_ names: [String], in store: Store) throws {
    try store.connection.transaction {
      for name in names {
        try ledger(store).revoke(try person(named: name, store.connection).row)
      }
    }
  }

  /// Makes a new link for a person; the old one ends.
  ///
  /// - Returns: the link, and what the person may do.
  /// - Throws: `SQLiteError`, ``StageError/invalid(_:)``.
  package static func replaceLink(
    of name: String, in store: Store
  ) throws -> (link: PersonLink, role: PersonRole) {
    try store.connection.transaction {
      let person = try person(named: name, store.connection)
      return (try ledger(store).replaceLink(of: person.row), person.role)
    }
  }

  /// Adds the first administrator, when there is none whose link works.
  ///
  /// - Returns: the link; `nil` when there is an administrator.
  /// - Throws: `SQLiteError`, `AnnotationError`.
  package static func addFirstAdministrator(to store: Store) throws -> PersonLink? {
    try store.connection.transaction {
      let now = AnnotationTime.current()
      let people = try PersonRow.all(store.connection)
      guard
        !people.contains(where: { $0.role == .administrator && $0.state(at: now) == .active })
      else { return nil }
      var name = "administrator"
      var number = 1
      while people.contains(where: { $0.name == name }) {
        number += 1
        name = "administrator \(number)"
      }
      return try ledger(store).add(NewPerson(name: name, role: .administrator))
    }
  }

  /// Opens, pauses or closes a queue.
  ///
  /// - Throws: `SQLiteError`, `AnnotationError`, ``StageError/invalid(_:)``.
  package static func setState(
    ofQueue name: String, to state: QueueState, in store: Store
  ) throws {
    try store.connection.transaction {
      try QueueLedger(connection: store.connection, now: .current(), actor: nil).setState(
        of: try queue(named: name, store.connection), to: state)
    }
  }

  /// The audit trail, the latest entry first.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - before: only entries before this one; `nil` for the latest.
  ///   - limit: how many at most.
  /// - Returns: the entries.
  /// - Throws: `SQLiteError`, `JSONError`.
  package static func auditEvents(
    of store: Store, before: Int64?, limit: Int
  ) throws -> [AuditEvent] {
    try AuditTrail.entries(before: before, limit: limit, store.connection)
  }

  /// What there is to say of a store's annotation.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - name: only this queue; `nil` for all.
  /// - Returns: the report.
  /// - Throws: `SQLiteError`, ``StageError/invalid(_:)``.
  package static func report(on store: Store, queue name: String?) throws -> AnnotationReport {
    let connection = store.connection
    let now = AnnotationTime.current()
    let queues =
      try name.map { [try queue(named: $0, connection)] }
      ?? QueueRow.all(connection, withClosed: true)
    let people = try PersonRow.all(connection)
    let names = Dictionary(people.map { ($0.row, $0.name) }, uniquingKeysWith: { $1 })
    let ledger = try VoteLedger(
      queue: name == nil ? nil : queues.first?.row, at: now, connection)
    return AnnotationReport(
      queues: try queues.map { queue in
        let own = name == nil ? try VoteLedger(queue: queue.row, at: now, connection) : ledger
        return AnnotationReport.Queue(
          overview: try QueueFigures.overview(of: queue, own, at: now, connection),
          agreement: PeopleAgreement(own, kind: queue.kind).figures(names: names))
      }, people: PeopleQuality(ledger).figures(of: people, at: now),
      judges: try JudgesAgainstPeople.figures(ledger, connection))
  }
}
