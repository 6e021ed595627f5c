internal import CVectorKernels

/// In which form the weights of linear layers are stored and multiplied.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floats.
  case float32
  /// 16-bit floats with the range of 32-bit ones; sums are 32-bit.
  case bfloat16
  /// 8-bit integers with one scale for each output; inputs are quantised row by row as they come.
  case int8

  /// The kernels' number for it.
  var kind: Int32 {
    switch self {
    case .float32: Int32(cvk_floats)
    case .bfloat16: Int32(cvk_bfloat16s)
    case .int8: Int32(cvk_int8s)
    }
  }

  /// The bytes of one weight.
  public var bytesPerWeight: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .int8: 1
    }
  }
}
