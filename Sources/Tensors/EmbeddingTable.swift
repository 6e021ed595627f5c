internal import CVectorKernels

/// Rows of numbers that are picked by their index and widened to 32-bit floats as they are read.
///
/// The rows of a file stay there, in the form in which they are stored, and are read when tokens ask
/// for them. They are not mapped: Linux maps whole large pages, so that a few thousand words of a
/// vocabulary would make all of it resident.
@safe public final class EmbeddingTable {
  /// How the numbers are stored.
  package enum Storage: Sendable {
    case float32
    case float16
    case bfloat16

    package var byteCount: Int { self == .float32 ? 4 : 2 }
  }

  private enum Source {
    case memory(AlignedMemory)
    case file(FileBytes)
  }

  /// The number of rows.
  public let rows: Int
  /// The length of a row.
  public let columns: Int
  let storage: Storage
  private let source: Source

  /// Takes over rows of a file.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the length of a row.
  ///   - storage: how the numbers are stored.
  ///   - bytes: exactly the rows.
  package init(rows: Int, columns: Int, storage: Storage, bytes: FileBytes) {
    precondition(
      rows >= 0 && columns >= 0 && bytes.byteCount == rows * columns * storage.byteCount,
      "\(bytes.byteCount) bytes for a table of \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
    source = .file(bytes)
  }

  /// A table of a matrix's rows, which are shared.
  ///
  /// - Parameter tensor: `[rows, columns]`.
  public init(_ tensor: Tensor) {
    precondition(tensor.shape.count == 2, "a table of shape \(tensor.shape)")
    rows = tensor.shape[0]
    columns = tensor.shape[1]
    storage = .float32
    source = .memory(tensor.memory)
  }

  /// Widens a row.
  func read(
    row: Int, into target: UnsafeMutablePointer<Float>
  ) throws(TableReadError) {
    let size = columns * storage.byteCount
    switch (source, storage) {
    case (.memory(let memory), _):
      unsafe UnsafeMutableRawPointer(target)
        .copyMemory(from: memory.base + row * size, byteCount: size)
    case (.file(let bytes), .float32):
      try unsafe bytes.read(from: row * size, count: size, into: target)
    case (.file(let bytes), _):
      try unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: columns) {
        (stored) throws(TableReadError) in
        guard let base = stored.baseAddress else { return }
        try unsafe bytes.read(from: row * size, count: size, into: base)
        if storage == .float16 {
          unsafe cvk_from_float16(target, base, columns)
        } else {
          unsafe cvk_from_bfloat16(target, 0, base, 0, 1, columns)
        }
      }
    }
  }
}

// Only read.
extension EmbeddingTable: @unchecked Sendable {}
