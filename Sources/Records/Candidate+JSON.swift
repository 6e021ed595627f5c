public import JSON

extension Candidate {
  /// Reads a candidate of a MixInstruct record.
  ///
  /// - Parameters:
  ///   - element: the candidate.
  ///   - path: its place in the record, for messages, such as `candidates[2]`.
  /// - Throws: ``RecordError`` when it is no object or its text is missing or no string.
  init(_ element: JSONElement, path: String) throws(RecordError) {
    guard element.kind == .object else {
      throw .wrongKind(field: path, found: element.kindName, expected: "an object")
    }
    var model: String?
    var text: String?
    var failure: RecordError?
    self.init(model: "", text: "")
    element.forEachMember { key, value in
      if key.isString("model"), let name = value.string {
        model = name
      } else if key.isString("text") {
        text = value.string
        if text == nil {
          failure = .wrongKind(field: "\(path).text", found: value.kindName, expected: "a string")
        }
      } else if key.isString("decoding_method"), let method = value.string {
        decodingMethod = method
      } else if key.isString("scores"), case .object(let object) = value.value {
        scores = object
      } else {
        additionalFields[key.string ?? ""] = value.value
      }
    }
    if let failure { throw failure }
    guard let text else { throw .missingField("\(path).text", expected: "a string") }
    self.text = text
    self.model = model ?? "unknown"
    if model == nil, additionalFields["model"] == nil { missingFields = ["model"] }
  }

  /// The candidate as it stands in a MixInstruct record.
  public var json: JSONObject {
    var object = JSONObject()
    if let decodingMethod { object.appendUnchecked("decoding_method", .string(decodingMethod)) }
    if !missingFields.contains("model") { object.appendUnchecked("model", .string(model)) }
    object.appendUnchecked("text", .string(text))
    if let scores { object.appendUnchecked("scores", .object(scores)) }
    for member in additionalFields.members { object[member.key] = member.value }
    return object
  }
}
