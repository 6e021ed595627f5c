package import JSON
package import Records

/// Takes verdicts over, record by record, and says with their place what is wrong.
package struct VerdictImporter: Sendable {
  /// The format; `nil` tells it anew for each record.
  package let format: VerdictFormat?
  /// The file's name for findings.
  package let file: String?
  /// The question of Argilla's records that holds the verdicts; `nil` tells it.
  package let question: String?

  /// What a record holds.
  package struct Reading: Sendable {
    /// The verdicts, failed judgments among them.
    package var verdicts: [ImportedVerdict] = []
    /// What was refused, and which judgments had failed.
    package var diagnostics: [Diagnostic] = []
    /// Whether it is a task that nobody has worked on yet.
    package var isUnanswered = false
    /// How many responses said nothing of their status and were taken as submitted.
    package var withoutStatus = 0

    /// A reading without verdicts.
    package init() {}
  }

  /// An importer.
  package init(format: VerdictFormat? = nil, file: String? = nil, question: String? = nil) {
    self.format = format
    self.file = file
    self.question = question
  }

  /// Reads one record.
  ///
  /// - Parameters:
  ///   - element: the record.
  ///   - location: its place in the file.
  /// - Returns: the verdicts; none and a finding for a record that is refused.
  package func read(
    _ element: JSONElement, at location: Diagnostic.Location? = nil
  ) -> Reading {
    var reading = Reading()
    do throws(VerdictImportError) {
      guard element.kind == .object else { throw .notAnObject(found: element.kindName) }
      guard let format = format ?? VerdictFormat.detect(element) else { throw .unknownFormat }
      let record = try format.read(element, question: question)
      reading.verdicts = record.verdicts
      reading.withoutStatus = record.withoutStatus
      reading.isUnanswered = format.isOfPeople && record.isEmpty
      for withheld in record.withheld {
        reading.diagnostics.append(
          Diagnostic(
            file: file, location: location, recordID: record.recordID, rule: withheld.rule,
            message: withheld.message))
      }
      for verdict in reading.verdicts {
        guard let problem = verdict.problem else { continue }
        reading.diagnostics.append(
          finding("failed-judgment", problem, at: location, subject: verdict.subject))
      }
    } catch {
      reading.diagnostics.append(
        finding(error.rule, error.description, at: location, subject: nil))
    }
    return reading
  }

  private func finding(
    _ rule: String, _ message: String, at location: Diagnostic.Location?,
    subject: ImportedVerdict.Subject?
  ) -> Diagnostic {
    var recordID: String?
    if case .id(let id) = subject { recordID = id }
    return Diagnostic(
      file: file, location: location, recordID: recordID, rule: rule, message: message)
  }
}
