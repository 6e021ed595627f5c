/// A number in decimal digits, as people type it: `-1`, `0.5`, `1e-3`, `.5`.
///
/// Swift's own initialisers also take `nan`, `inf` and hexadecimal digits, which are typing errors
/// on a command line.
struct DecimalNumber {
  let value: Double

  init?(_ text: String) {
    let isDecimal = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || [
          UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
          UInt8(ascii: "E"),
        ].contains(byte)
    }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    self.value = value
  }
}
