/// Memory for the values between layers, given out again for every layer and every call.
///
/// A request moves a mark in one block; leaving ``scope(_:)`` moves it back. The first call with
/// longer inputs than before adds a block, and the next one has a single block of the whole size: a
/// forward pass that was done once allocates nothing.
public final class Workspace {
  private var blocks: [AlignedMemory] = []
  private var block = 0
  private var offset = 0
  private var used = 0
  private var peak = 0
  private var depth = 0

  /// Makes an empty workspace.
  public init() {}

  /// The memory held, in bytes.
  public var byteCount: Int { blocks.reduce(0) { $0 + $1.byteCount } }

  /// Runs `body`; the matrices it takes from the workspace are free again afterwards.
  ///
  /// A view that leaves the scope stays valid memory, but other values will be written to it.
  ///
  /// - Parameter body: may call ``matrix(rows:columns:)``, and this method again.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func scope<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let mark = (block, offset, used)
    depth += 1
    defer {
      (block, offset, used) = mark
      depth -= 1
      if depth == 0 { consolidate() }
    }
    return try body()
  }

  /// Takes a matrix with unspecified elements; to be called in a ``scope(_:)``.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  /// - Returns: a matrix whose rows are contiguous.
  public func matrix(rows: Int, columns: Int) -> Matrix {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) x \(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow, "a matrix of \(rows) x \(columns) is too large")
    let (memory, start) = unsafe take(byteCount: count * MemoryLayout<Float>.stride)
    return unsafe Matrix(
      memory: memory, pointer: start.assumingMemoryBound(to: Float.self), rows: rows,
      columns: columns, rowStride: columns)
  }

  /// Takes bytes aligned to 64.
  package func take(byteCount: Int) -> (memory: AlignedMemory, start: UnsafeMutableRawPointer) {
    precondition(depth > 0, "a workspace gives memory only in a scope")
    let size = (max(byteCount, 1) + 63) & ~63
    while block < blocks.count && offset + size > blocks[block].byteCount {
      block += 1
      offset = 0
    }
    if block == blocks.count {
      blocks.append(AlignedMemory(byteCount: max(size, 1 << 20)))
      offset = 0
    }
    let memory = blocks[block]
    let start = unsafe memory.base + offset
    offset += size
    used += size
    peak = max(peak, used)
    return unsafe (memory, start)
  }

  private func consolidate() {
    guard blocks.count > 1 else { return }
    blocks = []
    blocks.append(AlignedMemory(byteCount: (peak + (1 << 20) - 1) & ~((1 << 20) - 1)))
  }
}
