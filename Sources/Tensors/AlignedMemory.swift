internal import Glibc

/// Memory aligned to 64 bytes, filled with zeros, or a part of a mapped file, which may begin
/// anywhere; released with the last reference.
@safe package final class AlignedMemory {
  /// The alignment in bytes: a cache line, and the widest vector register.
  package static let alignment = 64

  package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  /// What is unmapped in the end, when that is how the memory came.
  private let mapping: UnsafeMutableRawBufferPointer?

  /// Allocates zeros.
  ///
  /// - Parameter byteCount: the size.
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
        unsafe mapping = UnsafeMutableRawBufferPointer(start: mapped, count: size)
        unsafe madvise(mapped, size, MADV_HUGEPAGE)
        return
      }
    }
    unsafe mapping = nil
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: Self.alignment)
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
  }

  /// Takes over mapped pages.
  ///
  /// - Parameters:
  ///   - start: the first page.
  ///   - length: the bytes mapped.
  ///   - offset: where the memory begins in them.
  package init(mapping start: UnsafeMutableRawPointer, length: Int, offset: Int) {
    precondition(offset >= 0 && offset <= length)
    unsafe mapping = UnsafeMutableRawBufferPointer(start: start, count: length)
    unsafe base = start + offset
    byteCount = length - offset
  }

  deinit {
    if let mapping = unsafe mapping {
      unsafe munmap(mapping.baseAddress, mapping.count)
    } else {
      unsafe base.deallocate()
    }
  }
}

// The address and size never change. Who may write when is said by the types that lend the memory.
extension AlignedMemory: @unchecked Sendable {}
