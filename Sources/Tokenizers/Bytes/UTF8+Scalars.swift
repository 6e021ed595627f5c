extension ByteView {
  /// The scalar value that starts at a place of valid UTF-8, and its number of bytes.
  @inline(__always) func scalar(at index: Int) -> (value: UInt32, length: Int) {
    let first = self[index]
    if first < 0x80 { return (UInt32(first), 1) }
    if first < 0xE0 {
      return (UInt32(first & 0x1F) << 6 | UInt32(self[index + 1] & 0x3F), 2)
    }
    if first < 0xF0 {
      let high = UInt32(first & 0x0F) << 12 | UInt32(self[index + 1] & 0x3F) << 6
      return (high | UInt32(self[index + 2] & 0x3F), 3)
    }
    let high = UInt32(first & 0x07) << 18 | UInt32(self[index + 1] & 0x3F) << 12
    return (high | UInt32(self[index + 2] & 0x3F) << 6 | UInt32(self[index + 3] & 0x3F), 4)
  }

  /// The scalar value that ends before a place of valid UTF-8, and where it starts.
  @inline(__always) func scalar(before index: Int) -> (value: UInt32, start: Int) {
    var start = index - 1
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return (scalar(at: start).value, start)
  }

  /// The number of bytes of the scalar value that starts with a byte.
  @inline(__always) static func length(startingWith first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }

  /// The number of scalar values.
  var scalarCount: Int {
    var result = 0
    for index in 0..<count where self[index] & 0xC0 != 0x80 { result += 1 }
    return result
  }
}
