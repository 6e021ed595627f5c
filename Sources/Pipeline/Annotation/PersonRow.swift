internal import Annotation
internal import SQLite

/// A person's row.
struct PersonRow {
  let row: Int64
  let name: String
  let role: PersonRole
  let quota: Int?
  let expiresAt: AnnotationTime?
  let isRevoked: Bool

  private static let columns =
    "SELECT person_id, name, role, quota, expires_at, revoked_at FROM annotators"

  /// The person of a session by the cookie's hash; token and end of the session follow.
  static let sessionQuery = """
    SELECT p.person_id, p.name, p.role, p.quota, p.expires_at, p.revoked_at, s.csrf_token,
      s.expires_at
    FROM annotation_sessions s JOIN annotators p USING (person_id) WHERE s.cookie_hash = ?
    """

  /// The person that a row begins with.
  init(_ statement: Statement) {
    row = statement.int64(0)
    name = statement.text(1)
    role = PersonRole(rawValue: statement.text(2)) ?? .annotator
    quota = statement.optionalInt(3)
    expiresAt = statement.optionalText(4).flatMap { AnnotationTime($0) }
    isRevoked = !statement.isNull(5)
  }

  /// Everybody, in the order they came.
  static func all(_ connection: Connection) throws -> [PersonRow] {
    var rows: [PersonRow] = []
    try connection.query(columns + " ORDER BY person_id") { rows.append(PersonRow($0)) }
    return rows
  }

  /// The person of a row, whether the link works or not; `nil` when there is none.
  static func find(_ row: Int64, _ connection: Connection) throws -> PersonRow? {
    try connection.first(columns + " WHERE person_id = ?", .integer(row)) { PersonRow($0) }
  }

  /// The person of a link; `nil` when there is none.
  static func find(tokenHash: [UInt8], _ connection: Connection) throws -> PersonRow? {
    try connection.first(columns + " WHERE token_hash = ?", .blob(tokenHash)) { PersonRow($0) }
  }

  /// The person of a name; `nil` when there is none.
  static func find(named name: String, _ connection: Connection) throws -> PersonRow? {
    try connection.first(columns + " WHERE name = ?", .text(name)) { PersonRow($0) }
  }

  /// The person of a row whose link works.
  ///
  /// - Throws: `SQLiteError`; ``AnnotationError/revoked``, ``AnnotationError/expired``,
  ///   ``AnnotationError/unknownLink``.
  static func active(
    _ row: Int64, at now: AnnotationTime, _ connection: Connection
  ) throws -> PersonRow {
    guard let person = try find(row, connection) else { throw AnnotationError.unknownLink }
    try person.checkActive(at: now)
    return person
  }

  /// The administrator of a row.
  ///
  /// - Throws: as `active(_:at:_:)`; ``AnnotationError/administratorsOnly``.
  static func administrator(
    _ row: Int64, at now: AnnotationTime, _ connection: Connection
  ) throws -> PersonRow {
    let person = try active(row, at: now, connection)
    guard person.role == .administrator else { throw AnnotationError.administratorsOnly }
    return person
  }

  func checkActive(at now: AnnotationTime) throws(AnnotationError) {
    switch state(at: now) {
    case .active: return
    case .revoked: throw .revoked
    case .expired: throw .expired
    }
  }

  func state(at now: AnnotationTime) -> PersonState {
    isRevoked ? .revoked : (expiresAt.map { $0 <= now } ?? false) ? .expired : .active
  }

  var identity: AnnotatorIdentity {
    AnnotatorIdentity(person: row, name: name, role: role, expiresAt: expiresAt)
  }
}
