internal import Evaluation
internal import JSON
internal import JSONSchemas
internal import Mixing
internal import RecordFiles
internal import Records
internal import Schemas

/// Checks the records of a dataset one after another: form, duplicates, leakage, verdicts, models.
///
/// Memory grows with the number of records (a hash and an identifier of each), not with their texts.
struct RecordChecks {
  /// One record with what is known of it beside its fields.
  struct Record {
    var example: Example
    /// The record as it would be written, for the schema.
    var json: JSONObject
    var split: Split?
    /// What it was cut from, where that is known.
    var conversation: String?
    var verdicts: [PairVerdict]
    var judgments: [Judgment] = []
    var file: String?
    var location: Diagnostic.Location?
  }

  var findings: ValidationFindings
  private let schema: JSONSchema
  private let verdictCheck = VerdictCheck()
  private var models: ModelSetTally
  /// By hash of a prompt, of a prompt with its answer, and of a conversation: where it came first.
  private var prompts: [ContentHash: Place] = [:]
  private var texts: [ContentHash: Place] = [:]
  private var conversations: [ContentHash: Place] = [:]

  private struct Place {
    let id: String
    let split: Split?
  }

  /// Checks that have seen no record.
  ///
  /// - Parameter limit: how many findings of each rule are listed.
  /// - Throws: `JSONSchemaError` when the embedded schema is wrong, which the tests rule out.
  init(limit: Int) throws {
    findings = ValidationFindings(limit: limit)
    schema = try JSONSchema(try JSONParser().value(of: RecordSchema.json))
    models = ModelSetTally(idLimit: limit)
  }

  /// Checks one record.
  mutating func add(_ record: Record) {
    let example = record.example
    func diagnostic(_ rule: String, _ message: String) -> Diagnostic {
      Diagnostic(
        file: record.file, location: record.location, recordID: example.id, rule: rule,
        message: message)
    }
    findings.records += 1
    for finding in schema.findings(in: .object(record.json)) {
      findings.add(diagnostic("schema", finding.description), .error)
    }
    if example.prompt.isEmpty {
      findings.add(diagnostic("empty-prompt", "instruction and input are both empty"), .error)
    }
    checkPlaces(record, diagnostic)
    if !example.candidates.isEmpty {
      models.add(id: example.id, models: example.candidates.map(\.model))
    }
    let checked = EvaluatedExample(
      id: example.id, models: example.candidates.map(\.model), verdicts: record.verdicts,
      judgments: record.judgments)
    for finding in verdictCheck.findings(in: checked) {
      findings.add(diagnostic(finding.rule, finding.message), .warning)
    }
  }

  private mutating func checkPlaces(
    _ record: Record, _ diagnostic: (_ rule: String, _ message: String) -> Diagnostic
  ) {
    let example = record.example
    let place = Place(id: example.id, split: record.split)
    let prompt = NormalizedText.folded(example.instruction + " " + example.input)
    if !prompt.isEmpty {
      let first = Self.first(ContentHash(prompt), in: &prompts, else: place)
      if let first, let (here, there) = Self.splits(place, first) {
        findings.add(
          diagnostic(
            "leakage", "the prompt of \(here) stands in \(there) too, as record \(first.id)"),
          .error)
      }
      var hasher = ContentHasher()
      hasher.combine(prompt)
      hasher.combine(NormalizedText.folded(example.output ?? ""))
      // In another split it is leakage, which was told above.
      let twin = Self.first(hasher.finish(), in: &texts, else: place)
      if let twin, Self.splits(place, twin) == nil {
        findings.add(
          diagnostic(
            "repeated-record", "prompt and answer are those of record \(twin.id)"), .warning)
      }
    }
    guard let conversation = record.conversation else { return }
    let first = Self.first(ContentHash(conversation), in: &conversations, else: place)
    if let first, let (here, there) = Self.splits(place, first) {
      findings.add(
        diagnostic(
          "conversation-leakage",
          "its conversation is cut: this part stands in \(here), record \(first.id) in \(there)"),
        .error)
    }
  }

  /// What came first under a hash; `nil` when this is the first.
  private static func first(
    _ hash: ContentHash, in places: inout [ContentHash: Place], else place: Place
  ) -> Place? {
    if let known = places[hash] { return known }
    places[hash] = place
    return nil
  }

  /// The names of two splits; `nil` when they are the same.
  private static func splits(_ here: Place, _ there: Place) -> (String, String)? {
    guard let a = here.split, let b = there.split, a != b else { return nil }
    return (a.rawValue, b.rawValue)
  }

  /// Reports on all records together.
  mutating func finish() {
    for deviation in models.deviations where !deviation.missing.isEmpty {
      let names = deviation.missing.joined(separator: ", ")
      for (index, id) in deviation.firstIDs.enumerated() {
        findings.add(
          Diagnostic(
            recordID: id, rule: "model-missing",
            message: "no candidate of \(names), which most examples have"), .warning,
          count: index == 0 ? deviation.examples - deviation.firstIDs.count + 1 : 1)
      }
    }
  }
}
