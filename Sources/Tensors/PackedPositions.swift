internal import CVectorKernels

/// Projected relative positions of all heads, packed for the kernels of attention.
@safe final class PackedPositions: Sendable {
  let heads: Int
  let isBFloat16: Bool
  private let memory: AlignedMemory
  private let headByteCount: Int

  init(_ table: Matrix, heads: Int, isBFloat16: Bool) {
    self.heads = heads
    self.isBFloat16 = isBFloat16
    let size = table.columns / heads
    let headByteCount = HeadLayout(keys: table.rows, size: size, isBFloat16: isBFloat16)
      .keyByteCount
    self.headByteCount = headByteCount
    memory = AlignedMemory(byteCount: heads * headByteCount)
    for head in 0..<heads {
      unsafe cvk_pack_rows(
        memory.base + head * headByteCount, table.pointer + head * size, table.rowStride,
        table.rows, size, isBFloat16 ? 1 : 0)
    }
  }

  func pointer(head: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(memory.base + head * headByteCount)
  }
}
