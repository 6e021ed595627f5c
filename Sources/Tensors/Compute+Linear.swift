internal import COneDNN
internal import COpenBLAS
internal import CVectorKernels

extension Compute {
  /// A linear layer: output = activation(input * weight^T + bias) + residual.
  ///
  /// - Parameters:
  ///   - layer: the packed layer.
  ///   - input: `[tokens, inputs]`.
  ///   - output: `[tokens, outputs]`; must not overlap the input.
  ///   - activation: applied after the bias.
  ///   - residual: `[tokens, outputs]`, added last; may be the output itself.
  public func linear(
    _ layer: Linear, _ input: Matrix, into output: Matrix, activation: Activation = .identity,
    adding residual: Matrix? = nil
  ) {
    precondition(
      input.columns == layer.inputs,
      "a linear layer of \(layer.inputs) inputs got a matrix of \(input.shapeText)")
    precondition(
      output.rows == input.rows && output.columns == layer.outputs,
      "a linear layer gives \(input.rows) x \(layer.outputs), not \(output.shapeText)")
    if let residual { Self.check(residual, output, "linear layer with residual") }
    guard input.rows > 0 else { return }
    switch layer.storage {
    case .packed(let panels):
      // oneDNN's products are faster only where it has matrix units (AMX) and rows to fill them.
      let isStreamed = panels.allSatisfy { $0.order != nil }
      if isStreamed && !(usesCompiledProducts && input.rows > Self.fewRows) {
        streamedLinear(layer, panels, input, output, activation, residual)
      } else {
        compiledLinear(layer, panels, input, output, activation, residual)
      }
    case .plain(let parts):
      plainLinear(layer, parts, input, output, activation, residual)
    }
  }

  /// The product by this project's kernels, which read the packed weights as one stream.
  private func streamedLinear(
    _ layer: Linear, _ panels: [PackedPanel], _ input: Matrix, _ output: Matrix,
    _ activation: Activation, _ residual: Matrix?
  ) {
    let blocks = RowBlocks(rows: input.rows, blockRows: Self.blockRows)
    workspace.scope {
      let precision = layer.precision
      // The kernels read whole steps of 4 bytes.
      let elements = 4 / precision.bytesPerWeight
      let whole = layer.inputs % elements == 0 ? input : filledUp(input, to: elements)
      let staged = stage(whole, paddedRows: input.rows, precision: precision)
      let tiles = scratch(byteCount: Self.blockRows * Self.panelColumns * 4)
      pool.run(jobs: panels.count * blocks.count) { job, worker in
        let panel = panels[job / blocks.count]
        guard let order = panel.order else { return }
        let rows = blocks.rows(job % blocks.count)
        let width = (panel.outputs.count + order.width - 1) / order.width * order.width
        unsafe cvk_multiply_packed(
          tiles[worker].base, width * 4, staged.row(rows.lowerBound), staged.rowByteStride,
          rows.count, panel.start, order.steps, order.blockStride, panel.outputs.count,
          order.width, precision.kind)
        layer.finish(
          tiles[worker], tileStride: width, staged: staged, rows: rows, outputs: panel.outputs,
          output: output, activation: activation, residual: residual)
      }
    }
  }

  /// The product by oneDNN's compiled primitives.
  private func compiledLinear(
    _ layer: Linear, _ panels: [PackedPanel], _ input: Matrix, _ output: Matrix,
    _ activation: Activation, _ residual: Matrix?
  ) {
    let blocks = RowBlocks(rows: input.rows, blockRows: Self.blockRows)
    workspace.scope {
      // A last block is filled up to a size that is compiled anyway.
      let filled =
        layer.precision == .float32 && blocks.padding > 0
        ? filledUp(input, rows: blocks.paddedRows) : input
      let staged = stage(filled, paddedRows: blocks.paddedRows, precision: layer.precision)
      // At most four: full and last block of rows, full and last panel of outputs.
      var compiled: [Int: [OneDNNProduct]] = [:]
      for panel in panels where compiled[panel.outputs.count] == nil {
        compiled[panel.outputs.count] = blocks.sizes.map { rows in
          product(
            ProductShape(
              rows: rows, columns: panel.outputs.count, depth: layer.inputs,
              rowStride: staged.rowByteStride / layer.precision.bytesPerWeight,
              precision: layer.precision),
            for: panel)
        }
      }
      let tiles = scratch(byteCount: Self.blockRows * Self.panelColumns * 4)
      pool.run(jobs: panels.count * blocks.count) { [compiled] job, worker in
        let panel = panels[job / blocks.count]
        let block = job % blocks.count
        guard let products = compiled[panel.outputs.count] else { return }
        let rows = blocks.rows(block)
        unsafe (block < blocks.fullBlocks ? products[0] : products[products.count - 1]).run(
          source: staged.row(rows.lowerBound), weights: panel.handle, result: tiles[worker].base,
          worker: worker)
        layer.finish(
          tiles[worker], tileStride: panel.outputs.count, staged: staged, rows: rows,
          outputs: panel.outputs, output: output, activation: activation, residual: residual)
      }
    }
  }

