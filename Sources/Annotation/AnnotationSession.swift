/// A browser that is signed in; kept in the store, so that it outlives the service.
package struct AnnotationSession: Sendable, Equatable {
  /// The SHA-256 of the cookie's secret; the secret itself is not kept.
  package let cookieHash: [UInt8]
  /// The token that requests other than GET must carry.
  package let csrfToken: String
  /// The person's row.
  package let person: Int64
  /// When the person must open the link again.
  package let expiresAt: AnnotationTime

  /// A session.
  package init(
    cookieHash: [UInt8], csrfToken: String, person: Int64, expiresAt: AnnotationTime
  ) {
    self.cookieHash = cookieHash
    self.csrfToken = csrfToken
    self.person = person
    self.expiresAt = expiresAt
  }
}
