extension String {
  /// The text without white space at both ends, as Python's `str.strip()`.
  ///
  /// Swift's own notion of white space lacks U+001C to U+001F.
  ///
  /// Source: CPython 3.11, `_PyUnicode_IsWhitespace`.
  func strippedAsInPython() -> String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !Self.isPythonWhiteSpace($0) }),
      let last = scalars.lastIndex(where: { !Self.isPythonWhiteSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  private static func isPythonWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }
}
