internal import JSON
internal import Records

/// An annotation of AlpacaEval, whose `preference` runs from 1 (`output_1`) to 2 (`output_2`).
///
/// Below 1.5 A is better, above it B. Exactly 1.5 and the older code 0 are ties; the format does not
/// say whether both are good, so they become `Same good` with `isTieKindAssumed`. `null` and the
/// string `NaN` are replies that could not be read, -1 is a judgment that was never made.
///
/// Source: AlpacaEval's annotation files and its preference codes.
enum AlpacaEvalAnnotation {
  static func read(_ fields: RecordFields) throws(VerdictImportError) -> ImportedVerdict {
    let (modelA, modelB) = try fields.models("generator_1", "generator_2")
    var raw = try completion(fields, "preference_raw_completion")
    if raw == nil { raw = try completion(fields, "raw_completion") }
    if raw == nil { raw = try completion(fields, "raw_judge_text") }
    var imported = ImportedVerdict(
      subject: .instruction(try fields.text("instruction")), modelA: modelA, modelB: modelB,
      verdict: nil, judge: try fields.identifier("annotator"), raw: raw,
      textA: try fields.optionalText("output_1"), textB: try fields.optionalText("output_2"))
    guard let value = fields.element["preference"] else {
      throw .missingField("preference", expected: "a number from 1 to 2, 0, -1 or null")
    }
    if value.isNull || value.isString("NaN") || value.isString("nan") {
      imported.problem = "the annotator's reply could not be read (no preference)"
      return imported
    }
    guard let preference = value.number else {
      throw .wrongKind(field: "preference", found: value.kindName, expected: "a number or null")
    }
    switch preference {
    case -1: imported.problem = "the annotation was never made (preference -1)"
    case 0, 1.5:
      imported.verdict = .sameGood
      imported.isTieKindAssumed = true
      imported.preference = 1.5
    case 1..<1.5:
      imported.verdict = .aIsBetter
      imported.preference = preference
    case 1.5...2:
      imported.verdict = .bIsBetter
      imported.preference = preference
    default:
      throw .unknownValue(
        field: "preference", found: "\(preference)", expected: "a number from 1 to 2, 0, -1 or null"
      )
    }
    return imported
  }

  /// Newer annotators store an object of log-probabilities where older ones stored the text.
  private static func completion(
    _ fields: RecordFields, _ key: StaticString
  ) throws(VerdictImportError) -> String? {
    guard let value = fields.element[key], !value.isNull else { return nil }
    return value.string ?? value.value.json()
  }
}
