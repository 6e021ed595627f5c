internal import JSON

extension JSONSchema {
  /// The kinds of values that `type` names.
  enum Kind: String, Sendable {
    case null, boolean, integer, number, string, array, object

    /// For messages: `a string`, `an object`…
    var name: String {
      switch self {
      case .null: "null"
      case .integer: "a whole number"
      case .array, .object: "an \(rawValue)"
      default: "a \(rawValue)"
      }
    }
  }

  /// One schema within a schema.
  final class Node: Sendable {
    let kinds: [Kind]
    let allowed: [JSONValue]?
    let required: [String]
    let properties: [(key: String, node: Node)]
    /// `nil` allows every other member; a node without content refuses it when `isClosed`.
    let otherProperties: Node?
    let isClosed: Bool
    let items: Node?
    let minimumItems: Int?
    let maximumItems: Int?
    let minimumMembers: Int?
    let maximumMembers: Int?
    /// What member names must fit.
    let names: Node?
    let minimum: Double?
    let maximum: Double?
    let exclusiveMinimum: Double?
    let minimumLength: Int?
    let maximumLength: Int?
    let pattern: String?
    let allOf: [Node]
    let anyOf: [Node]
    let oneOf: [Node]
    let not: Node?
    let content: Node?
    let reference: String?
    private let path: String

    private static let annotations: Set<String> = [
      "$schema", "title", "description", "default", "$defs", "contentMediaType",
      // Without the vocabulary that asserts it, a format is an annotation; patterns stand beside it.
      "format",
    ]

    init(_ schema: JSONValue, path: String) throws(JSONSchemaError) {
      guard let object = schema.object else {
        throw JSONSchemaError(path: path, problem: "is \(schema.kindName), expected an object")
      }
      self.path = path
      let reader = Reader(object: object, path: path)
      for member in object.members where !Self.annotations.contains(member.key) {
        guard Reader.keywords.contains(member.key) else {
          throw JSONSchemaError(
            path: path, problem: "the keyword '\(member.key)' is not understood")
        }
      }
      kinds = try reader.kinds()
      let constant = object["const"].map { [$0] }
      allowed = constant ?? object["enum"]?.array
      required = object["required"]?.array?.compactMap(\.string) ?? []
      properties = try reader.nodes(ofMembers: "properties")
      isClosed = object["additionalProperties"]?.bool == false
      otherProperties =
        object["additionalProperties"]?.object == nil
        ? nil : try reader.node("additionalProperties")
      items = try reader.node("items")
      minimumItems = object["minItems"]?.int
      maximumItems = object["maxItems"]?.int
      minimumMembers = object["minProperties"]?.int
      maximumMembers = object["maxProperties"]?.int
      names = try reader.node("propertyNames")
      minimum = object["minimum"]?.number
      maximum = object["maximum"]?.number
      exclusiveMinimum = object["exclusiveMinimum"]?.number
      minimumLength = object["minLength"]?.int
      maximumLength = object["maxLength"]?.int
      pattern = object["pattern"]?.string
      allOf = try reader.nodes("allOf")
      anyOf = try reader.nodes("anyOf")
      oneOf = try reader.nodes("oneOf")
      not = try reader.node("not")
      content = try reader.node("contentSchema")
      reference = object["$ref"]?.string
      if let pattern, (try? Regex(pattern)) == nil {
        throw JSONSchemaError(path: path, problem: "'\(pattern)' is no regular expression")
      }
    }

    /// All schemas directly within this one.
    private var parts: [Node] {
      properties.map(\.node) + [otherProperties, items, not, content, names].compactMap(\.self)
        + allOf + anyOf + oneOf
    }

    func checkReferences(_ known: [String: Node]) throws(JSONSchemaError) {
      if let reference, known[reference] == nil {
        throw JSONSchemaError(path: path, problem: "there is no schema '\(reference)'")
      }
      for part in parts { try part.checkReferences(known) }
    }
  }

  /// Reads the keywords of one schema.
  private struct Reader {
    static let keywords: Set<String> = [
      "type", "const", "enum", "required", "properties", "additionalProperties", "items",
      "minItems", "maxItems", "minProperties", "maxProperties", "propertyNames", "minimum",
      "maximum", "exclusiveMinimum", "minLength", "maxLength", "pattern", "allOf", "anyOf", "oneOf",
      "not", "contentSchema", "$ref",
    ]

    let object: JSONObject
    let path: String

    func kinds() throws(JSONSchemaError) -> [Kind] {
      guard let value = object["type"] else { return [] }
      var kinds: [Kind] = []
      for name in value.array ?? [value] {
        guard let kind = name.string.flatMap(Kind.init(rawValue:)) else {
          throw JSONSchemaError(path: path, problem: "\(name.json()) is no type")
        }
        kinds.append(kind)
      }
      return kinds
    }

    func node(_ key: String) throws(JSONSchemaError) -> Node? {
      guard let value = object[key] else { return nil }
      return try Node(value, path: "\(path)/\(key)")
    }

    func nodes(_ key: String) throws(JSONSchemaError) -> [Node] {
      var nodes: [Node] = []
      for (index, value) in (object[key]?.array ?? []).enumerated() {
        nodes.append(try Node(value, path: "\(path)/\(key)/\(index)"))
      }
      return nodes
    }

    func nodes(ofMembers key: String) throws(JSONSchemaError) -> [(key: String, node: Node)] {
      var nodes: [(key: String, node: Node)] = []
      for member in object[key]?.object?.members ?? [] {
        nodes.append((member.key, try Node(member.value, path: "\(path)/\(key)/\(member.key)")))
      }
      return nodes
    }
  }
}
