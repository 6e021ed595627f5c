package import Records

/// Why a stage could not do what it was asked.
package enum StageError: Error, CustomStringConvertible {
  /// A record is broken and the command is strict.
  case brokenRecord(Diagnostic)
  /// What the stage needs is not in the store.
  case nothingToDo(String)
  /// The user stopped work that is done as a whole or not at all.
  case stopped(String)
  /// What was asked contradicts what is there.
  case invalid(String)
  /// A file that a stage was given is broken, or does not fit the store.
  case malformed(String)

  /// One line.
  package var description: String {
    switch self {
    case .brokenRecord(let diagnostic):
      "\(diagnostic) (--strict: nothing of this file was stored)"
    case .nothingToDo(let text), .stopped(let text), .invalid(let text), .malformed(let text): text
    }
  }

  /// Whether it is no error but the user's wish.
  package var isStop: Bool {
    if case .stopped = self { true } else { false }
  }
}
