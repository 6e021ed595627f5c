package import JSON
package import Records

/// Takes verdicts and outputs over, record by record, and keeps findings with their place.
package struct VerdictImporter: Sendable {
  /// The format; `nil` tells it anew for each record.
  package let format: VerdictFormat?
  /// The file's name for findings.
  package let file: String?

  /// How many records were seen.
  package private(set) var recordCount = 0
  /// The verdicts so far, failed judgments among them.
  package private(set) var verdicts: [ImportedVerdict] = []
  /// What was refused, and which judgments had failed.
  package private(set) var diagnostics: [Diagnostic] = []
  /// Ties of which the file does not say whether both are good or both bad.
  package var assumedTieCount: Int { verdicts.count { $0.isTieKindAssumed } }

  /// An importer.
  package init(format: VerdictFormat? = nil, file: String? = nil) {
    self.format = format
    self.file = file
  }

  /// Takes one record.
  ///
  /// - Parameters:
  ///   - element: the record.
  ///   - location: its place in the file.
  package mutating func add(_ element: JSONElement, at location: Diagnostic.Location? = nil) {
    recordCount += 1
    do throws(VerdictImportError) {
      guard element.kind == .object else { throw .notAnObject(found: element.kindName) }
      guard let format = format ?? VerdictFormat.detect(element) else { throw .unknownFormat }
      for verdict in try format.read(element) {
        verdicts.append(verdict)
        if let problem = verdict.problem {
          note("failed-judgment", problem, at: location, subject: verdict.subject)
        }
      }
    } catch {
      note(error.rule, error.description, at: location, subject: nil)
    }
  }

  private mutating func note(
    _ rule: String, _ message: String, at location: Diagnostic.Location?,
    subject: ImportedVerdict.Subject?
  ) {
    var recordID: String?
    if case .id(let id) = subject { recordID = id }
    diagnostics.append(
      Diagnostic(
        file: file, location: location, recordID: recordID, rule: rule, message: message))
  }
}
