internal import CVectorKernels
internal import Glibc

extension Compute {
  /// Rounds elements to bfloat16, ties to even.
  ///
  /// - Parameters:
  ///   - input: any shape.
  ///   - output: the same shape.
  public func convert(_ input: Matrix, into output: BFloat16Matrix) {
    precondition(
      input.rows == output.rows && input.columns == output.columns,
      "conversion: shapes \(input.shapeText) and \(output.shapeText) differ")
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_to_bfloat16(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns)
    }
  }

  /// Widens elements of bfloat16.
  ///
  /// - Parameters:
  ///   - input: any shape.
  ///   - output: the same shape.
  public func convert(_ input: BFloat16Matrix, into output: Matrix) {
    precondition(
      input.rows == output.rows && input.columns == output.columns,
      "conversion: shapes \(input.shapeText) and \(output.shapeText) differ")
    forRows(input.rows, columns: input.columns) { rows in
      unsafe cvk_from_bfloat16(
        output.pointer + rows.lowerBound * output.rowStride, output.rowStride,
        input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count,
        input.columns)
    }
  }

  /// Copies elements of bfloat16, such as the cache of a beam that is continued twice.
  ///
  /// - Parameters:
  ///   - input: any shape.
  ///   - output: the same shape; must not overlap the input.
  public func copy(_ input: BFloat16Matrix, into output: BFloat16Matrix) {
    precondition(
      input.rows == output.rows && input.columns == output.columns,
      "copy: shapes \(input.shapeText) and \(output.shapeText) differ")
    forRows(input.rows, columns: input.columns) { rows in
      for row in rows {
        unsafe memcpy(
          output.pointer + row * output.rowStride, input.pointer + row * input.rowStride,
          input.columns * 2)
      }
    }
  }
}
