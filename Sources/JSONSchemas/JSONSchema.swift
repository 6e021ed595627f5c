public import JSON

/// A JSON Schema that values are checked against.
///
/// The keywords that this program's own schemas use are understood; a schema with another one is
/// refused, so that no rule is ever silently left out.
///
/// Source: JSON Schema, draft 2020-12, "Validation" and "Core".
public struct JSONSchema: Sendable {
  /// One way in which a value breaks the schema.
  public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// Where: `candidates[2].text`; empty for the value itself.
    public let path: String
    /// What is there and what was expected.
    public let problem: String

    /// Path and problem.
    public var description: String { path.isEmpty ? problem : "\(path) \(problem)" }
  }

  let root: Node
  /// Schemas that `$ref` names.
  let definitions: [String: Node]

  /// Reads a schema.
  ///
  /// - Parameter schema: the schema's JSON.
  /// - Throws: ``JSONSchemaError`` with the first keyword that is not understood.
  public init(_ schema: JSONValue) throws(JSONSchemaError) {
    var definitions: [String: Node] = [:]
    for member in schema["$defs"]?.object?.members ?? [] {
      definitions["#/$defs/\(member.key)"] = try Node(
        member.value, path: "#/$defs/\(member.key)")
    }
    root = try Node(schema, path: "#")
    definitions["#"] = root
    self.definitions = definitions
    for node in [root] + definitions.values { try node.checkReferences(definitions) }
  }

  /// Checks a value.
  ///
  /// - Parameters:
  ///   - value: the value.
  ///   - limit: how many findings are listed at most.
  /// - Returns: the findings in the value's order; empty when the value fits.
  public func findings(in value: JSONValue, limit: Int = 20) -> [Finding] {
    var check = SchemaCheck(definitions: definitions, limit: limit)
    check.check(value, root, path: "")
    return check.findings
  }
}

/// Why a schema cannot be used.
public struct JSONSchemaError: Error, Equatable, CustomStringConvertible {
  /// The place in the schema.
  public let path: String
  /// What is wrong there.
  public let problem: String

  /// One line.
  public var description: String { "schema \(path): \(problem)" }
}
