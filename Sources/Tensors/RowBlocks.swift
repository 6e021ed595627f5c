/// A division of rows into blocks of one size and a last one, filled up to a size that is compiled.
struct RowBlocks {
  let rows: Int
  let blockRows: Int

  /// The number of blocks of full size.
  var fullBlocks: Int { rows / blockRows }
  /// The rows of the last block, 0 when all blocks are full.
  var rest: Int { rows % blockRows }
  /// The number of blocks.
  var count: Int { fullBlocks + (rest > 0 ? 1 : 0) }
  /// The last block's rows and padding: few sizes, so that few products are compiled.
  var lastPadded: Int { rest <= 8 ? rest : (rest + 7) & ~7 }
  /// The rows of padding.
  var padding: Int { lastPadded - rest }
  /// All rows with padding.
  var paddedRows: Int { fullBlocks * blockRows + lastPadded }
  /// The sizes to compile: of full blocks, and of the last.
  var sizes: [Int] { (fullBlocks > 0 ? [blockRows] : []) + (rest > 0 ? [lastPadded] : []) }

  /// The rows of a block, without padding.
  func rows(_ block: Int) -> Range<Int> {
    block * blockRows..<min(rows, (block + 1) * blockRows)
  }
}