  /// Rows with zeros after them, up to whole steps of the product.
  private func filledUp(_ input: Matrix, to elements: Int) -> Matrix {
    let columns = (input.columns + elements - 1) / elements * elements
    let result = workspace.matrix(rows: input.rows, columns: columns)
    copy(input, into: result.columns(0..<input.columns))
    result.columns(input.columns..<columns).fill(0)
    return result
  }

  /// The rows with rows of zeros after them.
  private func filledUp(_ input: Matrix, rows: Int) -> Matrix {
    let result = workspace.matrix(rows: rows, columns: input.columns)
    copy(input, into: result.rows(0..<input.rows))
    result.rows(input.rows..<rows).fill(0)
    return result
  }

  /// Brings rows into the form that the product reads: floats stay where they are, others are
  /// converted, with rows of zeros after them up to `paddedRows`.
  private func stage(_ input: Matrix, paddedRows: Int, precision: Precision) -> StagedRows {
    let depth = input.columns
    switch precision {
    case .float32: return StagedRows(input)
    case .bfloat16:
      let bytes = unsafe workspace.take(byteCount: paddedRows * depth * 2)
      let staged = unsafe StagedRows(
        memory: bytes.memory, start: bytes.start, rowByteStride: depth * 2)
      forRows(input.rows, columns: depth) { rows in
        unsafe cvk_to_bfloat16(
          staged.row(rows.lowerBound).assumingMemoryBound(to: UInt16.self), depth,
          input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count, depth)
      }
      staged.clear(rows: input.rows..<max(paddedRows, input.rows))
      return staged
    case .int8:
      let bytes = unsafe workspace.take(byteCount: paddedRows * depth)
      let scales = unsafe workspace.take(byteCount: input.rows * 4)
      let zeros = unsafe workspace.take(byteCount: input.rows * 4)
      let staged = unsafe StagedRows(
        memory: bytes.memory, start: bytes.start, rowByteStride: depth, scales: scales,
        zeros: zeros)
      forRows(input.rows, columns: depth) { rows in
        unsafe cvk_quantise_rows(
          staged.row(rows.lowerBound).assumingMemoryBound(to: UInt8.self), depth,
          staged.scale(rows.lowerBound), staged.zero(rows.lowerBound),
          input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count, depth)
      }
      staged.clear(rows: input.rows..<max(paddedRows, input.rows))
      return staged
    }
  }

  private func plainLinear(
    _ layer: Linear, _ parts: [(firstOutput: Int, weight: Matrix)], _ input: Matrix,
    _ output: Matrix, _ activation: Activation, _ residual: Matrix?
  ) {
    let blocks = RowBlocks(rows: input.rows, blockRows: 4 * Self.blockRows)
    var panels: [(outputs: Range<Int>, weight: Matrix)] = []
    for (first, weight) in parts {
      for start in stride(from: 0, to: weight.rows, by: Self.panelColumns) {
        let rows = start..<min(weight.rows, start + Self.panelColumns)
        panels.append((first + start..<first + rows.upperBound, weight.rows(rows)))
      }
    }
    let tiles = scratch(byteCount: blocks.blockRows * Self.panelColumns * 4)
    pool.run(jobs: panels.count * blocks.count) { [panels] job, worker in
      let (outputs, weight) = panels[job / blocks.count]
      let rows = blocks.rows(job % blocks.count)
      let tile = unsafe tiles[worker].base.assumingMemoryBound(to: Float.self)
      unsafe cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows.count), Int32(outputs.count),
        Int32(layer.inputs), 1, input.pointer + rows.lowerBound * input.rowStride,
        Int32(input.rowStride), weight.pointer, Int32(weight.rowStride), 0, tile,
        Int32(outputs.count))
      layer.finish(
        tiles[worker], tileStride: outputs.count, staged: nil, rows: rows, outputs: outputs,
        output: output,
        activation: activation, residual: residual)
    }
  }
}

extension Linear {
  /// Bias, activation and residual of one tile of sums, `[rows, outputs]`, into the output.
  func finish(
    _ tile: AlignedMemory, tileStride: Int, staged: StagedRows?, rows: Range<Int>,
    outputs: Range<Int>,
    output: Matrix, activation: Activation, residual: Matrix?
  ) {
    let target =
      unsafe output.pointer + rows.lowerBound * output.rowStride + outputs.lowerBound
    let bias = unsafe self.bias.map { unsafe UnsafePointer($0.pointer + outputs.lowerBound) }
    let added = unsafe residual.map {
      unsafe UnsafePointer($0.pointer + rows.lowerBound * $0.rowStride + outputs.lowerBound)
    }
    if let staged, let scales, let sums {
      unsafe cvk_dequantise(
        target, output.rowStride, tile.base.assumingMemoryBound(to: Int32.self), tileStride,
        rows.count, outputs.count, staged.scale(rows.lowerBound), staged.zero(rows.lowerBound),
        scales.pointer + outputs.lowerBound,
        sums.base.assumingMemoryBound(to: Int32.self) + outputs.lowerBound, bias,
        activation.code, added, residual?.rowStride ?? 0)
    } else {
      unsafe cvk_bias_activation(
        target, output.rowStride, tile.base.assumingMemoryBound(to: Float.self), tileStride,
        rows.count, outputs.count, bias, activation.code, added, residual?.rowStride ?? 0)
    }
  }
}
