internal import COneDNN
internal import COpenBLAS

extension Compute {
  /// One general product: result = alpha * left * right + beta * result.
  public struct Product: Sendable {
    /// The left side.
    public var left: Matrix
    /// Whether the left side is transposed.
    public var transposesLeft: Bool
    /// The right side.
    public var right: Matrix
    /// Whether the right side is transposed.
    public var transposesRight: Bool
    /// The result; must not overlap the operands.
    public var result: Matrix
    /// The factor of the product.
    public var alpha: Float
    /// The factor of what the result holds before; at 0 that is not read.
    public var beta: Float

    /// Describes a product.
    ///
    /// - Parameters:
    ///   - left: the left side, `[m, k]`, or `[k, m]` when transposed.
    ///   - transposesLeft: whether the left side is transposed.
    ///   - right: the right side, `[k, n]`, or `[n, k]` when transposed.
    ///   - transposesRight: whether the right side is transposed.
    ///   - result: `[m, n]`.
    ///   - alpha: the factor of the product.
    ///   - beta: the factor of what the result holds before.
    public init(
      _ left: Matrix, transposesLeft: Bool = false, _ right: Matrix, transposesRight: Bool = false,
      into result: Matrix, alpha: Float = 1, beta: Float = 0
    ) {
      self.left = left
      self.transposesLeft = transposesLeft
      self.right = right
      self.transposesRight = transposesRight
      self.result = result
      self.alpha = alpha
      self.beta = beta
      precondition(
        depth == (transposesRight ? right.columns : right.rows)
          && result.rows == (transposesLeft ? left.columns : left.rows)
          && result.columns == (transposesRight ? right.rows : right.columns),
        """
        a product of \(left.shapeText)\(transposesLeft ? " transposed" : "") and \
        \(right.shapeText)\(transposesRight ? " transposed" : "") into \(result.shapeText)
        """)
    }

    /// The length of the sums.
    public var depth: Int { transposesLeft ? left.rows : left.columns }

    /// Computes the product on the calling thread.
    ///
    /// Of 10 shapes between 8 and 2048 rows oneDNN is faster than OpenBLAS in all but one, by a tenth
    /// for many rows and by 1.5 to 4 times for few.
    func run(with library: Backend.Library) {
      let (rows, columns) = (result.rows, result.columns)
      guard rows > 0, columns > 0 else { return }
      switch library {
      // oneDNN leaves the result alone when there is nothing to sum; it must still be scaled.
      case .oneDNN where depth > 0:
        let status = unsafe dnnl_sgemm(
          Self.letter(transposesLeft), Self.letter(transposesRight), dnnl_dim_t(rows),
          dnnl_dim_t(columns), dnnl_dim_t(depth), alpha, left.pointer,
          dnnl_dim_t(max(left.rowStride, 1)), right.pointer, dnnl_dim_t(max(right.rowStride, 1)),
          beta, result.pointer, dnnl_dim_t(max(result.rowStride, 1)))
        precondition(status == dnnl_success, "oneDNN failed with status \(status.rawValue)")
      default:
        unsafe cblas_sgemm(
          CblasRowMajor, transposesLeft ? CblasTrans : CblasNoTrans,
          transposesRight ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(depth),
          alpha, left.pointer, Int32(max(left.rowStride, 1)), right.pointer,
          Int32(max(right.rowStride, 1)), beta, result.pointer, Int32(max(result.rowStride, 1)))
      }
    }

    private static func letter(_ transposes: Bool) -> CChar {
      CChar(bitPattern: UInt8(ascii: transposes ? "T" : "N"))
    }

    /// The part of the product that gives some rows and columns of the result.
    func part(rows: Range<Int>, columns: Range<Int>) -> Product {
      Product(
        transposesLeft ? left.columns(rows) : left.rows(rows), transposesLeft: transposesLeft,
        transposesRight ? right.rows(columns) : right.columns(columns),
        transposesRight: transposesRight, into: result.rows(rows).columns(columns), alpha: alpha,
        beta: beta)
    }
  }

  /// Computes one product on all workers.
  ///
  /// - Parameters:
  ///   - left: the left side, `[m, k]`, or `[k, m]` when transposed.
  ///   - transposesLeft: whether the left side is transposed.
  ///   - right: the right side, `[k, n]`, or `[n, k]` when transposed.
  ///   - transposesRight: whether the right side is transposed.
  ///   - result: `[m, n]`; must not overlap the operands.
  ///   - alpha: the factor of the product.
  ///   - beta: the factor of what the result holds before; at 0 that is not read.
  public func multiply(
    _ left: Matrix, transposesLeft: Bool = false, _ right: Matrix, transposesRight: Bool = false,
    into result: Matrix, alpha: Float = 1, beta: Float = 0
  ) {
    let product = Product(
      left, transposesLeft: transposesLeft, right, transposesRight: transposesRight, into: result,
      alpha: alpha, beta: beta)
    guard result.rows > 0, result.columns > 0 else { return }
    let library = backend.library
    // Fewer operations than this end before another thread has begun.
    if pool.count == 1 || result.rows * result.columns * product.depth < 1 << 16 {
      pool.run(jobs: 1) { _, _ in product.run(with: library) }
    } else if result.rows >= result.columns {
      let size = Self.share(of: result.rows, workers: pool.count)
      pool.run(jobs: (result.rows + size - 1) / size) { job, _ in
        product.part(
          rows: job * size..<min(result.rows, (job + 1) * size), columns: 0..<result.columns
        ).run(with: library)
      }
    } else {
      let size = Self.share(of: result.columns, workers: pool.count)
      pool.run(jobs: (result.columns + size - 1) / size) { job, _ in
        product.part(
          rows: 0..<result.rows, columns: job * size..<min(result.columns, (job + 1) * size)
        ).run(with: library)
      }
    }
  }

  /// Computes independent products, such as those of attention heads, one worker each.
  ///
  /// - Parameter products: the products; no result overlaps another one's operands or result.
  public func multiply(_ products: [Product]) {
    let library = backend.library
    pool.run(jobs: products.count) { job, _ in products[job].run(with: library) }
  }

  /// Rows or columns for one job: two for each worker, in whole vectors.
  private static func share(of length: Int, workers: Int) -> Int {
    let share = (length + 2 * workers - 1) / (2 * workers)
    return max(16, (share + 15) & ~15)
  }
}
