/// What a shell offers where a value is written.
package enum Completion: Sendable, Equatable {
  /// Nothing: the value is free.
  case none
  /// Names of files and folders.
  case files
  /// Names of folders.
  case folders
  /// These words.
  case values([String])
}
