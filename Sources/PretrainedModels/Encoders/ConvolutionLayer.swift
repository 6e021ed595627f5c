internal import Checkpoints
internal import Tensors

/// DeBERTa v2's convolution over the embeddings, which is added to the output of the first layer.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`, `kernel` of neighbouring tokens.
///
/// Source: transformers/models/deberta_v2/modeling_deberta_v2.py@v4.46.3, `ConvLayer`.
struct ConvolutionLayer {
  struct Settings: Sendable {
    let kernel: Int
    let groups: Int
    let activation: Activation
    let epsilon: Float

    /// Reads the settings; nil when the model has no convolution.
    ///
    /// - Parameters:
    ///   - settings: those of `config.json`.
    ///   - epsilon: added to the variance.
    /// - Throws: `CheckpointError.setting`.
    init?(_ settings: ModelConfiguration, epsilon: Float) throws(CheckpointError) {
      kernel = try settings.int("conv_kernel_size", in: 0...31, default: 0)
      guard kernel > 0 else { return nil }
      guard kernel % 2 == 1 else {
        throw settings.wrong("conv_kernel_size", expected: "an odd number, or 0 for none")
      }
      groups = try settings.int("conv_groups", default: 1)
      guard try settings.int("hidden_size") % groups == 0 else {
        throw settings.wrong("conv_groups", expected: "a divisor of hidden_size")
      }
      activation = try settings.activation("conv_act", default: .tanh)
      self.epsilon = epsilon
    }
  }

  private let kernel: Int
  private let activation: Activation
  /// kernel * hidden -> hidden
  private let product: Linear
  private let normalisation: Normalisation

  static func declare(
    in table: inout WeightTable, _ name: String, _ settings: Settings, size: Int
  ) {
    table.require(
      "\(name).conv.weight", shape: [size, size / settings.groups, settings.kernel])
    table.require("\(name).conv.bias", shape: [size])
    table.requireNormalisation("\(name).LayerNorm", size: size)
  }

  init(
    _ reader: WeightReader, _ name: String, _ settings: Settings
  ) throws(CheckpointError) {
    kernel = settings.kernel
    activation = settings.activation
    normalisation = try reader.normalisation("\(name).LayerNorm", epsilon: settings.epsilon)
    // stored [hidden, hidden / groups, kernel]; as a product over the neighbours side by side:
    // [hidden, kernel * hidden], zero where input and output are of different groups
    let stored = try reader.tensor("\(name).conv.weight")
    let (size, width) = (stored.shape[0], stored.shape[1])
    let weight = Matrix(rows: size, columns: settings.kernel * size)
    stored.withSpan { elements in
      for output in 0..<size {
        let first = output / (size / settings.groups) * width
        weight.withMutableRow(output) { row in
          for input in 0..<width {
            for step in 0..<settings.kernel {
              row[step * size + first + input] =
                elements[(output * width + input) * settings.kernel + step]
            }
          }
        }
      }
    }
    product = reader.pack(weight, bias: try reader.tensor("\(name).conv.bias"))
  }

  /// Convolves each sequence, with zeros around it.
  ///
  /// - Parameters:
  ///   - hidden: the embeddings, `[tokens, hidden]`.
  ///   - batch: the sequences.
  ///   - compute: where it computes; in a scope of its workspace.
  /// - Returns: `[tokens, hidden]`, in the workspace.
  func apply(to hidden: Matrix, of batch: TokenBatch, _ compute: Compute) -> Matrix {
    let size = hidden.columns
    let output = compute.workspace.matrix(rows: hidden.rows, columns: size)
    compute.workspace.scope {
      // [tokens, kernel * hidden]
      let neighbours = compute.workspace.matrix(rows: hidden.rows, columns: kernel * size)
      neighbours.fill(0)
      for sequence in batch.lengths.indices {
        let rows = batch.rows(sequence)
        for step in 0..<kernel {
          let shift = step - kernel / 2
          // Tokens whose neighbour at this distance is in the sequence.
          let count = rows.count - abs(shift)
          guard count > 0 else { continue }
          let first = rows.lowerBound + max(0, -shift)
          compute.copy(
            hidden.rows(first + shift..<first + shift + count),
            into: neighbours.rows(first..<first + count)
              .columns(step * size..<(step + 1) * size))
        }
      }
      compute.linear(product, neighbours, into: output, activation: activation)
    }
    return output
  }

  /// hidden = norm(hidden + convolved); both `[tokens, hidden]`.
  func join(_ convolved: Matrix, to hidden: Matrix, _ compute: Compute) {
    compute.layerNorm(
      hidden, adding: convolved, weight: normalisation.weight, bias: normalisation.bias,
      epsilon: normalisation.epsilon, into: hidden)
  }
}
