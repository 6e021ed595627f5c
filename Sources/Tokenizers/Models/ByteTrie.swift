/// Byte strings with a number each, found by walking along a text.
///
/// The edges of all nodes lie in one hash table, so that building takes no sorting and a large
/// vocabulary no more than its bytes justify.
struct ByteTrie: Sendable {
  /// The node that every walk starts at.
  static let root: UInt32 = 0

  private static let childBits: UInt64 = 28
  private static let empty = UInt64.max

  /// Key (node and byte) in the high bits, child in the low ones.
  private var edges: [UInt64]
  private var edgeCount = 0
  private var shift: UInt64
  private var rootChildren = [UInt32](repeating: 0, count: 256)
  private var values: [Int32] = [-1]

  /// A trie without strings.
  init(expectedBytes: Int = 0) {
    var bits: UInt64 = 4
    while 1 << bits < expectedBytes, bits < 16 { bits += 1 }
    edges = [UInt64](repeating: Self.empty, count: 1 << bits)
    shift = 64 - bits
  }

  /// Adds a string, or gives it another number.
  ///
  /// - Returns: `false` when the trie is full, which takes hundreds of millions of bytes.
  mutating func insert(_ bytes: ByteView, value: Int32) -> Bool {
    var node = Self.root
    for index in 0..<bytes.count {
      if let child = child(of: node, bytes[index]) {
        node = child
        continue
      }
      guard values.count < 1 << Self.childBits - 1 else { return false }
      let child = UInt32(values.count)
      values.append(-1)
      addEdge(node, bytes[index], child)
      node = child
    }
    values[Int(node)] = value
    return true
  }

  /// The child of a node, or `nil`.
  @inline(__always) func child(of node: UInt32, _ byte: UInt8) -> UInt32? {
    if node == Self.root {
      let child = rootChildren[Int(byte)]
      return child == 0 ? nil : child
    }
    let key = UInt64(node) << 8 | UInt64(byte)
    var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while true {
      let edge = edges[slot]
      if edge == Self.empty { return nil }
      if edge >> Self.childBits == key {
        return UInt32(truncatingIfNeeded: edge & (1 << Self.childBits - 1))
      }
      slot = (slot + 1) & (edges.count - 1)
    }
  }

  /// The number of the string that ends at a node; -1 when none does.
  @inline(__always) func value(at node: UInt32) -> Int32 { values[Int(node)] }

  /// The longest string that a text has at a place.
  ///
  /// - Returns: the string's number and where it ends, or `nil`.
  @inline(__always) func longestMatch(in text: ByteView, at start: Int) -> (value: Int32, end: Int)?
  {
    var node = Self.root
    var found: (value: Int32, end: Int)?
    var index = start
    while index < text.count, let child = child(of: node, text[index]) {
      node = child
      index += 1
      let value = values[Int(node)]
      if value >= 0 { found = (value, index) }
    }
    return found
  }

  private mutating func addEdge(_ node: UInt32, _ byte: UInt8, _ child: UInt32) {
    if node == Self.root {
      rootChildren[Int(byte)] = child
      return
    }
    if (edgeCount + 1) * 2 > edges.count { grow() }
    place((UInt64(node) << 8 | UInt64(byte)) << Self.childBits | UInt64(child))
    edgeCount += 1
  }

  private mutating func place(_ edge: UInt64) {
    var slot = Int(((edge >> Self.childBits) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while edges[slot] != Self.empty { slot = (slot + 1) & (edges.count - 1) }
    edges[slot] = edge
  }

  private mutating func grow() {
    let old = edges
    shift -= 1
    edges = [UInt64](repeating: Self.empty, count: old.count * 2)
    for edge in old where edge != Self.empty { place(edge) }
  }
}
