internal import COpenBLAS

/// Where a model computes: the threads, the memory between layers, and the compiled products.
///
/// Belongs to one caller at a time; several may share a ``ThreadPool`` and take turns. Operations
/// write to a matrix given as `into:`.
public final class Compute {
  /// The threads.
  public let pool: ThreadPool
  /// What multiplies matrices.
  public let backend: Backend
  /// The memory for values between layers.
  public let workspace: Workspace
  /// Where linear layers are packed.
  let weightMemory = WeightMemory()
  /// Whether linear layers of many rows are multiplied by oneDNN's compiled primitives rather than by
  /// this project's kernels: on processors with matrix units. Measured without them the kernels are 2
  /// to 8 % faster from 16 to 128 rows, and twice as fast for one row.
  var usesCompiledProducts: Bool
  /// One block for each worker, grown before a computation that needs more.
  private var scratch: [AlignedMemory] = []
  private var products: [ProductShape: OneDNNProduct] = [:]

  /// How many rows of the left side one job multiplies.
  package static let blockRows = 128
  /// For so few rows matrix units do not pay: the rate is that of the memory.
  static let fewRows = 8
  /// How many outputs of a linear layer are packed together: with the left side's rows they fit in
  /// the second-level cache.
  package static let panelColumns = 256
  /// How many compiled products are kept; a model of one width needs some dozens.
  static let productLimit = 512
  /// Element-wise work on fewer elements than this is not worth another thread.
  static let elementGrain = 8192

  /// Prepares to compute.
  ///
  /// - Parameters:
  ///   - pool: the threads.
  ///   - backend: what multiplies matrices; the best for this machine by default.
  public init(pool: ThreadPool, backend: Backend = .current) {
    self.pool = pool
    self.backend = backend
    workspace = Workspace()
    usesCompiledProducts = OneDNNEngine.hasMatrixUnits
    // Threads of BLAS's own would compete with the pool's.
    openblas_set_num_threads(1)
  }

  /// Scratch memory of at least `byteCount` bytes for each worker.
  func scratch(byteCount: Int) -> [AlignedMemory] {
    if scratch.isEmpty || scratch[0].byteCount < byteCount {
      let size = (byteCount + 0xffff) & ~0xffff
      scratch = (0..<pool.count).map { _ in AlignedMemory(byteCount: size) }
    }
    return scratch
  }

  /// The compiled product for a shape and a panel's layout of weights.
  func product(_ shape: ProductShape, for panel: PackedPanel) -> OneDNNProduct {
    if let product = products[shape] { return product }
    guard let product = OneDNNProduct(shape, weights: panel.layout, workers: pool.count)
    else { preconditionFailure("oneDNN cannot compile a product of \(shape)") }
    if products.count >= Self.productLimit { products.removeAll() }
    products[shape] = product
    return product
  }

  /// Runs `body` on ranges of rows of element-wise work.
  func forRows(
    _ rows: Int, columns: Int, _ body: @Sendable (_ rows: Range<Int>) -> Void
  ) {
    let grain = max(1, Self.elementGrain / max(columns, 1))
    if rows <= grain {
      if rows > 0 { body(0..<rows) }
    } else {
      pool.run(over: rows, grain: grain) { range, _ in body(range) }
    }
  }

  /// Stops the caller when two matrices that must have one shape do not.
  static func check(_ a: Matrix, _ b: Matrix, _ what: String) {
    precondition(
      a.rows == b.rows && a.columns == b.columns,
      "\(what): shapes \(a.shapeText) and \(b.shapeText) differ")
  }

  /// Stops the caller when a vector does not fit the columns.
  static func check(_ vector: Tensor?, columns: Int, _ what: String) {
    guard let vector else { return }
    precondition(vector.count == columns, "\(what): \(vector.count) values for \(columns) columns")
  }
}
