internal import Glibc
internal import JSON

/// A window on the text of a file: bytes are appended at its end and dropped at its start.
///
/// ``JSONParser/padding`` bytes after the last one can always be read.
@safe final class RecordBuffer {
  private static let initialCapacity = 512 * 1024
  /// Less room than this is not worth a read.
  private static let smallestRead = 64 * 1024

  let input: ByteInput
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity = RecordBuffer.initialCapacity
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  /// An empty window at the start of a text.
  ///
  /// - Parameter input: the text.
  init(_ input: ByteInput) {
    self.input = input
    unsafe memory = Self.allocate(capacity)
  }

  deinit { unsafe memory.deallocate() }

  /// The number of bytes in the window.
  var count: Int { end - start }

  /// The first byte of the window; valid until the next call of ``fill()``.
  var bytes: UnsafePointer<UInt8> { unsafe UnsafePointer(memory + start) }

  /// The byte at an offset from the window's start.
  @inline(__always)
  subscript(offset: Int) -> UInt8 { unsafe memory[start + offset] }

  /// Removes bytes from the start of the window.
  func drop(_ count: Int) {
    precondition(count <= end - start, "dropping \(count) of \(end - start) bytes")
    start += count
  }

  /// The offset of the first line feed at `offset` or after it.
  func lineFeed(from offset: Int) -> Int? {
    guard offset < count else { return nil }
    let found = unsafe memchr(memory + start + offset, 0x0A, count - offset)
    return unsafe found.map { unsafe UnsafeRawPointer($0) - UnsafeRawPointer(memory + start) }
  }

  /// Appends some more of the text to the window.
  ///
  /// - Returns: whether there was more.
  /// - Throws: the errors of the input.
  func fill() throws(RecordFileError) -> Bool {
    if isAtEnd { return false }
    makeRoom()
    let space = unsafe UnsafeMutableRawBufferPointer(start: memory + end, count: capacity - end)
    let count = try unsafe input.read(into: space)
    end += count
    isAtEnd = count == 0
    return count > 0
  }

  private func makeRoom() {
    if capacity - end >= Self.smallestRead { return }
    if start > 0 {
      unsafe memory.update(from: memory + start, count: count)
      end -= start
      start = 0
    }
    if capacity - end >= Self.smallestRead { return }
    let larger = unsafe Self.allocate(capacity * 2)
    unsafe larger.update(from: memory, count: end)
    unsafe memory.deallocate()
    unsafe memory = larger
    capacity *= 2
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
    let size = capacity + JSONParser.padding
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
    // The padding is read, never interpreted, but must not be uninitialised memory.
    unsafe memory.initialize(repeating: 0, count: size)
    return unsafe memory
  }
}
