/// What a person may do.
package enum PersonRole: String, Sendable, CaseIterable {
  /// Vote on tasks.
  case annotator
  /// Vote, and see and decide everything.
  case administrator
}
