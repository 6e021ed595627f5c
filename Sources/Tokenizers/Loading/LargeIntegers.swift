/// Rewrites whole numbers that 64 bits do not hold as decimal fractions.
///
/// Python has no largest number, and transformers writes `model_max_length` as
/// 1000000000000000019884624838656 where a model has no limit.
enum LargeIntegers {
  /// The JSON text with `.0` behind every whole number of 19 digits or more.
  static func asFractions(_ json: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(json.count + 2)
    var digits = 0
    var isFraction = false
    var isInString = false
    var isEscaped = false
    for byte in json {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        result.append(byte)
        continue
      }
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
        UInt8(ascii: "-"):
        isFraction = isFraction || digits > 0
      default:
        if digits >= 19, !isFraction { result += Array(".0".utf8) }
        digits = 0
        isFraction = false
        isInString = byte == UInt8(ascii: "\"")
      }
      result.append(byte)
    }
    return result
  }
}
