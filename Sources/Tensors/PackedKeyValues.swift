internal import CVectorKernels

/// The keys and values of one sequence for all layers, packed once for the queries of many steps.
///
/// They are read front to back in every step, and lie in one piece for that: in large pages.
@safe public final class PackedKeyValues: Sendable {
  /// The number of keys.
  public let count: Int
  /// The number of layers.
  public let layers: Int
  /// The number of heads.
  public let heads: Int
  /// The length of a head's keys.
  public let headSize: Int
  /// How the numbers are stored: `.float32` or `.bfloat16`.
  public let precision: Precision
  private let layout: HeadLayout
  /// `[layers, heads]` of packed keys and packed values.
  private let memory: AlignedMemory

  /// Takes memory for a sequence.
  ///
  /// - Parameters:
  ///   - count: the number of keys.
  ///   - layers: the number of layers.
  ///   - heads: the number of heads.
  ///   - headSize: the length of a head's keys.
  ///   - precision: below float32 bfloat16 numbers are stored where the processor has them.
  ///   - compute: where they will be used.
  public init(
    count: Int, layers: Int, heads: Int, headSize: Int, precision: Precision, for compute: Compute
  ) {
    precondition(
      count >= 0 && layers > 0 && heads > 0 && headSize > 0,
      "\(count) keys of \(layers) layers, \(heads) heads of \(headSize)")
    self.count = count
    self.layers = layers
    self.heads = heads
    self.headSize = headSize
    self.precision = compute.usesBFloat16(precision) ? .bfloat16 : .float32
    layout = HeadLayout(
      keys: count, size: headSize, isBFloat16: self.precision == .bfloat16)
    memory = AlignedMemory(
      byteCount: layers * heads * (layout.keyByteCount + layout.valueByteCount))
  }

  /// Packs keys and values of one layer for several sequences.
  ///
  /// - Parameters:
  ///   - keys: `[tokens, heads * headSize]`.
  ///   - values: `[tokens, heads * headSize]`.
  ///   - sequences: the tokens of each sequence.
  ///   - layer: the layer.
  ///   - targets: receive the keys and values, one object for each sequence.
  ///   - compute: where this is done.
  public static func pack(
    keys: Matrix, values: Matrix, sequences: [Range<Int>], layer: Int,
    into targets: [PackedKeyValues], on compute: Compute
  ) {
    Compute.check(keys, values, "keys and values")
    precondition(
      sequences.count == targets.count, "\(targets.count) targets for \(sequences.count) sequences")
    guard let heads = targets.first?.heads, let size = targets.first?.headSize else { return }
    for (range, target) in zip(sequences, targets) {
      precondition(
        target.count == range.count && target.heads == heads && target.headSize == size
          && keys.columns == heads * size && layer >= 0 && layer < target.layers,
        "\(keys.shapeText) keys \(range) for \(target.count) of \(target.heads) x \(target.headSize)"
      )
    }
    compute.pool.run(jobs: targets.count * heads) { job, _ in
      let (sequence, head) = job.quotientAndRemainder(dividingBy: heads)
      let columns = head * size..<(head + 1) * size
      let rows = sequences[sequence]
      targets[sequence].fill(
        layer: layer, head: head, keys: keys.rows(rows).columns(columns),
        values: values.rows(rows).columns(columns))
    }
  }

  private func fill(layer: Int, head: Int, keys: Matrix, values: Matrix) {
    let kind: Int32 = precision == .bfloat16 ? 1 : 0
    unsafe cvk_pack_rows(
      self.keys(layer, head), keys.pointer, keys.rowStride, count, headSize, kind)
    unsafe cvk_pack_columns(
      self.values(layer, head), values.pointer, values.rowStride, count, headSize, kind)
  }

  /// The memory of the packed numbers, in bytes.
  public var byteCount: Int { memory.byteCount }

  private func keys(_ layer: Int, _ head: Int) -> UnsafeMutableRawPointer {
    unsafe memory.base
      + (layer * heads + head) * (layout.keyByteCount + layout.valueByteCount)
  }

  private func values(_ layer: Int, _ head: Int) -> UnsafeMutableRawPointer {
    unsafe keys(layer, head) + layout.keyByteCount
  }

  /// Attention of some queries of one head to all keys, on the calling thread.
  ///
  /// - Parameters:
  ///   - queries: `[rows, headSize]`, at most ``AttentionOperation/widestBlock`` rows.
  ///   - layer: the layer.
  ///   - head: the head.
  ///   - scale: the factor of the products.
  ///   - scratch: as large as `cvk_attention_scratch` says.
  ///   - output: `[rows, headSize]`; may be the queries themselves.
  func attend(
    _ queries: Matrix, layer: Int, head: Int, scale: Float, scratch: AlignedMemory,
    into output: Matrix
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
    unsafe attention.packed_keys = UnsafeRawPointer(keys(layer, head))
    unsafe attention.packed_values = UnsafeRawPointer(values(layer, head))
    unsafe attention.scale = scale
    unsafe attention.visible = count
    unsafe attention.output = output.pointer
    unsafe attention.output_stride = output.rowStride
    unsafe cvk_attend(&attention, scratch.base)
  }
}
