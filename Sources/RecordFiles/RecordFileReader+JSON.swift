package import JSON
package import Records

extension RecordFileReader {
  /// Parses the remaining records one after another; what is broken is reported and passed over.
  ///
  /// - Parameters:
  ///   - record: receives the record's root element, valid only inside, and its place.
  ///   - broken: receives a finding for each record that is not valid JSON and each flaw of the file
  ///     that reading survives.
  /// - Throws: ``RecordFileError`` when the file cannot be read on, or what the closures throw.
  package func forEachRecord(
    _ record: (JSONElement, Diagnostic.Location) throws -> Void,
    broken: (Diagnostic) throws -> Void
  ) throws {
    let parser = JSONParser()
    while true {
      do throws(RecordFileError) {
        guard try advance() else { return }
      } catch {
        guard error.isRecoverable else { throw error }
        try broken(error.diagnostic)
        continue
      }
      try parse(with: parser, record, broken: broken)
    }
  }

  /// Parses the current record.
  ///
  /// - Parameters:
  ///   - parser: the parser to use.
  ///   - record: receives the root element, valid only inside, and its place.
  ///   - broken: receives a finding when the record is not valid JSON.
  /// - Throws: what the closures throw.
  package func parse(
    with parser: JSONParser, _ record: (JSONElement, Diagnostic.Location) throws -> Void,
    broken: (Diagnostic) throws -> Void
  ) throws {
    // A JSONError thrown by `record` itself is the caller's and passes through.
    var isParsed = false
    do {
      try unsafe withRecord { bytes in
        try unsafe parser.parse(padded: bytes) { root in
          isParsed = true
          try record(root, location)
        }
      }
    } catch let error as JSONError where !isParsed {
      try broken(
        Diagnostic(
          file: file, location: location, rule: "malformed-json", message: error.description))
    }
  }
}
