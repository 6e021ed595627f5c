internal import CVectorKernels

/// A function applied to each element.
public enum Activation: Sendable, CaseIterable {
  /// Nothing.
  case identity
  /// x * Phi(x), with the exact normal distribution function.
  case gelu
  /// The approximation of GELU by tanh: `gelu_new`, `gelu_pytorch_tanh`.
  case geluTanh
  /// max(x, 0).
  case relu
  /// x * sigmoid(x), also called swish.
  case silu
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + e^-x).
  case sigmoid

  var code: Int32 {
    switch self {
    case .identity: Int32(cvk_identity)
    case .gelu: Int32(cvk_gelu)
    case .geluTanh: Int32(cvk_gelu_tanh)
    case .relu: Int32(cvk_relu)
    case .silu: Int32(cvk_silu)
    case .tanh: Int32(cvk_tanh)
    case .sigmoid: Int32(cvk_sigmoid)
    }
  }
}
