/// Why a prompt file cannot be used, or a question not be asked with it.
package enum JudgePromptError: Error, Equatable, CustomStringConvertible {
  /// A line of a prompt file is wrong.
  case file(String, line: Int, problem: String)
  /// The prompt shows a reference answer and the example has none.
  case missingReference(prompt: String, exampleID: String)
  /// A comparison points at a candidate that the example does not have.
  case missingCandidate(exampleID: String, index: Int, count: Int)

  /// One line for people.
  package var description: String {
    switch self {
    case .file(let file, let line, let problem): "\(file), line \(line): \(problem)"
    case .missingReference(let prompt, let exampleID):
      "prompt \(prompt) needs a reference answer, which record \(exampleID) does not have: "
        + "write {?reference} before its lines to leave them out"
    case .missingCandidate(let exampleID, let index, let count):
      "record \(exampleID) has \(count) candidates, a comparison names candidate \(index + 1)"
    }
  }
}
