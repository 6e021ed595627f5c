internal import CSIMDJSON

/// Appends JSON text to a byte buffer.
public struct JSONWriter: Sendable {
  /// How the text looks.
  public enum Style: Sendable, Equatable {
    /// No white space, Unicode written as it is.
    case compact
    /// The bytes of Python's `json.dumps`: `", "` and `": "`, non-ASCII escaped.
    case python
    /// The bytes of Python's `json.dumps(indent=n, ensure_ascii=False)`.
    case indented(Int)
  }

  /// The text so far.
  public var bytes: [UInt8] = []
  private let style: Style

  /// A writer with an empty buffer.
  ///
  /// - Parameter style: how the text looks.
  public init(style: Style = .compact) { self.style = style }

  /// Appends a value.
  ///
  /// Numbers that are not finite are written as `null`, since JSON has no name for them.
  ///
  /// - Parameters:
  ///   - value: the value.
  ///   - depth: the nesting depth of the place it is written to; matters for indented text.
  public mutating func append(_ value: JSONValue, depth: Int = 0) {
    switch value {
    case .null: append(literal: "null")
    case .bool(let value): append(literal: value ? "true" : "false")
    case .integer(let value): appendInteger(value)
    case .unsignedInteger(let value): append(literal: String(value))
    case .double(let value): append(value)
    case .string(let value): append(value)
    case .array(let elements):
      guard !elements.isEmpty else { return append(literal: "[]") }
      bytes.append(UInt8(ascii: "["))
      for (offset, element) in elements.enumerated() {
        separate(isFirst: offset == 0, depth: depth + 1)
        append(element, depth: depth + 1)
      }
      close(UInt8(ascii: "]"), depth: depth)
    case .object(let object): append(object, depth: depth)
    }
  }

  /// Appends an object.
  ///
  /// - Parameters:
  ///   - object: the object.
  ///   - depth: the nesting depth of the place it is written to; matters for indented text.
  public mutating func append(_ object: JSONObject, depth: Int = 0) {
    guard !object.isEmpty else { return append(literal: "{}") }
    bytes.append(UInt8(ascii: "{"))
    for (offset, member) in object.members.enumerated() {
      separate(isFirst: offset == 0, depth: depth + 1)
      append(member.key)
      bytes.append(UInt8(ascii: ":"))
      if style != .compact { bytes.append(UInt8(ascii: " ")) }
      append(member.value, depth: depth + 1)
    }
    close(UInt8(ascii: "}"), depth: depth)
  }

  private mutating func separate(isFirst: Bool, depth: Int) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    switch style {
    case .compact: break
    case .python: if !isFirst { bytes.append(UInt8(ascii: " ")) }
    case .indented(let width): appendLineBreak(width * depth)
    }
  }

  private mutating func close(_ bracket: UInt8, depth: Int) {
    if case .indented(let width) = style { appendLineBreak(width * depth) }
    bytes.append(bracket)
  }

  private mutating func appendLineBreak(_ spaces: Int) {
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<spaces { bytes.append(UInt8(ascii: " ")) }
  }

  /// Appends text that is JSON already.
  ///
  /// - Parameter literal: the text, taken as it is.
  public mutating func append(literal: String) {
    bytes.append(contentsOf: literal.utf8)
  }

  /// Appends a number in its shortest form that reads back as the same double.
  ///
  /// A whole number gets `.0`, so that it reads back as a floating-point number.
  ///
  /// - Parameter number: the number; `null` is written when it is not finite.
  public mutating func append(_ number: Double) {
    guard number.isFinite else { return append(literal: "null") }
    let start = bytes.count
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
      guard let address = buffer.baseAddress else { return }
      let length = unsafe csimdjson_write_double(number, address)
      unsafe bytes.append(contentsOf: buffer[..<length])
    }
    let isWhole = bytes[start...].allSatisfy {
      $0 == UInt8(ascii: "-") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
    }
    if isWhole { append(literal: ".0") }
  }

  private mutating func appendInteger(_ value: Int64) {
    append(literal: String(value))
  }

  /// Appends a string with its quotes and the escapes of Python's `json`.
  ///
  /// - Parameter string: the string.
  public mutating func append(_ string: String) {
    var string = string
    string.withUTF8 { unsafe append(utf8: $0) }
  }

  /// Appends a string given as UTF-8 bytes, with its quotes and the escapes of Python's `json`.
  ///
  /// - Parameter utf8: valid UTF-8.
  public mutating func append(utf8: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var runStart = 0
    var position = 0
    while position < utf8.count {
      if unsafe isPlainWord(utf8, at: position) {
        position += 8
        continue
      }
      let byte = unsafe utf8[position]
      let isPlain = byte >= 0x20 && byte != 0x22 && byte != 0x5C
      if isPlain && (byte < 0x80 || style != .python) {
        position += 1
        continue
      }
      unsafe bytes.append(contentsOf: utf8[runStart..<position])
      position += isPlain ? unsafe appendEscapedScalar(utf8, at: position) : appendEscape(byte)
      runStart = position
    }
    unsafe bytes.append(contentsOf: utf8[runStart...])
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether none of the eight bytes from `position` on needs an escape; `false` near the end.
  ///
  /// Source: S. E. Anderson, Bit Twiddling Hacks, "Determine if a word has a byte less than n" and
  /// "equal to n": the top bit of a byte tells, and ours may only err towards `false`.
  private func isPlainWord(_ utf8: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
    guard position + 8 <= utf8.count else { return false }
    let word = unsafe UnsafeRawBufferPointer(utf8).loadUnaligned(
      fromByteOffset: position, as: UInt64.self)
    let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let special =
      ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
      | ((backslashes &- ones) & ~backslashes)
    return (style == .python ? special | word : special) & tops == 0
  }

  private mutating func appendEscape(_ byte: UInt8) -> Int {
    switch byte {
    case 0x22: append(literal: "\\\"")
    case 0x5C: append(literal: "\\\\")
    case 0x0A: append(literal: "\\n")
    case 0x0D: append(literal: "\\r")
    case 0x09: append(literal: "\\t")
    case 0x08: append(literal: "\\b")
    case 0x0C: append(literal: "\\f")
    default: appendEscape(codeUnit: UInt16(byte))
    }
    return 1
  }

  /// Escapes the scalar that starts at `position` as UTF-16 code units; returns its UTF-8 length.
  private mutating func appendEscapedScalar(
    _ utf8: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> Int {
    let lead = unsafe utf8[position]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    let end = min(position + length, utf8.count)
    for unit in unsafe String(decoding: utf8[position..<end], as: UTF8.self).utf16 {
      appendEscape(codeUnit: unit)
    }
    return end - position
  }

  private mutating func appendEscape(codeUnit: UInt16) {
    let digits = Array("0123456789abcdef".utf8)
    append(literal: "\\u")
    for shift in [12, 8, 4, 0] { bytes.append(digits[Int(codeUnit >> UInt16(shift)) & 15]) }
  }
}

extension JSONValue {
  /// The value as text.
  ///
  /// - Parameter style: how the text looks.
  /// - Returns: JSON; numbers that are not finite are written as `null`.
  public func json(style: JSONWriter.Style = .compact) -> String {
    var writer = JSONWriter(style: style)
    writer.append(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension JSONObject {
  /// The object as compact text.
  ///
  /// - Parameter style: how the text looks.
  /// - Returns: JSON; numbers that are not finite are written as `null`.
  public func json(style: JSONWriter.Style = .compact) -> String {
    JSONValue.object(self).json(style: style)
  }
}
