/// A link that was made for a person; the token is told once and kept nowhere.
package struct PersonLink: Sendable, Equatable {
  /// The person's row.
  package let personID: Int64
  /// The secret of the link: the page's address is followed by `#` and this.
  package let token: String

  /// A link.
  package init(personID: Int64, token: String) {
    self.personID = personID
    self.token = token
  }
}
