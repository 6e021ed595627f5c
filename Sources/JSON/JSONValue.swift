/// A JSON value held in memory.
///
/// Whole numbers and floating-point numbers are kept apart so that `1` and `1.0` are written back
/// as they were read; they compare equal when their numeric values are.
public enum JSONValue: Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction or exponent.
  case integer(Int64)
  /// A number written without fraction or exponent that only an unsigned integer holds.
  case unsignedInteger(UInt64)
  /// A number written with a fraction or an exponent; always finite when it was parsed.
  case double(Double)
  /// A string, with escapes resolved.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, in the order of its members.
  case object(JSONObject)
}

extension JSONValue {
  /// The string, when the value is one.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The truth value, when the value is one.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The object, when the value is one.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The elements, when the value is an array.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// The number as a double, when the value is a number.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsignedInteger(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The number as an `Int`, when the value is a number without a fraction that fits.
  public var int: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    case .unsignedInteger(let value): Int(exactly: value)
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { if case .null = self { true } else { false } }

  /// The member `key` of an object; `nil` for other values and absent members.
  public subscript(key: String) -> JSONValue? { object?[key] }

  /// The name of the value's kind for messages: `null`, `a string`, `an object`…
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .unsignedInteger, .double: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: Equatable {
  /// Equality as Python's `==` on loaded JSON: `1 == 1.0`, members in any order, strings by scalars.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.unsignedInteger(let a), .unsignedInteger(let b)): a == b
    default:
      if let a = left.number, let b = right.number { a == b } else { false }
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; of repeated keys the last value wins.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}
