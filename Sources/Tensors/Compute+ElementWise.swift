internal import CVectorKernels
internal import Synchronization

extension Compute {
  /// Applies a function to each element.
  ///
  /// - Parameters:
  ///   - activation: the function.
  ///   - input: any shape.
  ///   - output: the same shape; may be the input itself.
  public func apply(_ activation: Activation, to input: Matrix, into output: Matrix) {
    addBias(nil, to: input, activation: activation, into: output)
  }

  /// Adds a vector to each row, then applies a function: activation(input + bias).
  ///
  /// - Parameters:
  ///   - bias: `[columns]`, or nil for none.
  ///   - input: `[rows, columns]`.
  ///   - activation: applied after the bias.
  ///   - output: the same shape; may be the input itself.
  public func addBias(
    _ bias: Tensor?, to input: Matrix, activation: Activation = .identity, into output: Matrix
  ) {
    Self.check(input, output, "activation")
    Self.check(bias, columns: input.columns, "bias")
    let code = activation.code
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_bias_activation(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns, bias?.pointer, code, nil, 0)
    }
  }

  /// A gate: activation(gate) * input.
  ///
  /// - Parameters:
  ///   - activation: the gate's function.
  ///   - gate: any shape.
  ///   - input: the same shape.
  ///   - output: the same shape; may be the gate or the input itself.
  public func gated(
    _ activation: Activation, gate: Matrix, _ input: Matrix, into output: Matrix
  ) {
    Self.check(gate, input, "gate")
    Self.check(input, output, "gate")
    let code = activation.code
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_gated_activation(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        gate.pointer + rows.lowerBound * gate.rowStride, gate.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns, code)
    }
  }

  /// A sum with factors: left * leftFactor + right * rightFactor.
  ///
  /// - Parameters:
  ///   - left: any shape.
  ///   - leftFactor: its factor.
  ///   - right: the same shape.
  ///   - rightFactor: its factor.
  ///   - output: the same shape; may be an input itself.
  public func add(
    _ left: Matrix, times leftFactor: Float = 1, _ right: Matrix, times rightFactor: Float = 1,
    into output: Matrix
  ) {
    Self.check(left, right, "sum")
    Self.check(left, output, "sum")
    forRows(left.rows, columns: left.columns) { rows in
      unsafe cvk_weighted_sum(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        left.pointer + rows.lowerBound * left.rowStride, left.rowStride, leftFactor,
        right.pointer + rows.lowerBound * right.rowStride, right.rowStride, rightFactor,
        rows.count, left.columns)
    }
  }

  /// The product of elements.
  ///
  /// - Parameters:
  ///   - left: any shape.
  ///   - right: the same shape.
  ///   - output: the same shape; may be an input itself.
  public func multiplyElements(_ left: Matrix, _ right: Matrix, into output: Matrix) {
    Self.check(left, right, "product of elements")
    Self.check(left, output, "product of elements")
    forRows(left.rows, columns: left.columns) { rows in
      unsafe cvk_product(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        left.pointer + rows.lowerBound * left.rowStride, left.rowStride,
        right.pointer + rows.lowerBound * right.rowStride, right.rowStride, rows.count,
        left.columns)
    }
  }

  /// Copies elements, for example into the columns of a wider matrix.
  ///
  /// - Parameters:
  ///   - input: any shape.
  ///   - output: the same shape.
  public func copy(_ input: Matrix, into output: Matrix) {
    Self.check(input, output, "copy")
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_copy(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns)
    }
  }

  /// Exchanges rows and columns.
  ///
  /// - Parameters:
  ///   - input: `[rows, columns]`.
  ///   - output: `[columns, rows]`; must not overlap the input.
  public func transpose(_ input: Matrix, into output: Matrix) {
    precondition(
      input.rows == output.columns && input.columns == output.rows,
      "the transpose of \(input.shapeText) is not \(output.shapeText)")
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_transpose(
        output.pointer + rows.lowerBound, output.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns)
    }
  }

  /// Picks rows of a table, such as the embeddings of tokens.
  ///
  /// - Parameters:
  ///   - table: `[entries, columns]`.
  ///   - rows: the number of a row of the table for each row of the output; the caller has checked
  ///     ids that come from outside.
  ///   - output: `[rows, columns]`.
  public func gather(_ table: Matrix, rows: [Int], into output: Matrix) {
    precondition(
      output.rows == rows.count && output.columns == table.columns,
      "\(rows.count) rows of a table of \(table.shapeText) into \(output.shapeText)")
    for row in rows {
      precondition(row >= 0 && row < table.rows, "row \(row) of a table of \(table.shapeText)")
    }
    forRows(output.rows, columns: output.columns) { range in
      for index in range {
        unsafe (output.pointer + index * output.rowStride).update(
          from: table.pointer + rows[index] * table.rowStride, count: output.columns)
      }
    }
  }

  /// Picks rows of an embedding table and widens them to 32-bit floats.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - rows: the number of a row of the table for each row of the output; the caller has checked
  ///     ids that come from outside.
  ///   - output: `[rows, columns]`.
  /// - Throws: ``TableReadError`` when the table's file cannot be read.
  public func gather(
    _ table: EmbeddingTable, rows: [Int], into output: Matrix
  ) throws(TableReadError) {
    precondition(
      output.rows == rows.count && output.columns == table.columns,
      "\(rows.count) rows of a table of \(table.rows) x \(table.columns) into \(output.shapeText)")
    for row in rows {
      precondition(row >= 0 && row < table.rows, "row \(row) of a table of \(table.rows) rows")
    }
    let failure = Mutex<TableReadError?>(nil)
    forRows(output.rows, columns: output.columns) { range in
      do throws(TableReadError) {
        for index in range {
          try unsafe table.read(row: rows[index], into: output.pointer + index * output.rowStride)
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Adds rows of a table to the rows of the output, such as position or type embeddings.
  ///
  /// - Parameters:
  ///   - table: `[entries, columns]`.
  ///   - rows: the number of a row of the table for each row of the output.
  ///   - output: `[rows, columns]`, added to.
  public func addGathered(_ table: Matrix, rows: [Int], to output: Matrix) {
    precondition(
      output.rows == rows.count && output.columns == table.columns,
      "\(rows.count) rows of a table of \(table.shapeText) onto \(output.shapeText)")
    for row in rows {
      precondition(row >= 0 && row < table.rows, "row \(row) of a table of \(table.shapeText)")
    }
    forRows(output.rows, columns: output.columns) { range in
      for index in range {
        let target = unsafe output.pointer + index * output.rowStride
        unsafe cvk_weighted_sum(
          target, 0, target, 0, 1, table.pointer + rows[index] * table.rowStride, 0, 1, 1,
          output.columns)
      }
    }
  }
}
