internal import Synchronization

/// Packs the weights of a linear layer in panels, on all workers.
struct LinearPacking {
  let panels: [PackedPanel]
  let scales: Tensor?
  let sums: AlignedMemory?

  init?(
    _ parts: [(firstOutput: Int, weight: Matrix)], outputs: Int, precision: Precision,
    compute: Compute
  ) {
    let memory = compute.weightMemory
    var work: [(outputs: Range<Int>, weight: Matrix)] = []
    for (first, weight) in parts {
      for start in stride(from: 0, to: weight.rows, by: Compute.panelColumns) {
        let rows = start..<min(weight.rows, start + Compute.panelColumns)
        work.append((first + start..<first + rows.upperBound, weight.rows(rows)))
      }
    }
    let scales = precision == .int8 ? Tensor(shape: [outputs]) : nil
    let sums = precision == .int8 ? AlignedMemory(byteCount: outputs * 4) : nil
    let packed = Mutex<[Int: PackedPanel]>([:])
    compute.pool.run(jobs: work.count) { [work] job, _ in
      let (outputs, weight) = work[job]
      let panel = unsafe PackedPanel(
        weight, outputs: outputs, precision: precision, memory: memory,
        scale: scales.map { unsafe $0.pointer + outputs.lowerBound },
        sum: sums.map {
          unsafe $0.base.assumingMemoryBound(to: Int32.self) + outputs.lowerBound
        })
      packed.withLock { $0[job] = panel }
    }
    let panels = packed.withLock { panels in work.indices.compactMap { panels[$0] } }
    guard panels.count == work.count else { return nil }
    self.panels = panels
    self.scales = scales
    self.sums = sums
  }
}
