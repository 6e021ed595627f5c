/// How many bytes the packed keys and values of one head of one sequence have.
struct HeadLayout {
  let keys: Int
  let size: Int
  let isBFloat16: Bool

  private var elementByteCount: Int { isBFloat16 ? 2 : 4 }

  /// The head's size, in whole steps of the products.
  var paddedSize: Int { isBFloat16 ? (size + 1) & ~1 : size }

  /// Keys packed as columns.
  var keyByteCount: Int { Self.whole((keys + 15) & ~15, paddedSize * elementByteCount) }

  /// Values packed as rows.
  var valueByteCount: Int {
    Self.whole(isBFloat16 ? (keys + 1) & ~1 : keys, ((size + 15) & ~15) * elementByteCount)
  }

  /// Keys row by row.
  var rowByteCount: Int { Self.whole(keys, paddedSize * elementByteCount) }

  /// A product rounded to cache lines.
  private static func whole(_ a: Int, _ b: Int) -> Int { (a * b + 63) & ~63 }
}
