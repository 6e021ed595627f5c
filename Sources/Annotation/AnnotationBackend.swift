package import JSON

/// What the annotation service asks of the store: one method for each request of its API.
///
/// Methods are called on several threads at a time and may wait for a commit. Each throws
/// ``AnnotationError`` for what it refuses, and other errors for what should not happen.
/// `person` is the row of who asks; every method refuses people whose link does not work any more.
package protocol AnnotationBackend: Sendable {
  /// Who a link belongs to; written to the audit trail.
  ///
  /// - Parameter token: the link's secret as text.
  /// - Returns: the person.
  /// - Throws: ``AnnotationError/unknownLink``, ``AnnotationError/revoked``, ``AnnotationError/expired``.
  func signIn(token: String) throws -> AnnotatorIdentity
  /// Keeps a session.
  func openSession(_ session: AnnotationSession) throws
  /// The session of a cookie, with its person; `nil` when there is none or it is over.
  ///
  /// Refuses people whose link does not work any more, as every other method does.
  func session(
    cookieHash: [UInt8]
  ) throws -> (session: AnnotationSession, identity: AnnotatorIdentity)?
  /// Ends a session.
  func closeSession(cookieHash: [UInt8]) throws

  // MARK: The annotator

  /// `GET /me`.
  func overview(person: Int64) throws -> AnnotatorOverview
  /// `PUT /me/settings`.
  func replaceSettings(_ settings: JSONObject, person: Int64) throws -> JSONObject
  /// `POST /tasks/next`.
  ///
  /// - Parameters:
  ///   - person: who asks.
  ///   - queue: the queue's row; `nil` for any.
  ///   - exclude: assignments that the page holds already. Without them a person who asks twice is
  ///     given again what they have before them.
  /// - Returns: the task, leased, or why there is none.
  /// - Throws: ``AnnotationError``.
  func nextTask(person: Int64, queue: Int64?, exclude: [Int64]) throws -> NextTask
  /// `POST /tasks/{assignment_id}/renew`.
  func renewLease(person: Int64, assignment: Int64) throws -> AnnotationTime
  /// `POST /votes`.
  func vote(person: Int64, _ submission: VoteSubmission) throws -> VoteReceipt
  /// `POST /votes/undo`.
  func undo(person: Int64, clientKey: String) throws -> AnnotationTask
  /// `GET /votes`.
  func votes(person: Int64, limit: Int) throws -> [PastVote]

  // MARK: The administrator

  /// `GET /admin/overview`.
  func queueOverviews(administrator: Int64, queue: Int64?) throws -> [QueueOverview]
  /// `GET /admin/agreement`.
  func agreement(administrator: Int64, queue: Int64?) throws -> AgreementFigures
  /// `GET /admin/people`.
  func people(administrator: Int64, queue: Int64?) throws -> [PersonFigures]
  /// `POST /admin/people`.
  func addPerson(administrator: Int64, _ person: NewPerson) throws -> PersonLink
  /// `POST /admin/people/{id}/revoke`.
  func revoke(administrator: Int64, person: Int64) throws
  /// `POST /admin/people/{id}/link`.
  func replaceLink(administrator: Int64, person: Int64) throws -> PersonLink
  /// `GET /admin/judges`.
  func judges(administrator: Int64, queue: Int64?) throws -> [JudgeConfusion]
  /// `GET /admin/conflicts`.
  func conflicts(
    administrator: Int64, queue: Int64?, offset: Int, limit: Int
  ) throws -> ConflictPage
  /// `POST /admin/adjudications`; returns the vote's row.
  func adjudicate(administrator: Int64, _ adjudication: Adjudication) throws -> Int64
  /// `POST /admin/queues/{id}/state`.
  func setState(administrator: Int64, queue: Int64, _ state: QueueState) throws
  /// `GET /admin/audit`: events before one, the latest first.
  func auditEvents(administrator: Int64, before: Int64?, limit: Int) throws -> [AuditEvent]
}
