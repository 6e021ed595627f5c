/// For each distance between query and key, the row of a table of relative positions.
@safe public final class RelativeIndex {
  /// Distances from `-(reach - 1)` to `reach - 1` are known.
  public let reach: Int
  /// The largest row, plus 1.
  let rows: Int
  let memory: AlignedMemory

  /// Tabulates an index.
  ///
  /// - Parameters:
  ///   - reach: the longest sequence.
  ///   - index: the row, at least 0, for the distance query position - key position.
  public init(reach: Int, _ index: (_ distance: Int) -> Int) {
    precondition(reach >= 1, "relative positions for sequences of \(reach) tokens")
    self.reach = reach
    memory = AlignedMemory(byteCount: (2 * reach - 1) * 4)
    let table = unsafe memory.base.assumingMemoryBound(to: Int32.self)
    var largest = 0
    for distance in 1 - reach..<reach {
      let row = index(distance)
      precondition(row >= 0 && row < Int(Int32.max), "distance \(distance) has row \(row)")
      unsafe table[distance + reach - 1] = Int32(row)
      largest = max(largest, row)
    }
    rows = largest + 1
  }

  /// The entry of distance 0.
  var origin: UnsafePointer<Int32> {
    unsafe UnsafePointer(memory.base.assumingMemoryBound(to: Int32.self) + (reach - 1))
  }
}

// Written in the initialiser, then only read.
extension RelativeIndex: @unchecked Sendable {}
