internal import JSON
internal import RecordFiles
internal import Records
internal import VerdictImport

extension RecordFileReader {
  /// Parses the remaining records like ``forEachRecord(_:broken:)``, and those with Python's `NaN` and
  /// `Infinity` too, which become `null`.
  ///
  /// - Parameters:
  ///   - record: receives the record's root element, valid only inside, and its place.
  ///   - broken: receives a finding for each record that is not valid JSON.
  /// - Returns: how many records held such numbers.
  /// - Throws: ``RecordFileError``, or what the closures throw.
  func forEachPythonRecord(
    _ record: (JSONElement, Diagnostic.Location) throws -> Void,
    broken: (Diagnostic) throws -> Void
  ) throws -> Int {
    let parser = JSONParser()
    var repaired = 0
    while true {
      do throws(RecordFileError) {
        guard try advance() else { return repaired }
      } catch {
        guard error.isRecoverable else { throw error }
        try broken(error.diagnostic)
        continue
      }
      var flaw: Diagnostic?
      try parse(with: parser, record) { flaw = $0 }
      guard let flaw else { continue }
      let (text, count) = NonFiniteNumbers.replacedByNull(
        in: unsafe withRecord { unsafe Array($0) })
      var isParsed = false
      do {
        if count > 0 {
          try parser.parse(text) { root in
            isParsed = true
            try record(root, location)
          }
          repaired += 1
          continue
        }
      } catch let error as JSONError where !isParsed {
        // The numbers were not all that was wrong with it.
        _ = error
      }
      try broken(flaw)
    }
  }
}
