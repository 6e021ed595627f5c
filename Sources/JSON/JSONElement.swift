internal import CSIMDJSON

/// A value inside the document that a ``JSONParser`` is lending; valid only inside that closure.
///
/// Source: simdjson 3.0, doc/tape.md. A slot is a type byte and 56 bits of payload; `[` and `{`
/// hold the index after their end, numbers fill a second slot, strings point into the string buffer
/// where a 32-bit length stands before the bytes.
@safe public struct JSONElement {
  /// What a JSON value can be.
  public enum Kind: Sendable {
    /// The six kinds of RFC 8259, numbers split by how they were written.
    case null, bool, integer, unsignedInteger, double, string, array, object
  }

  private let tape: UnsafePointer<UInt64>
  private let strings: UnsafePointer<UInt8>
  private let index: Int

  init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
    unsafe self.tape = tape
    unsafe self.strings = strings
    self.index = index
  }

  private var tag: UInt8 { unsafe UInt8(truncatingIfNeeded: tape[index] >> 56) }
  private var payload: Int { unsafe Int(tape[index] & 0x00FF_FFFF_FFFF_FFFF) }

  private func at(_ index: Int) -> JSONElement {
    unsafe JSONElement(tape: tape, strings: strings, index: index)
  }

  /// The slot after this value.
  private var end: Int {
    switch tag {
    // The payload's low 32 bits are the index after the closing slot.
    case UInt8(ascii: "["), UInt8(ascii: "{"): payload & 0xFFFF_FFFF
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
    default: index + 1
    }
  }

  /// The kind of the value.
  public var kind: Kind {
    switch tag {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "l"): .integer
    case UInt8(ascii: "u"): .unsignedInteger
    case UInt8(ascii: "d"): .double
    case UInt8(ascii: "n"): .null
    default: .bool
    }
  }

  /// The name of the value's kind for messages.
  public var kindName: String {
    switch kind {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .unsignedInteger, .double: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { kind == .null }

  /// The string, when the value is one.
  public var string: String? {
    unsafe withStringBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Lends the UTF-8 bytes of a string; `nil` when the value is not one.
  ///
  /// - Parameter body: receives the bytes, valid only inside.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withStringBytes<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    guard tag == UInt8(ascii: "\"") else { return nil }
    let start = unsafe strings + payload
    let length = unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return try unsafe body(UnsafeBufferPointer(start: start + 4, count: Int(length)))
  }

  /// Whether the value is the string `text`, compared byte by byte.
  public func isString(_ text: StaticString) -> Bool {
    unsafe withStringBytes { bytes in
      unsafe bytes.count == text.utf8CodeUnitCount
        && bytes.elementsEqual(
          UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    } ?? false
  }

  /// The number, when the value is one.
  public var number: Double? {
    switch tag {
    case UInt8(ascii: "d"): unsafe Double(bitPattern: tape[index + 1])
    case UInt8(ascii: "l"): unsafe Double(Int64(bitPattern: tape[index + 1]))
    case UInt8(ascii: "u"): unsafe Double(tape[index + 1])
    default: nil
    }
  }

  /// The truth value, when the value is one.
  public var bool: Bool? {
    switch tag {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// Calls `body` with each member of an object in order; does nothing for other values.
  ///
  /// - Parameter body: receives the key (a string element) and the value.
  /// - Throws: what `body` throws.
  public func forEachMember(_ body: (JSONElement, JSONElement) throws -> Void) rethrows {
    guard tag == UInt8(ascii: "{") else { return }
    let last = end - 1
    var slot = index + 1
    while slot < last {
      let value = at(slot + 1)
      try body(at(slot), value)
      slot = value.end
    }
  }

  /// Calls `body` with each element of an array in order; does nothing for other values.
  ///
  /// - Parameter body: receives the element.
  /// - Throws: what `body` throws.
  public func forEachElement(_ body: (JSONElement) throws -> Void) rethrows {
    guard tag == UInt8(ascii: "[") else { return }
    let last = end - 1
    var slot = index + 1
    while slot < last {
      let value = at(slot)
      try body(value)
      slot = value.end
    }
  }

  /// The last member of an object with this key; `nil` when absent or when this is no object.
  public subscript(key: StaticString) -> JSONElement? {
    var found: JSONElement?
    forEachMember { name, value in
      if name.isString(key) { found = value }
    }
    return found
  }

  /// The value, copied out of the document.
  public var value: JSONValue {
    switch kind {
    case .null: return .null
    case .bool: return .bool(tag == UInt8(ascii: "t"))
    case .integer: return .integer(unsafe Int64(bitPattern: tape[index + 1]))
    case .unsignedInteger: return .unsignedInteger(unsafe tape[index + 1])
    case .double: return .double(unsafe Double(bitPattern: tape[index + 1]))
    case .string: return .string(string ?? "")
    case .array:
      var elements: [JSONValue] = []
      elements.reserveCapacity(count)
      forEachElement { elements.append($0.value) }
      return .array(elements)
    case .object: return .object(objectValue)
    }
  }

  /// The number of members or elements, at most 16,777,215; 0 for other values.
  private var count: Int {
    switch tag {
    // Above the index stand 24 bits of a count that stops at its largest value.
    case UInt8(ascii: "["), UInt8(ascii: "{"): payload >> 32
    default: 0
    }
  }

  private var objectValue: JSONObject {
    var object = JSONObject(capacity: count)
    // Small objects are searched by the subscript, large ones (verdicts of many pairs) by a table.
    var places: Set<[UInt8]> = []
    forEachMember { key, value in
      let name = key.string ?? ""
      let isNew = object.count < 24 ? object[name] == nil : !places.contains(Array(name.utf8))
      if isNew { object.appendUnchecked(name, value.value) } else { object[name] = value.value }
      if object.count == 24, places.isEmpty {
        places = Set(object.members.map { Array($0.key.utf8) })
      } else if object.count > 24 {
        places.insert(Array(name.utf8))
      }
    }
    return object
  }
}
