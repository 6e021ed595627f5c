/// Lower-casing by the rules of Python's `str.lower()`.
///
/// Source: CPython 3.11, `do_lower`: the full case mapping of each scalar; a capital sigma becomes a
/// final one after a cased letter when no cased letter follows, case-ignorable scalars skipped.
/// The Unicode tables are the Swift runtime's, newer than Python 3.11's version 14.
enum PythonLowercase {
  /// The text in lower case.
  static func lowercase(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if scalar.isASCII {
        let isCapital = ("A"..."Z").contains(scalar)
        result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
      } else if scalar == "\u{3A3}" {
        result.append(isFinalSigma(scalars, at: index) ? "\u{3C2}" : "\u{3C3}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  private static func isFinalSigma(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }
}
