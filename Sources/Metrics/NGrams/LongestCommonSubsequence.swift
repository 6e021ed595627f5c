/// Longest common subsequences of two sequences of symbols, 64 table cells at a time.
///
/// Bit i of a column's state is 0 where the table's entry for i + 1 reference symbols is one more
/// than that for i. The reference is cut in blocks of 64 symbols; a block hands the carries of its
/// additions to the next one, so that memory grows with the candidate and not with the table.
///
/// Source: Hyyrö, "Bit-Parallel LCS-length Computation Revisited" (AWOCA 2004).
struct LongestCommonSubsequence: Sendable {
  /// By symbol: where it occurs in the current block. All zero between calls.
  private var masks: [UInt64] = []
  /// By block and candidate position: the carry out of the block, one bit each.
  private var carries: [UInt64] = []
  /// By candidate position: the current block's state.
  private var columns: [UInt64] = []

  /// The length of a longest common subsequence.
  ///
  /// - Parameters:
  ///   - reference: numbers below `symbolCount`.
  ///   - candidate: numbers up to `symbolCount`, which is a symbol that the reference does not have.
  ///   - symbolCount: the number of symbols.
  /// - Returns: the length.
  mutating func length(
    reference: [UInt32], candidate: [UInt32], symbolCount: Int
  ) -> Int {
    prepare(symbolCount: symbolCount)
    let reference = reference.span
    let row = (candidate.count + 63) / 64
    if reference.count > 64 { reserveCarries(row) }
    var length = 0
    var start = 0
    while start < reference.count {
      let end = min(start + 64, reference.count)
      setMasks(reference, start..<end)
      let state = Self.advance(
        candidate.span, masks, carryIn: start == 0 ? nil : 0,
        carryOut: end == reference.count ? nil : 0, &carries)
      // Bits above the block's rows stay 1.
      length += (~state).nonzeroBitCount
      clearMasks(reference, start..<end)
      start = end
    }
    return length
  }

  /// Marks the reference positions of the subsequence that rouge-score's backtracking finds.
  ///
  /// From the table's last corner: an equal pair is taken; else the candidate's symbol is dropped
  /// if the table is larger there than with the reference's symbol dropped; else the reference's.
  ///
  /// Source: rouge-score 0.1.2, `_backtrack_norec`. Where symbols differ, its comparison of two
  /// entries is that of this entry with the one above, which is the state's bit.
  ///
  /// - Parameters:
  ///   - reference: the slice's numbers are below `symbolCount`.
  ///   - candidate: numbers up to `symbolCount`, which is a symbol that the reference does not have.
  ///   - symbolCount: the number of symbols.
  ///   - marks: one element for each symbol of the reference; those found are set.
  mutating func mark(
    reference: ArraySlice<UInt32>, candidate: ArraySlice<UInt32>, symbolCount: Int,
    in marks: inout [Bool]
  ) {
    let reference = reference.span
    let candidate = candidate.span
    guard !reference.isEmpty, !candidate.isEmpty else { return }
    prepare(symbolCount: symbolCount)
    let row = (candidate.count + 63) / 64
    let blockCount = (reference.count + 63) / 64
    reserveCarries(row * (blockCount - 1))
    for block in 0..<blockCount - 1 {
      let rows = block * 64..<block * 64 + 64
      setMasks(reference, rows)
      _ = Self.advance(
        candidate, masks, carryIn: block == 0 ? nil : (block - 1) * row, carryOut: block * row,
        &carries)
      clearMasks(reference, rows)
    }
    if columns.count < candidate.count {
      columns = [UInt64](repeating: 0, count: candidate.count)
    }
    var (i, j) = (reference.count, candidate.count)
    for block in (0..<blockCount).reversed() {
      let rows = block * 64..<min(block * 64 + 64, reference.count)
      setMasks(reference, rows)
      Self.record(
        candidate.extracting(..<j), masks, carryIn: block == 0 ? nil : (block - 1) * row, carries,
        &columns)
      clearMasks(reference, rows)
      while i > rows.lowerBound, j > 0 {
        if reference[i - 1] == candidate[j - 1] {
          marks[i - 1] = true
          i -= 1
          j -= 1
        } else if columns[j - 1] >> UInt64(i - 1 - rows.lowerBound) & 1 == 0 {
          j -= 1
        } else {
          i -= 1
        }
      }
    }
  }

  /// Runs one block over the candidate and returns the state after its last symbol.
  ///
  /// `carryIn` and `carryOut` are where the rows of carries begin; they may be the same row.
  private static func advance(
    _ candidate: Span<UInt32>, _ masks: [UInt64], carryIn: Int?, carryOut: Int?,
    _ carries: inout [UInt64]
  ) -> UInt64 {
    let masks = masks.span
    var state = UInt64.max
    guard carryIn != nil || carryOut != nil else {
      for index in 0..<candidate.count {
        let mask = masks[Int(candidate[index])]
        state = (state &+ (state & mask)) | (state & ~mask)
      }
      return state
    }
    var start = 0
    while start < candidate.count {
      let incoming = carryIn.map { carries[$0 + start / 64] } ?? 0
      var outgoing: UInt64 = 0
      for bit in 0..<min(64, candidate.count - start) {
        let mask = masks[Int(candidate[start + bit])]
        let carry = step(&state, mask, carry: incoming >> UInt64(bit) & 1)
        outgoing |= carry << UInt64(bit)
      }
      if let carryOut { carries[carryOut + start / 64] = outgoing }
      start += 64
    }
    return state
  }

  /// Runs one block over the candidate and records the state after each symbol.
  private static func record(
    _ candidate: Span<UInt32>, _ masks: [UInt64], carryIn: Int?, _ carries: [UInt64],
    _ columns: inout [UInt64]
  ) {
    let masks = masks.span
    var columns = columns.mutableSpan
    var state = UInt64.max
    for index in 0..<candidate.count {
      let carry = carryIn.map { carries[$0 + index / 64] >> UInt64(index % 64) & 1 } ?? 0
      _ = step(&state, masks[Int(candidate[index])], carry: carry)
      columns[index] = state
    }
  }

  /// Goes one column on and returns the carry.
  @inline(__always)
  private static func step(_ state: inout UInt64, _ mask: UInt64, carry: UInt64) -> UInt64 {
    let (sum, overflow) = state.addingReportingOverflow(state & mask)
    let (total, second) = sum.addingReportingOverflow(carry)
    state = total | (state & ~mask)
    return overflow || second ? 1 : 0
  }

  private mutating func prepare(symbolCount: Int) {
    if masks.count <= symbolCount {
      masks.append(contentsOf: repeatElement(0, count: symbolCount + 1 - masks.count))
    }
  }

  private mutating func reserveCarries(_ count: Int) {
    if carries.count < count { carries = [UInt64](repeating: 0, count: count) }
  }

  private mutating func setMasks(_ reference: Span<UInt32>, _ rows: Range<Int>) {
    for (bit, row) in rows.enumerated() { masks[Int(reference[row])] |= 1 << UInt64(bit) }
  }

  private mutating func clearMasks(_ reference: Span<UInt32>, _ rows: Range<Int>) {
    for row in rows { masks[Int(reference[row])] = 0 }
  }
}
