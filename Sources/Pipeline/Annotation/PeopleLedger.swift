internal import Annotation
internal import Hashing
internal import JSON
internal import SQLite

/// Adds people, makes their links and takes them back; works inside a transaction.
struct PeopleLedger {
  let connection: Connection
  let now: AnnotationTime
  /// Who does it; `nil` for the command line.
  let actor: Int64?

  /// The longest name, in characters.
  static let maximumNameLength = 100

  /// The hash of a link's secret.
  static func hash(of token: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(token.utf8)
    return hash.digest
  }

  /// A secret of 256 random bits in letters that stand in an address as they are.
  ///
  /// Source: the system's generator, getrandom(2); RFC 4648 section 5.
  static func makeToken() -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var generator = SystemRandomNumberGenerator()
    // 43 letters of 6 bits, the last one of 4.
    var letters = (0..<42).map { _ in alphabet[Int(generator.next() & 63)] }
    letters.append(alphabet[Int(generator.next() & 15) << 2])
    return String(decoding: letters, as: UTF8.self)
  }

  /// Adds a person.
  ///
  /// - Returns: the link.
  /// - Throws: `SQLiteError`; ``AnnotationError/nameTaken(_:)``, ``AnnotationError/invalid(field:expected:)``.
  func add(_ person: NewPerson) throws -> PersonLink {
    let isName =
      !person.name.isEmpty && person.name.count <= Self.maximumNameLength
      && !person.name.unicodeScalars.contains { $0.properties.generalCategory == .control }
      && person.name.unicodeScalars.contains { !$0.properties.isWhitespace }
    guard isName else {
      throw AnnotationError.invalid(
        field: "name", expected: "1 to \(Self.maximumNameLength) characters on one line")
    }
    guard person.quota ?? 0 >= 0 else {
      throw AnnotationError.invalid(field: "quota", expected: "a number from 0 up")
    }
    guard (1...36_500).contains(person.expiresInDays ?? 1) else {
      throw AnnotationError.invalid(field: "expires_in_days", expected: "1 to 36500")
    }
    guard try PersonRow.find(named: person.name, connection) == nil else {
      throw AnnotationError.nameTaken(person.name)
    }
    let token = Self.makeToken()
    try connection.run(
      """
      INSERT INTO annotators (name, role, quota, token_hash, created_at, linked_at, expires_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
      """, .text(person.name), .text(person.role.rawValue), SQLiteValue(person.quota),
      .blob(Self.hash(of: token)), .text(now.iso8601),
      SQLiteValue(person.expiresInDays.map { now.adding(seconds: $0 * 86_400).iso8601 }))
    let row = connection.lastInsertedRowID
    try note(
      "link_made", row,
      ["name": .string(person.name), "role": .string(person.role.rawValue)])
    return PersonLink(personID: row, token: token)
  }

  /// Makes a new link for a person; the old one ends, and so do its sessions.
  ///
  /// A link that had an end is followed by one of the same length.
  ///
  /// - Throws: `SQLiteError`; ``AnnotationError/unknown(_:_:)``.
  func replaceLink(of person: Int64) throws -> PersonLink {
    let times = try connection.first(
      "SELECT linked_at, expires_at FROM annotators WHERE person_id = ?", .integer(person)
    ) { (AnnotationTime($0.text(0)), $0.optionalText(1).flatMap { AnnotationTime($0) }) }
    guard let (linkedAt, expiresAt) = times else { throw AnnotationError.unknown(.person, person) }
    var end: AnnotationTime?
    if let linkedAt, let expiresAt {
      end = AnnotationTime(
        milliseconds: now.milliseconds + expiresAt.milliseconds - linkedAt.milliseconds)
    }
    let token = Self.makeToken()
    try connection.run(
      """
      UPDATE annotators SET token_hash = ?, linked_at = ?, expires_at = ?, revoked_at = NULL
      WHERE person_id = ?
      """, .blob(Self.hash(of: token)), .text(now.iso8601), SQLiteValue(end?.iso8601),
      .integer(person))
    try endSessions(of: person)
    try note("link_replaced", person, [:])
    return PersonLink(personID: person, token: token)
  }

  /// Takes a person's link back; what the person has before them goes to others.
  ///
  /// - Throws: `SQLiteError`; ``AnnotationError/unknown(_:_:)``.
  func revoke(_ person: Int64) throws {
    guard try PersonRow.find(person, connection) != nil else {
      throw AnnotationError.unknown(.person, person)
    }
    try connection.run(
      "UPDATE annotators SET revoked_at = coalesce(revoked_at, ?) WHERE person_id = ?",
      .text(now.iso8601), .integer(person))
    try endSessions(of: person)
    try connection.run(
      """
      UPDATE annotation_assignments SET lease_expires_at = ?
      WHERE state = 'leased' AND person_id = ?
      """, .text(now.iso8601), .integer(person))
    try note("link_revoked", person, [:])
  }

  private func endSessions(of person: Int64) throws(SQLiteError) {
    try connection.run(
      "DELETE FROM annotation_sessions WHERE person_id = ?", .integer(person))
  }

  private func note(_ action: String, _ person: Int64, _ details: JSONObject) throws {
    var object: JSONObject = ["person_id": .integer(person)]
    for member in details.members { object[member.key] = member.value }
    try AuditTrail.add(action, person: actor, at: now, object, connection)
  }
}
