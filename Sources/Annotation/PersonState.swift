/// Whether a person's link works.
package enum PersonState: String, Sendable, CaseIterable {
  /// It works.
  case active
  /// It was taken back.
  case revoked
  /// Its time is over.
  case expired
}
