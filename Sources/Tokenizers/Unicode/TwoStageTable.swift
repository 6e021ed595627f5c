/// A value for every Unicode scalar: a first table finds the block, a second one the value.
struct TwoStageTable<Value: Hashable & Sendable>: Sendable {
  private static var blockBits: UInt32 { 7 }
  private static var scalarCount: Int { 0x110000 }
  private var blocks: [UInt16]
  private var values: [Value]

  /// A table from the values of all scalars; equal blocks are stored once.
  ///
  /// - Parameters:
  ///   - common: what most scalars have.
  ///   - fill: sets the other values; gets the scalars' values by number.
  init(common: Value, fill: (inout [Value]) throws -> Void) rethrows {
    var flat = [Value](repeating: common, count: Self.scalarCount)
    try fill(&flat)
    let size = 1 << Self.blockBits
    values = [Value](repeating: common, count: size)
    var known: [[Value]: UInt16] = [values: 0]
    blocks = []
    for start in stride(from: 0, to: Self.scalarCount, by: size) {
      // Nearly all blocks hold nothing but the common value, which is quicker to see than to hash.
      if flat[start..<(start + size)].allSatisfy({ $0 == common }) {
        blocks.append(0)
        continue
      }
      let block = Array(flat[start..<(start + size)])
      let index = known[block] ?? UInt16(known.count)
      if Int(index) == known.count {
        known[block] = index
        values += block
      }
      blocks.append(index)
    }
  }

  /// The value of a scalar.
  @inline(__always) subscript(scalar: UInt32) -> Value {
    let block = Int(blocks[Int(scalar >> Self.blockBits)])
    return values[block << Self.blockBits | Int(scalar & (1 << Self.blockBits - 1))]
  }
}
