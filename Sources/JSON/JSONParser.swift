internal import CSIMDJSON

/// Parses JSON texts one after another with simdjson; memory is reused from text to text.
///
/// A parser belongs to one thread at a time. Parsed elements are lent to a closure and must not
/// leave it: take `JSONElement.value` to keep something.
///
/// Strict RFC 8259: no `NaN`, no comments, UTF-8 only, surrogates in pairs, numbers within 64 bits.
///
/// Source: simdjson 3.0 (Langdale and Lemire, VLDB Journal 28, 2019), document object model.
@safe public final class JSONParser {
  /// Bytes that must be readable after the end of a text given to ``parse(padded:_:)``.
  public static let padding = Int(csimdjson_padding)

  private let handle: OpaquePointer
  private var scratch: [UInt8] = []

  /// A parser with no memory of its own yet.
  public init() {
    guard let handle = unsafe csimdjson_parser_create() else {
      preconditionFailure("out of memory while making a JSON parser")
    }
    unsafe self.handle = handle
  }

  deinit { unsafe csimdjson_parser_release(handle) }

  /// Parses a text and lends its root element.
  ///
  /// - Parameters:
  ///   - text: the bytes of one JSON text.
  ///   - body: receives the root; the element is valid only inside.
  /// - Returns: what `body` returns.
  /// - Throws: ``JSONError/malformed(reason:)``, or what `body` throws.
  public func parse<Result>(
    _ text: some Collection<UInt8>, _ body: (JSONElement) throws -> Result
  ) throws -> Result {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: text)
    let length = scratch.count
    scratch.append(contentsOf: repeatElement(0x20, count: Self.padding))
    return try unsafe scratch.withUnsafeBufferPointer { bytes in
      try unsafe parse(padded: UnsafeBufferPointer(rebasing: bytes[..<length]), body)
    }
  }

  /// Parses a text that is followed by ``padding`` readable bytes, without a copy.
  ///
  /// - Parameters:
  ///   - text: the bytes of one JSON text.
  ///   - body: receives the root; the element is valid only inside.
  /// - Returns: what `body` returns.
  /// - Throws: ``JSONError/malformed(reason:)``, or what `body` throws.
  @unsafe public func parse<Result>(
    padded text: UnsafeBufferPointer<UInt8>, _ body: (JSONElement) throws -> Result
  ) throws -> Result {
    guard let start = text.baseAddress, !text.isEmpty else {
      throw JSONError.malformed(reason: "the text is empty")
    }
    var document = unsafe csimdjson_document()
    if let message = unsafe csimdjson_parse(handle, start, text.count, &document) {
      throw JSONError.malformed(reason: unsafe Self.sentence(String(cString: message)))
    }
    // Tape slot 0 is the root mark; the root value begins at slot 1.
    return try body(
      unsafe JSONElement(tape: document.tape, strings: document.strings, index: 1))
  }

  /// Parses a text into a value.
  ///
  /// - Parameter text: the bytes of one JSON text.
  /// - Returns: the value.
  /// - Throws: ``JSONError/malformed(reason:)``.
  public func value(of text: some Collection<UInt8>) throws -> JSONValue {
    try parse(text) { $0.value }
  }

  // simdjson's messages end in advice for C++ programmers and in full stops; the first clause of
  // the common ones says what a person with a broken file needs.
  private static func sentence(_ message: String) -> String {
    switch message {
    case let text where text.hasPrefix("TAPE_ERROR"):
      "something is missing or misplaced (a comma, a colon, a bracket or a closing quote)"
    case let text where text.hasPrefix("UTF8_ERROR"): "the bytes are not valid UTF-8"
    case let text where text.hasPrefix("NUMBER_ERROR"):
      "a number is malformed or does not fit in 64 bits"
    case let text where text.hasPrefix("STRING_ERROR"): "a string holds a wrong escape"
    case let text where text.hasPrefix("UNESCAPED_CHARS"):
      "a string holds an unescaped control character"
    case let text where text.hasPrefix("UNCLOSED_STRING"): "a string is not closed"
    case let text where text.hasPrefix("EMPTY"): "the text is empty"
    case let text where text.hasPrefix("DEPTH_ERROR"): "values are nested deeper than 1,024"
    default: message
    }
  }
}

extension JSONValue {
  /// Parses one JSON text; for many texts keep a ``JSONParser``.
  ///
  /// - Parameter json: the text.
  /// - Throws: ``JSONError/malformed(reason:)``.
  public init(json: String) throws {
    self = try JSONParser().value(of: json.utf8)
  }
}
