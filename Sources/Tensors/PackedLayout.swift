internal import COneDNN

/// How oneDNN laid out packed weights, where it is the order that the kernels for a few rows read:
/// blocks of columns, in each of them step after step of 4 bytes for every column.
struct PackedLayout: Sendable {
  /// The columns of a block: 16, 32, 48 or 64.
  let width: Int
  /// The distance of two blocks in bytes.
  let blockStride: Int
  /// The steps of 4 bytes of a row, filled up with zeros.
  let steps: Int

  /// - Parameters:
  ///   - layout: of the weights, `[inputs, outputs]`.
  ///   - inputs: the length of the sums.
  ///   - precision: what was packed.
  init?(_ layout: dnnl_memory_desc_t, inputs: Int, precision: Precision) {
    let bytes = precision.bytesPerWeight
    let elements = 4 / bytes
    let blocking = unsafe layout.format_desc.blocking
    guard layout.format_kind == dnnl_blocked, layout.ndims == 2,
      layout.offset0 == 0
    else { return nil }
    let inner = (blocking.inner_blks, blocking.inner_idxs)
    let width = Int(inner.0.1)
    // [outputs / width][inputs / (16 elements)][16][width][elements]
    guard blocking.inner_nblks == (elements == 1 ? 2 : 3), inner.0.0 == 16, inner.1.0 == 0,
      inner.1.1 == 1, elements == 1 || (Int(inner.0.2) == elements && inner.1.2 == 0),
      width % 16 == 0, width >= 16, width <= 64,
      blocking.strides.0 == Int64(16 * elements * width),
      blocking.strides.1 == layout.padded_dims.0 * Int64(width)
    else { return nil }
    self.width = width
    blockStride = Int(layout.padded_dims.0) * width * bytes
    steps = (inputs + elements - 1) / elements
  }
}
