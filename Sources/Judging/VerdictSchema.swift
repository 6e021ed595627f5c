package import JSON

/// The JSON Schema that replies for ``ReplyParser/structuredJSON`` are to follow.
package enum VerdictSchema {
  static let text = String(decoding: PackageResources.verdict_schema_json, as: UTF8.self)

  /// The value of a chat request's `response_format`.
  ///
  /// - Returns: an object of type `json_schema`, in the form of OpenAI's chat API.
  /// - Throws: `JSONError` when the embedded schema is not JSON, which the tests rule out.
  package static func responseFormat() throws -> JSONValue {
    [
      "type": "json_schema",
      "json_schema": ["name": "verdict", "strict": true, "schema": try JSONValue(json: text)],
    ]
  }
}
