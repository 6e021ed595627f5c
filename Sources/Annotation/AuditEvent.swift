package import JSON

/// One entry of the audit trail.
package struct AuditEvent: Sendable, Equatable {
  /// Its row.
  package let eventID: Int64
  /// When.
  package let at: AnnotationTime
  /// Who; `nil` when it was the command line or the program itself.
  package let person: String?
  /// What, such as `vote` or `link_revoked`.
  package let action: String
  /// The particulars.
  package let details: JSONObject

  /// An entry.
  package init(
    eventID: Int64, at: AnnotationTime, person: String?, action: String, details: JSONObject
  ) {
    self.eventID = eventID
    self.at = at
    self.person = person
    self.action = action
    self.details = details
  }
}
