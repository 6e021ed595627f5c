internal import JSON
internal import Records

/// A pair of PandaLM's test set, judged by several people and, in some files, by models.
///
/// The published file names both models in `cmp_key`, joined by an underscore, the answers
/// `response1` and `response2`, and the people `annotator1`…; other copies have `generator_1`,
/// `output_1` and a list `human`. 1 and 2 name the better answer, 0 is a tie of which the file does
/// not say whether both are good. Models' verdicts stand under `gpt_result`, `pandalm_result` or
/// the model's name, where `Tie` is a tie and `garbage` a reply that could not be read.
///
/// Source: PandaLM, `data/testset-v1.json` and `data/compute_metrics.py`.
enum PandaLMPair {
  static func read(_ fields: RecordFields) throws(VerdictImportError) -> [ImportedVerdict] {
    let isPublished = fields.element["cmp_key"] != nil
    let (modelA, modelB) =
      isPublished
      ? try models(ofKey: try fields.text("cmp_key"))
      : try fields.models("generator_1", "generator_2")
    let instruction = try fields.text("instruction")
    let input = try fields.optionalText("input") ?? ""
    let prompt = input.isEmpty ? instruction : instruction + "\n" + input
    let id = isPublished ? nil : try fields.optionalText("id")
    var pair = ImportedVerdict(
      subject: id.map { .id($0) } ?? .instruction(prompt), modelA: modelA, modelB: modelB,
      verdict: nil, judge: "")
    pair.textA = try fields.text(isPublished ? "response1" : "output_1")
    pair.textB = try fields.text(isPublished ? "response2" : "output_2")
    var verdicts = try people(fields, pair)
    for (key, judge) in Self.modelFields {
      guard let value = fields.element[key], !value.isNull else { continue }
      var verdict = try Self.verdict(value, key, pair)
      verdict.judge = judge
      verdict.kind = .model
      if judge == "gpt-3.5-turbo" { verdict.raw = try fields.optionalText("gpt_reason") }
      verdicts.append(verdict)
    }
    guard !verdicts.isEmpty else {
      throw .missingField("annotator1", expected: "a verdict of a person or a model")
    }
    return verdicts
  }

  private static let modelFields: [(key: StaticString, judge: String)] = [
    ("gpt_result", "gpt-3.5-turbo"), ("gpt-3.5-turbo", "gpt-3.5-turbo"),
    ("pandalm_result", "pandalm-7b"), ("pandalm-7b", "pandalm-7b"),
  ]

  private static func people(
    _ fields: RecordFields, _ pair: ImportedVerdict
  ) throws(VerdictImportError) -> [ImportedVerdict] {
    var verdicts: [ImportedVerdict] = []
    func add(_ value: JSONElement, _ key: StaticString) throws(VerdictImportError) {
      var verdict = try Self.verdict(value, key, pair)
      verdict.judge = "annotator\(verdicts.count + 1)"
      verdict.kind = .human
      verdicts.append(verdict)
    }
    for key in ["annotator1", "annotator2", "annotator3"] as [StaticString] {
      if let value = fields.element[key], !value.isNull { try add(value, key) }
    }
    guard let list = fields.element["human"], !list.isNull else { return verdicts }
    guard list.kind == .array else {
      throw .wrongKind(field: "human", found: list.kindName, expected: "an array of 0, 1 and 2")
    }
    var failure: VerdictImportError?
    list.forEachElement { element in
      guard failure == nil else { return }
      do throws(VerdictImportError) { try add(element, "human") } catch { failure = error }
    }
    if let failure { throw failure }
    return verdicts
  }

  private static func verdict(
    _ value: JSONElement, _ key: StaticString, _ pair: ImportedVerdict
  ) throws(VerdictImportError) -> ImportedVerdict {
    var result = pair
    switch value.string?.lowercased() ?? value.value.json() {
    case "1": result.verdict = .aIsBetter
    case "2": result.verdict = .bIsBetter
    case "0", "tie":
      result.verdict = .sameGood
      result.isTieKindAssumed = true
    case "garbage": result.problem = "the judge's reply could not be read (garbage)"
    default:
      throw .unknownValue(field: "\(key)", found: value.value.json(), expected: "1, 2, 0 or Tie")
    }
    return result
  }

  /// The two models of a key; a key with several underscores could be split in several ways.
  private static func models(ofKey key: String) throws(VerdictImportError) -> (String, String) {
    let parts = key.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw .unknownValue(
        field: "cmp_key", found: "'\(key)'", expected: "two models with one underscore between")
    }
    if parts[0].utf8.elementsEqual(parts[1].utf8) { throw .sameModel(parts[0]) }
    return (parts[0], parts[1])
  }
}
