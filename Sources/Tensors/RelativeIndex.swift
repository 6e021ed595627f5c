internal import CVectorKernels

/// For each distance between query and key, the row of a table of relative positions.
@safe public final class RelativeIndex {
  /// Distances from `-(reach - 1)` to `reach - 1` are known.
  public let reach: Int
  /// The largest row, plus 1.
  let rows: Int
  /// Whether the row grows by 0 or 1 from each distance to the next: then a vector of neighbouring
  /// distances is read from neighbouring rows.
  let isGradual: Bool
  /// The rows by distance, and again by negative distance, with margins that repeat the ends.
  private let memory: AlignedMemory

  private static let margin = Int(cvk_index_margin)

  /// Tabulates an index.
  ///
  /// - Parameters:
  ///   - reach: the longest sequence.
  ///   - index: the row, at least 0, for the distance query position - key position.
  public init(reach: Int, _ index: (_ distance: Int) -> Int) {
    precondition(reach >= 1, "relative positions for sequences of \(reach) tokens")
    self.reach = reach
    let rows = (1 - reach..<reach).map { distance in
      let row = index(distance)
      precondition(row >= 0 && row < 1 << 30, "distance \(distance) has row \(row)")
      return row
    }
    self.rows = (rows.max() ?? 0) + 1
    isGradual = zip(rows, rows.dropFirst()).allSatisfy { $1 == $0 || $1 == $0 + 1 }
    let length = rows.count + 2 * Self.margin
    memory = AlignedMemory(byteCount: 2 * length * 4)
    let table = unsafe memory.base.assumingMemoryBound(to: Int32.self)
    for place in 0..<length {
      let row = rows[min(max(place - Self.margin, 0), rows.count - 1)]
      unsafe table[place] = Int32(row)
      unsafe table[2 * length - 1 - place] = Int32(row)
    }
  }

  /// The index for the kernels, of a table of `positions` rows.
  func kernelIndex(positions: Int) -> cvk_relative_index {
    let table = unsafe UnsafePointer(memory.base.assumingMemoryBound(to: Int32.self))
    let origin = Self.margin + reach - 1
    let length = 2 * reach - 1 + 2 * Self.margin
    return unsafe cvk_relative_index(
      ascending: table + origin, descending: table + length + origin,
      is_gradual: isGradual ? 1 : 0, positions: positions)
  }
}

// Written in the initialiser, then only read.
extension RelativeIndex: @unchecked Sendable {}
