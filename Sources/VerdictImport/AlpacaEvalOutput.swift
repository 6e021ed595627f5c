package import JSON

extension ImportedOutput {
  /// Reads a record of an AlpacaEval outputs file: `instruction`, `output`, `generator`, `dataset`.
  ///
  /// - Parameter element: the record.
  /// - Returns: the answer.
  /// - Throws: ``VerdictImportError`` with the first field that is wrong.
  package static func read(_ element: JSONElement) throws(VerdictImportError) -> ImportedOutput {
    let fields = try RecordFields(element)
    return ImportedOutput(
      instruction: try fields.text("instruction"), model: try fields.text("generator"),
      text: try fields.text("output"), dataset: try fields.optionalText("dataset"))
  }
}
