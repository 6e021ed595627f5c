/// A person to be added.
package struct NewPerson: Sendable, Equatable {
  /// The name, which nobody else has.
  package let name: String
  /// What the person may do.
  package let role: PersonRole
  /// The most votes; `nil` for no limit.
  package let quota: Int?
  /// After how many days the link ends; `nil` for never.
  package let expiresInDays: Int?

  /// A person.
  package init(
    name: String, role: PersonRole = .annotator, quota: Int? = nil, expiresInDays: Int? = nil
  ) {
    self.name = name
    self.role = role
    self.quota = quota
    self.expiresInDays = expiresInDays
  }
}
