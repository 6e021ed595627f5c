/// Growing memory for bytes that is used again for the next text.
@safe struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// The number of bytes.
  private(set) var count = 0

  /// An empty buffer.
  init(capacity: Int = 256) {
    unsafe base = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  /// The bytes, valid until the next change.
  var view: ByteView {
    unsafe ByteView(base: UnsafePointer(base), count: count)
  }

  /// Forgets the bytes and keeps the memory.
  mutating func removeAll() { count = 0 }

  /// Keeps the first bytes only.
  mutating func truncate(to count: Int) {
    assert(count <= self.count)
    self.count = count
  }

  /// Appends a byte.
  @inline(__always) mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    unsafe base[count] = byte
    count += 1
  }

  /// Appends bytes; they may be this buffer's own only when there is room for them.
  @inline(__always) mutating func append(_ bytes: ByteView) {
    if count + bytes.count > capacity { grow(by: bytes.count) }
    unsafe (base + count).update(from: bytes.base, count: bytes.count)
    count += bytes.count
  }

  /// Appends bytes.
  mutating func append(_ bytes: [UInt8]) {
    bytes.withView { append($0) }
  }

  /// Appends the UTF-8 of a scalar value.
  @inline(__always) mutating func append(scalar: UInt32) {
    if count + 4 > capacity { grow(by: 4) }
    if scalar < 0x80 {
      unsafe base[count] = UInt8(truncatingIfNeeded: scalar)
      count += 1
    } else if scalar < 0x800 {
      unsafe base[count] = 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
      unsafe base[count + 1] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
      count += 2
    } else if scalar < 0x10000 {
      unsafe base[count] = 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
      unsafe base[count + 1] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F)
      unsafe base[count + 2] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
      count += 3
    } else {
      unsafe base[count] = 0xF0 | UInt8(truncatingIfNeeded: scalar >> 18)
      unsafe base[count + 1] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F)
      unsafe base[count + 2] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F)
      unsafe base[count + 3] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
      count += 4
    }
  }

  private mutating func grow(by extra: Int) {
    let newCapacity = Swift.max(capacity * 2, count + extra)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    unsafe larger.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = larger
    capacity = newCapacity
  }
}
