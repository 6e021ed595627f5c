/// Who opened a link.
package struct AnnotatorIdentity: Sendable, Equatable {
  /// The person's row.
  package let person: Int64
  /// The person's name.
  package let name: String
  /// What the person may do.
  package let role: PersonRole
  /// When the link ends; `nil` for never.
  package let expiresAt: AnnotationTime?

  /// An identity.
  package init(person: Int64, name: String, role: PersonRole, expiresAt: AnnotationTime?) {
    self.person = person
    self.name = name
    self.role = role
    self.expiresAt = expiresAt
  }
}
