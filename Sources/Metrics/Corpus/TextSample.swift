/// A bounded sample of texts, spread evenly over all that were offered.
///
/// Each text is drawn by a hash of its key alone, so that samples of several models over the same
/// examples are over the same examples, and a repeated run draws the same texts.
struct TextSample: Sendable {
  /// The most texts that are kept.
  let limit: Int
  /// The texts in the order of their draws.
  private var drawn: [(draw: UInt64, text: String)] = []

  init(limit: Int) { self.limit = max(0, limit) }

  /// The texts that were drawn.
  var texts: [String] { drawn.map(\.text) }

  /// Offers a text.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - key: the example's number.
  mutating func offer(_ text: String, key: UInt64) {
    guard limit > 0 else { return }
    let draw = Self.draw(key)
    if drawn.count == limit {
      guard let last = drawn.last, draw < last.draw else { return }
      drawn.removeLast()
    }
    var (low, high) = (0, drawn.count)
    while low < high {
      let middle = (low + high) / 2
      if drawn[middle].draw <= draw { low = middle + 1 } else { high = middle }
    }
    drawn.insert((draw, text), at: low)
  }

  /// Source: S. Vigna's SplitMix64, its output function.
  private static func draw(_ key: UInt64) -> UInt64 {
    var z = (key &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
