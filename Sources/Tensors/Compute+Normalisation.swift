internal import CVectorKernels

extension Compute {
  /// Layer normalisation of input + residual.
  ///
  /// Source: Ba, Kiros, Hinton, "Layer Normalization", 2016, https://arxiv.org/abs/1607.06450.
  ///
  /// - Parameters:
  ///   - input: `[tokens, hidden]`.
  ///   - residual: `[tokens, hidden]`, added first.
  ///   - weight: `[hidden]`.
  ///   - bias: `[hidden]`, or nil for none.
  ///   - epsilon: added to the variance.
  ///   - sum: receives input + residual, for layers that normalise first; may be the input or the
  ///     residual itself.
  ///   - output: `[tokens, hidden]`; may be the input itself where `sum` is another matrix or absent.
  public func layerNorm(
    _ input: Matrix, adding residual: Matrix? = nil, weight: Tensor, bias: Tensor?,
    epsilon: Float, sum: Matrix? = nil, into output: Matrix
  ) {
    Self.check(input, output, "layer norm")
    if let residual { Self.check(input, residual, "layer norm with residual") }
    if let sum { Self.check(input, sum, "layer norm with sum") }
    Self.check(weight, columns: input.columns, "layer norm's weight")
    Self.check(bias, columns: input.columns, "layer norm's bias")
    forRows(input.rows, columns: input.columns) { rows in
      let first = rows.lowerBound
      unsafe cvk_layer_norm(
        output.pointer + first * output.rowStride, output.rowStride,
        input.pointer + first * input.rowStride, input.rowStride,
        residual.map { unsafe $0.pointer + first * $0.rowStride }, residual?.rowStride ?? 0,
        sum.map { unsafe $0.pointer + first * $0.rowStride }, sum?.rowStride ?? 0, rows.count,
        input.columns, weight.pointer, bias?.pointer, epsilon)
    }
  }

  /// Division of input + residual by the root of its mean square.
  ///
  /// Source: Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019,
  /// https://arxiv.org/abs/1910.07467.
  ///
  /// - Parameters:
  ///   - input: `[tokens, hidden]`.
  ///   - residual: `[tokens, hidden]`, added first.
  ///   - weight: `[hidden]`.
  ///   - epsilon: added to the mean square.
  ///   - sum: receives input + residual; may be the input or the residual itself.
  ///   - output: `[tokens, hidden]`; may be the input itself where `sum` is another matrix or absent.
  public func rmsNorm(
    _ input: Matrix, adding residual: Matrix? = nil, weight: Tensor, epsilon: Float,
    sum: Matrix? = nil, into output: Matrix
  ) {
    Self.check(input, output, "RMS norm")
    if let residual { Self.check(input, residual, "RMS norm with residual") }
    if let sum { Self.check(input, sum, "RMS norm with sum") }
    Self.check(weight, columns: input.columns, "RMS norm's weight")
    forRows(input.rows, columns: input.columns) { rows in
      let first = rows.lowerBound
      unsafe cvk_rms_norm(
        output.pointer + first * output.rowStride, output.rowStride,
        input.pointer + first * input.rowStride, input.rowStride,
        residual.map { unsafe $0.pointer + first * $0.rowStride }, residual?.rowStride ?? 0,
        sum.map { unsafe $0.pointer + first * $0.rowStride }, sum?.rowStride ?? 0, rows.count,
        input.columns, weight.pointer, epsilon)
    }
  }

  /// Softmax of each row of values * scale + bias, in place.
  ///
  /// A row in which nothing is allowed becomes zeros.
  ///
  /// - Parameters:
  ///   - values: `[rows, columns]`.
  ///   - scale: a factor of all values.
  ///   - bias: `[rows, columns]`, or one row for all, added after scaling; -infinity forbids.
  ///   - valid: how many columns count; the others become zero. All by default.
  ///   - step: how many columns more count with each row: 1 for a causal mask.
  public func softmax(
    _ values: Matrix, scale: Float = 1, bias: Matrix? = nil, valid: Int? = nil, step: Int = 0
  ) {
    if let bias {
      precondition(
        bias.columns == values.columns && (bias.rows == values.rows || bias.rows == 1),
        "softmax of \(values.shapeText) with a bias of \(bias.shapeText)")
    }
    let valid = valid ?? values.columns
    precondition(valid >= 0 && step >= 0, "softmax of \(valid) columns, \(step) more each row")
    let biasStride = bias.map { $0.rows == 1 ? 0 : $0.rowStride } ?? 0
    forRows(values.rows, columns: values.columns) { rows in
      let first = rows.lowerBound
      unsafe cvk_softmax(
        values.pointer + first * values.rowStride, values.rowStride, rows.count, values.columns,
        scale, bias.map { unsafe $0.pointer + first * biasStride }, biasStride,
        valid + first * step, step)
    }
  }

  /// The logarithm of the softmax of each row.
  ///
  /// - Parameters:
  ///   - input: `[rows, columns]`.
  ///   - output: the same shape; may be the input itself.
  public func logSoftmax(_ input: Matrix, into output: Matrix) {
    Self.check(input, output, "log-softmax")
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_log_softmax(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns)
    }
  }

  /// The logarithm of the sum of the exponentials of each row: what log-probabilities lie below the
  /// logits.
  ///
  /// - Parameters:
  ///   - input: `[rows, columns]`.
  ///   - output: `[rows, 1]`; not finite where the row has a NaN or an infinity.
  public func logSumExp(_ input: Matrix, into output: Matrix) {
    precondition(
      output.rows == input.rows && output.columns == 1,
      "the sums of \(input.shapeText) do not fit \(output.shapeText)")
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_log_sum_exp(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns)
    }
  }
}
