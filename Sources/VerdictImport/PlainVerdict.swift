internal import JSON
internal import Records

/// The plain form: `{"id", "model_a", "model_b", "verdict", "judge"}`, described in
/// `Schemas/verdict.schema.json`; `raw` and `preference` may follow.
enum PlainVerdict {
  static func read(_ fields: RecordFields) throws(VerdictImportError) -> ImportedVerdict {
    let (modelA, modelB) = try fields.models("model_a", "model_b")
    let id = try fields.text("id")
    let text = try fields.text("verdict")
    guard let verdict = Verdict.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) })
    else {
      let names = Verdict.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw .unknownValue(field: "verdict", found: "'\(text)'", expected: "one of \(names)")
    }
    var preference: Double?
    if let value = fields.element["preference"], !value.isNull {
      guard let number = value.number, (1...2).contains(number) else {
        throw .unknownValue(
          field: "preference", found: value.value.json(), expected: "a number from 1 to 2 or null")
      }
      preference = number
    }
    return ImportedVerdict(
      subject: .id(id), modelA: modelA, modelB: modelB, verdict: verdict,
      judge: try fields.text("judge"), raw: try fields.optionalText("raw"), preference: preference)
  }
}
