package import Annotation
package import DatasetStore
internal import Foundation
internal import Hashing
internal import JSON
internal import Records
internal import SQLite
internal import Synchronization

/// People's work in a store, for the service that shows it to them.
///
/// One thread writes; reading is done on the callers' threads. There is one such object for a store
/// at a time, which its own lock sees to.
package final class AnnotationStore: AnnotationBackend {
  let writer: AnnotationWriter
  let readers: AnnotationReaders
  let clock: @Sendable () -> AnnotationTime
  let ledgers = Mutex<[Int64: VoteLedger]>([:])
  private let access: Mutex<AnnotationAccess?>

  /// Opens a store for people's work.
  ///
  /// - Parameters:
  ///   - path: the store, which must exist.
  ///   - verb: the command, which other processes are told.
  ///   - waiting: how to wait for another process that is writing at this moment.
  ///   - clock: tells the time.
  ///   - generator: where sides, gold items and repeats are drawn from.
  /// - Throws: `StoreError`, `SQLiteError`.
  package init(
    path: String, verb: String, waiting: Store.Waiting = Store.Waiting(),
    clock: @escaping @Sendable () -> AnnotationTime = { .current() },
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws {
    let access = try AnnotationAccess(path: path, verb: verb, waiting: waiting)
    let place = access.place
    self.access = Mutex(access)
    self.clock = clock
    writer = try AnnotationWriter({ try place.makeWriter() }, generator: generator)
    readers = AnnotationReaders { try place.makeReader() }
  }

  /// Finishes what was begun, takes nothing any more, and lets others serve the store.
  package func stop() {
    writer.stop()
    access.withLock { $0 = nil }
  }

  /// How many votes and skips were taken, whether they stand or not.
  ///
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`.
  package func counts() throws -> (votes: Int, skips: Int) {
    try read { connection in
      func count(_ kind: String) throws -> Int {
        Int(
          try connection.integer(
            "SELECT count(*) FROM annotation_votes WHERE kind = ?", .text(kind)) ?? 0)
      }
      return (try count("vote"), try count("skip"))
    }
  }

  /// Reads one state of the store.
  func read<Result>(_ body: (Connection) throws -> Result) throws -> Result {
    do {
      return try readers.read(body)
    } catch let error as SQLiteError where error.isBusy || error.isInputOutput {
      throw AnnotationError.unavailable("\(error)")
    }
  }

  /// The same for administrators.
  func read<Result>(
    administrator: Int64, _ body: (Connection) throws -> Result
  ) throws -> Result {
    let now = clock()
    return try read { connection in
      _ = try PersonRow.administrator(administrator, at: now, connection)
      return try body(connection)
    }
  }

  // MARK: - Sessions

  /// Who a link belongs to.
  package func signIn(token: String) throws -> AnnotatorIdentity {
    let hash = PeopleLedger.hash(of: token)
    let now = clock()
    // Guesses are refused without a write.
    let person = try read { connection in
      guard let person = try PersonRow.find(tokenHash: hash, connection) else {
        throw AnnotationError.unknownLink
      }
      try person.checkActive(at: now)
      return person.identity
    }
    try writer.perform { desk in
      try AuditTrail.add("sign_in", person: person.person, at: now, [:], desk.connection)
    }
    return person
  }

  /// Keeps a session, and forgets those that are over.
  package func openSession(_ session: AnnotationSession) throws {
    let now = clock()
    try writer.perform { desk in
      _ = try PersonRow.active(session.person, at: now, desk.connection)
      try desk.connection.run(
        "DELETE FROM annotation_sessions WHERE expires_at <= ?", .text(now.iso8601))
      try desk.connection.run(
        """
        INSERT INTO annotation_sessions (cookie_hash, csrf_token, person_id, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?)
        """, .blob(session.cookieHash), .text(session.csrfToken), .integer(session.person),
        .text(now.iso8601), .text(session.expiresAt.iso8601))
    }
  }

  /// The session of a cookie with its person.
  package func session(
    cookieHash: [UInt8]
  ) throws -> (session: AnnotationSession, identity: AnnotatorIdentity)? {
    let now = clock()
    let found = try read { connection in
      try connection.first(
        PersonRow.sessionQuery, .blob(cookieHash)
      ) { row in
        (csrfToken: row.text(6), expiresAt: AnnotationTime(row.text(7)), person: PersonRow(row))
      }
    }
    guard let (csrfToken, expiresAt, person) = found, let expiresAt, expiresAt > now else {
      return nil
    }
    try person.checkActive(at: now)
    return (
      AnnotationSession(
        cookieHash: cookieHash, csrfToken: csrfToken, person: person.row, expiresAt: expiresAt),
      person.identity
    )
  }

  /// Ends a session.
  package func closeSession(cookieHash: [UInt8]) throws {
    let now = clock()
    try writer.perform { desk in
      let person = try desk.connection.integer(
        "SELECT person_id FROM annotation_sessions WHERE cookie_hash = ?", .blob(cookieHash))
      guard let person else { return }
      try desk.connection.run(
        "DELETE FROM annotation_sessions WHERE cookie_hash = ?", .blob(cookieHash))
      try AuditTrail.add("sign_out", person: person, at: now, [:], desk.connection)
    }
  }
}
