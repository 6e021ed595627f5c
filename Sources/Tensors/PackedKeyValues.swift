internal import CVectorKernels

/// The keys and values of one sequence, packed once for the queries of many steps.
@safe public final class PackedKeyValues: Sendable {
  /// The number of keys.
  public let count: Int
  /// The number of heads.
  public let heads: Int
  /// The length of a head's keys.
  public let headSize: Int
  /// How the numbers are stored: `.float32` or `.bfloat16`.
  public let precision: Precision
  private let layout: HeadLayout
  private let memory: AlignedMemory

  private init(count: Int, heads: Int, headSize: Int, precision: Precision) {
    self.count = count
    self.heads = heads
    self.headSize = headSize
    self.precision = precision
    layout = HeadLayout(keys: count, size: headSize, isBFloat16: precision == .bfloat16)
    memory = AlignedMemory(byteCount: heads * (layout.keyByteCount + layout.valueByteCount))
  }

  /// Packs keys and values of several sequences.
  ///
  /// - Parameters:
  ///   - keys: `[tokens, heads * headSize]`.
  ///   - values: `[tokens, heads * headSize]`.
  ///   - sequences: the tokens of each sequence.
  ///   - heads: the number of heads.
  ///   - precision: below float32 bfloat16 numbers are stored where the processor has them.
  ///   - compute: where they will be used.
  /// - Returns: one object for each sequence.
  public static func pack(
    keys: Matrix, values: Matrix, sequences: [Range<Int>], heads: Int, precision: Precision,
    for compute: Compute
  ) -> [PackedKeyValues] {
    Compute.check(keys, values, "keys and values")
    precondition(
      heads > 0 && keys.columns % heads == 0, "\(keys.columns) columns for \(heads) heads")
    let size = keys.columns / heads
    let stored: Precision = compute.usesBFloat16(precision) ? .bfloat16 : .float32
    let packed = sequences.map {
      PackedKeyValues(count: $0.count, heads: heads, headSize: size, precision: stored)
    }
    compute.pool.run(jobs: packed.count * heads) { job, _ in
      let (sequence, head) = job.quotientAndRemainder(dividingBy: heads)
      let columns = head * size..<(head + 1) * size
      let rows = sequences[sequence]
      packed[sequence].fill(
        head: head, keys: keys.rows(rows).columns(columns),
        values: values.rows(rows).columns(columns))
    }
    return packed
  }

  private func fill(head: Int, keys: Matrix, values: Matrix) {
    let kind: Int32 = precision == .bfloat16 ? 1 : 0
    unsafe cvk_pack_rows(
      self.keys(head: head), keys.pointer, keys.rowStride, count, headSize, kind)
    unsafe cvk_pack_columns(
      self.values(head: head), values.pointer, values.rowStride, count, headSize, kind)
  }

  /// The memory of the packed numbers, in bytes.
  public var byteCount: Int { memory.byteCount }

  private func keys(head: Int) -> UnsafeMutableRawPointer {
    unsafe memory.base + head * (layout.keyByteCount + layout.valueByteCount)
  }

  private func values(head: Int) -> UnsafeMutableRawPointer {
    unsafe keys(head: head) + layout.keyByteCount
  }

  /// Attention of some queries of one head to all keys, on the calling thread.
  ///
  /// - Parameters:
  ///   - queries: `[rows, headSize]`, at most ``AttentionOperation/widestBlock`` rows.
  ///   - head: the head.
  ///   - scale: the factor of the products.
  ///   - scratch: as large as `cvk_attention_scratch` says.
  ///   - output: `[rows, headSize]`; may be the queries themselves.
  func attend(
    _ queries: Matrix, head: Int, scale: Float, scratch: AlignedMemory, into output: Matrix
  ) {
    guard count > 0, queries.rows > 0 else {
      output.fill(0)
      return
    }
    var attention = unsafe cvk_attention()
    unsafe attention.is_bfloat16 = precision == .bfloat16 ? 1 : 0
    unsafe attention.rows = queries.rows
    unsafe attention.keys = count
    unsafe attention.size = headSize
    unsafe attention.queries = UnsafePointer(queries.pointer)
    unsafe attention.query_stride = queries.rowStride
    unsafe attention.packed_keys = UnsafeRawPointer(keys(head: head))
    unsafe attention.packed_values = UnsafeRawPointer(values(head: head))
    unsafe attention.scale = scale
    unsafe attention.visible = count
    unsafe attention.output = output.pointer
    unsafe attention.output_stride = output.rowStride
    unsafe cvk_attend(&attention, scratch.base)
  }
}
