/// A linear layer, output = input * weight^T + bias, with its weights packed for one precision.
///
/// Packing copies the weights; those of the float32 layer of ``Backend/Library/openBLAS`` are used
/// where they are.
public final class Linear: Sendable {
  enum Storage: Sendable {
    /// Panels of at most ``Compute/panelColumns`` outputs.
    case packed([PackedPanel])
    /// Matrices [outputs, inputs] as they came, with the first output of each.
    case plain([(firstOutput: Int, weight: Matrix)])
  }

  /// The number of inputs.
  public let inputs: Int
  /// The number of outputs.
  public let outputs: Int
  /// The precision of the packed weights.
  public let precision: Precision
  let storage: Storage
  /// One number for each output.
  let bias: Tensor?
  /// For int8: the scale of each output, and the sum of its quantised weights.
  let scales: Tensor?
  let sums: AlignedMemory?

  /// Packs one layer.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs]`.
  ///   - bias: `[outputs]`.
  ///   - precision: the precision wanted; ``precision`` says which the processor has.
  ///   - compute: where the layer will run.
  public convenience init(
    weight: Matrix, bias: Tensor? = nil, precision: Precision, for compute: Compute
  ) {
    self.init(stacking: [(weight, bias)], precision: precision, for: compute)
  }

  /// Packs several layers of the same inputs as one, such as query, key and value projections.
  ///
  /// - Parameters:
  ///   - layers: weights `[outputs, inputs]` and biases `[outputs]`; their outputs follow each other.
  ///   - precision: the precision wanted; ``precision`` says which the processor has.
  ///   - compute: where the layer will run.
  public init(
    stacking layers: [(weight: Matrix, bias: Tensor?)], precision: Precision, for compute: Compute
  ) {
    let inputs = layers.first?.weight.columns ?? 0
    let outputs = layers.reduce(0) { $0 + $1.weight.rows }
    precondition(
      inputs > 0 && outputs > 0, "a linear layer of \(inputs) inputs, \(outputs) outputs")
    let bias = layers.contains { $0.bias != nil } ? Tensor(shape: [outputs]) : nil
    var first = 0
    var plain: [(firstOutput: Int, weight: Matrix)] = []
    for (weight, own) in layers {
      precondition(
        weight.columns == inputs, "stacked weights have \(inputs) and \(weight.columns) inputs")
      if let own, let bias {
        precondition(
          own.count == weight.rows, "a bias of \(own.count) for \(weight.rows) outputs")
        for (index, value) in own.elements.enumerated() {
          unsafe bias.pointer[first + index] = value
        }
      }
      plain.append((first, weight))
      first += weight.rows
    }
    self.inputs = inputs
    self.outputs = outputs
    self.bias = bias
    let wanted = compute.backend.precision(for: precision)
    if compute.backend.library == .oneDNN,
      let pack = LinearPacking(plain, outputs: outputs, precision: wanted, compute: compute)
    {
      self.precision = wanted
      storage = .packed(pack.panels)
      scales = pack.scales
      sums = pack.sums
    } else {
      self.precision = .float32
      storage = .plain(plain)
      scales = nil
      sums = nil
    }
  }

  /// The memory of the packed weights, in bytes; 0 where they were not copied.
  public var byteCount: Int {
    guard case .packed(let panels) = storage else { return 0 }
    return panels.reduce(0) { $0 + $1.byteCount }
  }
}
