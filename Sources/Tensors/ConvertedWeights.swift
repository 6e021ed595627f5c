internal import COneDNN
internal import CVectorKernels

/// Rows of weights in the elements of a product, each filled up with zeros to whole steps of 4 bytes.
@safe struct ConvertedWeights {
  let rows: Int
  let type: dnnl_data_type_t
  /// The distance between rows.
  let rowStride: Int
  let start: UnsafeMutableRawPointer
  private let elementByteCount: Int
  private let memory: AlignedMemory

  /// Converts weights; floats stay where they are.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs]`.
  ///   - precision: that of the product.
  ///   - scale: receives the scale of each output, for int8.
  ///   - sum: receives the sum of each output's weights, for int8.
  init(
    _ weight: Matrix, precision: Precision, scale: UnsafeMutablePointer<Float>?,
    sum: UnsafeMutablePointer<Int32>?
  ) {
    rows = weight.rows
    elementByteCount = precision.bytesPerWeight
    let whole = 4 / elementByteCount
    let stride = (weight.columns + whole - 1) / whole * whole
    switch precision {
    case .float32:
      memory = weight.memory
      unsafe start = UnsafeMutableRawPointer(weight.pointer)
      rowStride = weight.rowStride
      type = dnnl_f32
    case .bfloat16:
      memory = AlignedMemory(byteCount: weight.rows * stride * 2)
      unsafe start = memory.base
      rowStride = stride
      type = dnnl_bf16
      unsafe cvk_to_bfloat16(
        start.assumingMemoryBound(to: UInt16.self), stride, weight.pointer, weight.rowStride,
        weight.rows, weight.columns)
    case .int8:
      guard let scale = unsafe scale, let sum = unsafe sum else {
        preconditionFailure("weights of 8 bits need room for scales and sums")
      }
      memory = AlignedMemory(byteCount: weight.rows * stride)
      unsafe start = memory.base
      rowStride = stride
      type = dnnl_s8
      unsafe cvk_quantise_weights(
        start.assumingMemoryBound(to: Int8.self), stride, scale, sum, weight.pointer,
        weight.rowStride, weight.rows, weight.columns)
    }
  }

  /// The distance between rows in bytes.
  var rowByteStride: Int { rowStride * elementByteCount }
}
