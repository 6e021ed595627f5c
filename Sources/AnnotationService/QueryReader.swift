internal import HTTPServer

/// Reads the query of a request.
struct QueryReader {
  let fields: [HTTPServerRequest.Field]

  /// A whole number; `nil` when it is not there.
  func integer(
    _ name: String, in range: ClosedRange<Int64>
  ) throws(ServiceRefusal) -> Int64? {
    let values = fields.filter { $0.name.utf8.elementsEqual(name.utf8) }
    guard let value = values.first?.value else { return nil }
    guard values.count == 1, let number = Self.number(value), range.contains(number) else {
      throw .wrongField(name, expected: FieldReader.description(of: range))
    }
    return number
  }

  /// A row's number; `nil` when it is not there.
  func row(_ name: String) throws(ServiceRefusal) -> Int64? {
    try integer(name, in: 1...Int64.max)
  }

  /// Decimal digits without a sign, as a number.
  static func number(_ text: String) -> Int64? {
    let isDigits = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    return isDigits && text.utf8.count <= 19 ? Int64(text) : nil
  }
}
