internal import Hashing
internal import JSON
internal import Records

/// Records as `Dataset.records.from_json` of Argilla 2.x reads them, with a label question
/// `preference` whose labels are the four verdicts.
///
/// Source: argilla 2.8, `records/_resource.py` and `responses.py`. A response without `status` would
/// become a draft there; its user must be a UUID.
enum ArgillaRecords {
  /// The name of the question.
  static let question = "preference"

  static func record(_ task: AnnotationTask) -> JSONObject {
    let example = task.example
    var metadata: JSONObject = [
      "example_id": .string(example.id), "model-1": .string(task.firstModel),
      "model-2": .string(task.secondModel),
    ]
    if !task.people.isEmpty {
      metadata["annotators"] = .array(
        task.people.map { .string("\(userID(of: $0.judge)) \($0.judge)") })
    }
    var suggestions: JSONObject = [:]
    if let suggestion = task.suggestion {
      suggestions[question] = [
        "value": .string(suggestion.verdict.rawValue), "score": .double(suggestion.share),
        "agent": .string(suggestion.judges.joined(separator: ", ")),
      ]
    }
    var responses: JSONObject = [:]
    if !task.people.isEmpty {
      responses[question] = .array(
        task.people.map { said in
          [
            "value": .string(said.verdict.rawValue), "user_id": .string(userID(of: said.judge)),
            "status": "submitted",
          ]
        })
    }
    return [
      "id": .string("\(example.id)/\(task.firstModel)/\(task.secondModel)"),
      "fields": [
        "prompt": .string(example.prompt),
        "response-1": .string(example.candidates[task.first].text),
        "response-2": .string(example.candidates[task.second].text),
      ],
      "metadata": .object(metadata), "suggestions": .object(suggestions),
      "responses": .object(responses), "vectors": [:],
      "status": task.people.isEmpty ? "pending" : "completed",
    ]
  }

  /// The user of a person who came from Argilla, else a UUID that is made from the name.
  ///
  /// Source: RFC 9562, version 8, of the name's SHA-256.
  static func userID(of judge: String) -> String {
    let name = judge.hasPrefix("person:") ? String(judge.dropFirst("person:".count)) : judge
    if isUUID(name) { return name }
    var digits = Array(SHA256.hexadecimal(of: judge).utf8.prefix(32))
    digits[12] = UInt8(ascii: "8")
    digits[16] = UInt8(ascii: "a")
    let ends = [8, 12, 16, 20, 32]
    return zip([0] + ends, ends).map { String(decoding: digits[$0..<$1], as: UTF8.self) }
      .joined(separator: "-")
  }

  private static func isUUID(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 36
      && bytes.enumerated().allSatisfy { place, byte in
        [8, 13, 18, 23].contains(place)
          ? byte == UInt8(ascii: "-") : Character(Unicode.Scalar(byte)).isHexDigit
      }
  }
}
