/// Bytes that someone else keeps alive: valid only inside the call that lends them.
///
/// Nearly all bytes of a tokenizer pass through here, so bounds are checked in debug builds only.
@safe struct ByteView {
  /// The address of the first byte.
  let base: UnsafePointer<UInt8>
  /// The number of bytes.
  let count: Int

  /// A view of lent memory.
  init(base: UnsafePointer<UInt8>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// Whether there are no bytes.
  var isEmpty: Bool { count == 0 }

  /// The byte at a place.
  @inline(__always) subscript(index: Int) -> UInt8 {
    assert(index >= 0 && index < count, "byte \(index) of \(count)")
    return unsafe base[index]
  }

  /// The view of a range.
  @inline(__always) subscript(range: Range<Int>) -> ByteView {
    assert(range.lowerBound >= 0 && range.upperBound <= count, "bytes \(range) of \(count)")
    return unsafe ByteView(base: base + range.lowerBound, count: range.count)
  }

  /// The same bytes for those who take a buffer.
  var buffer: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: base, count: count)
  }

  /// A copy of the bytes.
  var array: [UInt8] { unsafe Array(buffer) }

  /// Eight bytes from a place on, as they lie in memory; they must all exist.
  @inline(__always) func word(at index: Int) -> UInt64 {
    assert(index >= 0 && index + 8 <= count, "bytes \(index)..<\(index + 8) of \(count)")
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
  }

  /// Whether all bytes are below 0x80.
  var isASCII: Bool {
    var index = 0
    while index + 8 <= count {
      if word(at: index) & 0x8080_8080_8080_8080 != 0 { return false }
      index += 8
    }
    while index < count {
      if self[index] >= 0x80 { return false }
      index += 1
    }
    return true
  }

  /// Whether the bytes from a place on begin with others.
  @inline(__always) func hasBytes(_ other: [UInt8], at index: Int) -> Bool {
    guard index + other.count <= count else { return false }
    for offset in 0..<other.count where self[index + offset] != other[offset] { return false }
    return true
  }

  /// Whether the bytes equal others.
  @inline(__always) func equals(_ other: ByteView) -> Bool {
    guard count == other.count else { return false }
    var index = 0
    while index + 8 <= count {
      if word(at: index) != other.word(at: index) { return false }
      index += 8
    }
    while index < count {
      if self[index] != other[index] { return false }
      index += 1
    }
    return true
  }

  /// A hash of the bytes.
  ///
  /// Source: the multiply-and-fold step of wyhash (Wang Yi, public domain), eight bytes at a time.
  @inline(__always) var hash: UInt64 {
    var state = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index + 8 <= count {
      state = Self.fold(state ^ word(at: index))
      index += 8
    }
    if index < count {
      var rest: UInt64 = 0
      while index < count {
        rest = rest << 8 | UInt64(self[index])
        index += 1
      }
      state = Self.fold(state ^ rest ^ 0xA076_1D64_78BD_642F)
    }
    return state
  }

  @inline(__always) private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}

extension Array where Element == UInt8 {
  /// Lends the bytes as a view.
  @inline(__always) func withView<Result>(_ body: (ByteView) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBufferPointer { try unsafe $0.withView(body) }
  }
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// Lends the bytes as a view, also when there are none and so no address.
  @inline(__always) func withView<Result>(_ body: (ByteView) throws -> Result) rethrows -> Result {
    if let base = baseAddress { return try body(unsafe ByteView(base: base, count: count)) }
    var nothing: UInt8 = 0
    return try unsafe withUnsafePointer(to: &nothing) {
      try body(unsafe ByteView(base: $0, count: 0))
    }
  }
}
