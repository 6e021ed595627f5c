internal import Glibc

/// Memory aligned to 64 bytes, filled with zeros, released with the last reference.
@safe package final class AlignedMemory {
  /// The alignment in bytes: a cache line, and the widest vector register.
  package static let alignment = 64

  package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  private let isMapped: Bool

  /// Allocates zeros.
  ///
  /// - Parameter byteCount: the size; the memory can be read to the next multiple of 64.
  package init(byteCount: Int) {
    precondition(byteCount >= 0, "cannot allocate \(byteCount) bytes")
    let (rounded, overflow) = byteCount.addingReportingOverflow(Self.alignment)
    precondition(!overflow, "cannot allocate \(byteCount) bytes")
    let size = rounded & ~(Self.alignment - 1)
    self.byteCount = byteCount
    // Large blocks: the kernel's zero pages cost nothing until written, and huge pages save
    // address translation in matrix products.
    if size >= 4 << 20 {
      let mapped = unsafe mmap(
        nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      if let mapped = unsafe mapped, unsafe mapped != MAP_FAILED {
        unsafe base = mapped
        isMapped = true
        unsafe madvise(mapped, size, MADV_HUGEPAGE)
        return
      }
    }
    isMapped = false
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: Self.alignment)
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
  }

  deinit {
    if isMapped {
      unsafe munmap(base, (byteCount + Self.alignment) & ~(Self.alignment - 1))
    } else {
      unsafe base.deallocate()
    }
  }
}

// The address and size never change. Who may write when is said by the types that lend the memory.
extension AlignedMemory: @unchecked Sendable {}
