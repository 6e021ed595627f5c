import JSON
import RandomNumbers
import Testing

/// What a string looks like, scalar by scalar.
private func escaped(_ text: String, isPython: Bool) -> String {
  let named: [Unicode.Scalar: String] = [
    "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b",
    "\u{c}": "\\f",
  ]
  var result = "\""
  for scalar in text.unicodeScalars {
    if let name = named[scalar] {
      result += name
    } else if scalar.value < 0x20 || (isPython && scalar.value > 0x7F) {
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

@Test func escapesWhatNeedsItAtEveryPlace() {
  var numbers = SplitMix64(seed: 12)
  let special: [Unicode.Scalar] = ["\"", "\\", "\n", "\u{0}", "\u{1f}", "\u{7f}", "é", "中", "😀"]
  for length in 0..<40 {
    for _ in 0..<50 {
      var text = String.UnicodeScalarView()
      for _ in 0..<length {
        let isSpecial = Int.random(in: 0..<8, using: &numbers) == 0
        text.append(
          isSpecial
            ? special[Int.random(in: 0..<special.count, using: &numbers)]
            : Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &numbers)))
      }
      let value = String(text)
      #expect(JSONValue.string(value).json() == escaped(value, isPython: false))
      #expect(JSONValue.string(value).json(style: .python) == escaped(value, isPython: true))
    }
  }
}
