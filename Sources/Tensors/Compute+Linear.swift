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
      packedLinear(layer, panels, input, output, activation, residual)
    case .plain(let parts):
      plainLinear(layer, parts, input, output, activation, residual)
    }
  }

  private func packedLinear(
    _ layer: Linear, _ panels: [PackedPanel], _ input: Matrix, _ output: Matrix,
    _ activation: Activation, _ residual: Matrix?
  ) {
    let blocks = RowBlocks(rows: input.rows, blockRows: Self.blockRows)
    workspace.scope {
      let staged = stage(input, blocks: blocks, precision: layer.precision)
      // At most four: full and last block of rows, full and last panel of outputs.
      let kinds = Set(panels.map(\.outputs.count))
      var compiled: [Int: [OneDNNProduct]] = [:]
      for width in kinds {
        guard let panel = panels.first(where: { $0.outputs.count == width }) else { continue }
        compiled[width] = blocks.sizes.enumerated().map { index, rows in
          product(
            ProductShape(
              rows: rows, columns: width, depth: layer.inputs,
              rowStride: staged.rowStride(ofLast: index > 0 || blocks.fullBlocks == 0),
              precision: layer.precision),
            for: panel)
        }
      }
      let tiles = scratch(byteCount: Self.blockRows * Self.panelColumns * 4)
      pool.run(jobs: panels.count * blocks.count) { [compiled] job, worker in
        let panel = panels[job / blocks.count]
        let block = job % blocks.count
        guard let products = compiled[panel.outputs.count] else { return }
        let isFull = block < blocks.fullBlocks
        let tile = tiles[worker]
        unsafe (isFull ? products[0] : products[products.count - 1]).run(
          source: staged.pointer(block: block, blocks), weights: panel.handle, result: tile.base,
          worker: worker)
        layer.finish(
          tile, staged: staged, rows: blocks.rows(block), outputs: panel.outputs, output: output,
          activation: activation, residual: residual)
      }
    }
  }

  /// Brings the rows into the form that the product reads.
  private func stage(_ input: Matrix, blocks: RowBlocks, precision: Precision) -> StagedRows {
    let depth = input.columns
    switch precision {
    case .float32:
      // Only a last block that is filled up must be copied.
      guard blocks.padding > 0 else { return StagedRows(full: input, bytesPerElement: 4) }
      let last = workspace.matrix(rows: blocks.lastPadded, columns: depth)
      let rest = input.rows(blocks.fullBlocks * blocks.blockRows..<input.rows)
      unsafe cvk_copy(
        last.pointer, last.rowStride, rest.pointer, rest.rowStride, rest.rows, depth)
      last.rows(rest.rows..<last.rows).fill(0)
      return StagedRows(full: input, last: last, bytesPerElement: 4)
    case .bfloat16:
      let bytes = unsafe workspace.take(byteCount: blocks.paddedRows * depth * 2)
      let staged = unsafe StagedRows(
        memory: bytes.memory, start: bytes.start, depth: depth, bytesPerElement: 2)
      forRows(input.rows, columns: depth) { rows in
        unsafe cvk_to_bfloat16(
          staged.row(rows.lowerBound).assumingMemoryBound(to: UInt16.self), depth,
          input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count, depth)
      }
      staged.clear(rows: input.rows..<blocks.paddedRows)
      return staged
    case .int8:
      let bytes = unsafe workspace.take(byteCount: blocks.paddedRows * depth)
      let scales = unsafe workspace.take(byteCount: input.rows * 4)
      let zeros = unsafe workspace.take(byteCount: input.rows * 4)
      let staged = unsafe StagedRows(
        memory: bytes.memory, start: bytes.start, depth: depth, bytesPerElement: 1,
        scales: scales, zeros: zeros)
      forRows(input.rows, columns: depth) { rows in
        unsafe cvk_quantise_rows(
          staged.row(rows.lowerBound).assumingMemoryBound(to: UInt8.self), depth,
          staged.scale(rows.lowerBound), staged.zero(rows.lowerBound),
          input.pointer + rows.lowerBound * input.rowStride, input.rowStride, rows.count, depth)
      }
      staged.clear(rows: input.rows..<blocks.paddedRows)
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
        tiles[worker], staged: nil, rows: rows, outputs: outputs, output: output,
        activation: activation, residual: residual)
    }
  }
}

extension Linear {
  /// Bias, activation and residual of one tile of sums, `[rows, outputs]`, into the output.
  func finish(
    _ tile: AlignedMemory, staged: StagedRows?, rows: Range<Int>, outputs: Range<Int>,
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
        target, output.rowStride, tile.base.assumingMemoryBound(to: Int32.self), outputs.count,
        rows.count, outputs.count, staged.scale(rows.lowerBound), staged.zero(rows.lowerBound),
        scales.pointer + outputs.lowerBound,
        sums.base.assumingMemoryBound(to: Int32.self) + outputs.lowerBound, bias,
        activation.code, added, residual?.rowStride ?? 0)
    } else {
      unsafe cvk_bias_activation(
        target, output.rowStride, tile.base.assumingMemoryBound(to: Float.self), outputs.count,
        rows.count, outputs.count, bias, activation.code, added, residual?.rowStride ?? 0)
    }
  }
}
