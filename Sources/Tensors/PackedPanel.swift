internal import COneDNN
internal import CVectorKernels

/// Consecutive outputs of a linear layer, their weights in the layout that oneDNN asks for.
@safe final class PackedPanel {
  /// The outputs of the panel.
  let outputs: Range<Int>
  let layout: dnnl_memory_desc_t
  let handle: dnnl_memory_t
  let byteCount: Int
  /// The layout, where the kernels for a few rows can read it.
  let order: PackedLayout?
  let start: UnsafeMutableRawPointer
  private let memory: AlignedMemory

  /// Packs rows of a weight matrix.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs]`: the panel's rows.
  ///   - outputs: where the rows stand among the layer's outputs.
  ///   - precision: what to pack.
  ///   - memory: where to.
  ///   - scale: receives the scale of each output, for int8.
  ///   - sum: receives the sum of each output's weights, for int8.
  init?(
    _ weight: Matrix, outputs: Range<Int>, precision: Precision, memory: WeightMemory,
    scale: UnsafeMutablePointer<Float>?, sum: UnsafeMutablePointer<Int32>?
  ) {
    OpenMP.useOneThread()
    guard let engine = OneDNNEngine.shared,
      var packed = OneDNNProduct.weightLayout(
        columns: weight.rows, depth: weight.columns, precision: precision)
    else { return nil }
    let byteCount = unsafe Int(dnnl_memory_desc_get_size(&packed))
    let piece = memory.take(byteCount: byteCount)
    guard
      let handle = unsafe OneDNNProduct.memory(
        &packed, piece.memory.base + piece.offset, engine)
    else { return nil }

    order = PackedLayout(packed, inputs: weight.columns, precision: precision)
    let converted = unsafe ConvertedWeights(
      weight, precision: precision, scale: scale, sum: sum)
    if let order {
      unsafe Self.transpose(converted, into: piece.memory.base + piece.offset, order)
    } else {
      // oneDNN's right side is [inputs, outputs]: the same elements with exchanged strides.
      guard
        var plain = OneDNNLayout.strided(
          [weight.columns, weight.rows], [1, converted.rowStride], converted.type),
        unsafe Self.reorder(&plain, converted.start, to: handle, &packed, engine)
      else {
        unsafe dnnl_memory_destroy(handle)
        return nil
      }
    }
    withExtendedLifetime(converted) {}
    self.outputs = outputs
    self.byteCount = byteCount
    self.memory = piece.memory
    unsafe start = piece.memory.base + piece.offset
    layout = packed
    unsafe self.handle = handle
  }

  deinit { unsafe dnnl_memory_destroy(handle) }

  /// Packs in the known order: oneDNN does that one element at a time, minutes for a large model.
  ///
  /// A step of 4 bytes is one word of a row of the weights, and words are transposed. What is filled
  /// up stays zero, as the memory came.
  private static func transpose(
    _ weights: ConvertedWeights, into target: UnsafeMutableRawPointer, _ order: PackedLayout
  ) {
    for first in stride(from: 0, to: weights.rows, by: order.width) {
      let rows = min(order.width, weights.rows - first)
      let block = unsafe target + first / order.width * order.blockStride
      let words = unsafe weights.start + first * weights.rowByteStride
      unsafe cvk_transpose(
        block.assumingMemoryBound(to: Float.self), order.width,
        words.assumingMemoryBound(to: Float.self), weights.rowByteStride / 4, rows, order.steps)
    }
  }

  private static func reorder(
    _ plain: inout dnnl_memory_desc_t, _ bytes: UnsafeMutableRawPointer,
    to target: dnnl_memory_t, _ packed: inout dnnl_memory_desc_t, _ engine: OneDNNEngine
  ) -> Bool {
    var description: dnnl_primitive_desc_t?
    var primitive: dnnl_primitive_t?
    var stream: dnnl_stream_t?
    guard let source = unsafe OneDNNProduct.memory(&plain, bytes, engine) else { return false }
    defer { unsafe dnnl_memory_destroy(source) }
    guard
      unsafe dnnl_reorder_primitive_desc_create(
        &description, &plain, engine.handle, &packed, engine.handle, nil) == dnnl_success
    else { return false }
    defer { unsafe dnnl_primitive_desc_destroy(description) }
    guard unsafe dnnl_primitive_create(&primitive, description) == dnnl_success else {
      return false
    }
    defer { unsafe dnnl_primitive_destroy(primitive) }
    guard
      unsafe dnnl_stream_create(&stream, engine.handle, UInt32(dnnl_stream_default_flags.rawValue))
        == dnnl_success
    else { return false }
    defer { unsafe dnnl_stream_destroy(stream) }
    let list: InlineArray<2, dnnl_exec_arg_t> = unsafe [
      dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: source),
      dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: target),
    ]
    return unsafe list.span.withUnsafeBufferPointer {
      unsafe dnnl_primitive_execute(primitive, stream, 2, $0.baseAddress)
    } == dnnl_success && dnnl_stream_wait(stream) == dnnl_success
  }
}

// Packed once, then only read.
extension PackedPanel: @unchecked Sendable {}
