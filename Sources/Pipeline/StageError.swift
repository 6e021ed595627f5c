package import Records

/// Why a stage could not do what it was asked.
package enum StageError: Error, CustomStringConvertible {
  /// A record is broken and the command is strict.
  case brokenRecord(Diagnostic)
  /// What the stage needs is not in the store.
  case nothingToDo(String)
  /// What was asked contradicts what is there.
  case invalid(String)

  /// One line.
  package var description: String {
    switch self {
    case .brokenRecord(let diagnostic):
      "\(diagnostic) (--strict: nothing of this file was stored)"
    case .nothingToDo(let text), .invalid(let text): text
    }
  }
}
