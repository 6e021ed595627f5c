/// Rows of numbers that are picked by their index and widened to 32-bit floats as they are read.
///
/// The table stays as it is stored, so that a mapped file of half-precision numbers is neither
/// widened nor read where no token asks for it.
@safe public final class EmbeddingTable {
  /// How the numbers are stored.
  package enum Storage: Sendable {
    case float32
    case float16
    case bfloat16

    package var byteCount: Int { self == .float32 ? 4 : 2 }
  }

  /// The number of rows.
  public let rows: Int
  /// The length of a row.
  public let columns: Int
  let storage: Storage
  let memory: AlignedMemory

  /// Takes over stored rows.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the length of a row.
  ///   - storage: how the numbers are stored.
  ///   - memory: exactly the rows, aligned to a number.
  package init(rows: Int, columns: Int, storage: Storage, memory: AlignedMemory) {
    precondition(
      rows >= 0 && columns >= 0 && memory.byteCount == rows * columns * storage.byteCount,
      "\(memory.byteCount) bytes for a table of \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
    self.memory = memory
  }

  /// A table of a matrix's rows, which are shared.
  ///
  /// - Parameter tensor: `[rows, columns]`.
  public convenience init(_ tensor: Tensor) {
    precondition(tensor.shape.count == 2, "a table of shape \(tensor.shape)")
    self.init(
      rows: tensor.shape[0], columns: tensor.shape[1], storage: .float32, memory: tensor.memory)
  }

  func start(_ row: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(memory.base + row * columns * storage.byteCount)
  }
}

// Only read.
extension EmbeddingTable: @unchecked Sendable {}
