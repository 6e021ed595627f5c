internal import CVectorKernels
internal import Glibc

/// The keys and values of sequences that grow by one token at a time, for all layers.
///
/// A lane holds what one sequence adds. Sequences that branch off share the lanes of their common
/// past: which lane holds a position is part of a sequence's history, and nothing is copied when
/// beams change places.
public final class KeyValueCache {
  /// How many sequences can grow at the same time.
  public let lanes: Int
  /// The number of layers.
  public let layers: Int
  /// The number of heads.
  public let heads: Int
  /// The length of a head's keys.
  public let headSize: Int
  /// How the numbers are stored: `.float32` or `.bfloat16`.
  public let precision: Precision
  /// The positions that a lane has room for.
  public private(set) var capacity = 0
  /// `[layers, 2, lanes, heads, capacity, headSize]`: keys, then values.
  private var memory = AlignedMemory(byteCount: 0)
  private static let firstCapacity = 32

  /// Makes an empty cache.
  ///
  /// - Parameters:
  ///   - lanes: how many sequences can grow at the same time.
  ///   - layers: the number of layers.
  ///   - heads: the number of heads.
  ///   - headSize: the length of a head's keys.
  ///   - precision: below float32 bfloat16 numbers are stored where the processor has them.
  ///   - compute: where the cache will be used.
  public init(
    lanes: Int, layers: Int, heads: Int, headSize: Int, precision: Precision, for compute: Compute
  ) {
    precondition(
      lanes > 0 && layers > 0 && heads > 0 && headSize > 0,
      "\(lanes) lanes of \(layers) layers, \(heads) heads of \(headSize)")
    self.lanes = lanes
    self.layers = layers
    self.heads = heads
    self.headSize = headSize
    self.precision = compute.usesBFloat16(precision) ? .bfloat16 : .float32
  }

  /// The memory held, in bytes.
  public var byteCount: Int { memory.byteCount }

  /// Makes room for positions, keeping what is there.
  ///
  /// - Parameter positions: the number of positions that a lane must hold.
  public func reserve(_ positions: Int) {
    guard positions > capacity else { return }
    var wanted = max(capacity, Self.firstCapacity)
    while wanted < positions { wanted *= 2 }
    precondition(lanes * heads * wanted <= Int(Int32.max), "\(wanted) positions in \(lanes) lanes")
    let row = headSize * precision.bytesPerWeight
    let parts = layers * 2 * lanes * heads
    let larger = AlignedMemory(byteCount: parts * wanted * row)
    if capacity > 0 {
      for part in 0..<parts {
        unsafe memcpy(
          larger.base + part * wanted * row, memory.base + part * capacity * row, capacity * row)
      }
    }
    memory = larger
    capacity = wanted
  }

  /// Stores the keys and values of new tokens.
  ///
  /// - Parameters:
  ///   - keys: `[tokens, heads * headSize]`.
  ///   - values: `[tokens, heads * headSize]`.
  ///   - layer: the layer.
  ///   - lanes: the lane of each token.
  ///   - positions: the position of each token; there must be room for it.
  public func store(
    keys: Matrix, values: Matrix, layer: Int, lanes: [Int], positions: [Int]
  ) {
    Compute.check(keys, values, "keys and values")
    precondition(
      keys.columns == heads * headSize && lanes.count == keys.rows
        && positions.count == keys.rows && layer >= 0 && layer < layers,
      "\(keys.shapeText) keys for \(lanes.count) tokens of \(heads) heads of \(headSize)")
    for row in 0..<keys.rows {
      let (lane, position) = (lanes[row], positions[row])
      precondition(
        lane >= 0 && lane < self.lanes && position >= 0 && position < capacity,
        "position \(position) of lane \(lane) in a cache of \(self.lanes) x \(capacity)")
      unsafe store(
        keys.pointer + row * keys.rowStride, at: self.keys(layer: layer, head: 0), lane, position)
      unsafe store(
        values.pointer + row * values.rowStride, at: self.values(layer: layer, head: 0), lane,
        position)
    }
  }

  /// One token: its heads stand `capacity` rows apart.
  private func store(
    _ row: UnsafePointer<Float>, at start: UnsafeMutableRawPointer, _ lane: Int, _ position: Int
  ) {
    let first = (lane * heads * capacity + position) * headSize
    let stride = capacity * headSize
    if precision == .bfloat16 {
      unsafe cvk_to_bfloat16(
        start.assumingMemoryBound(to: UInt16.self) + first, stride, row, headSize, heads,
        headSize)
    } else {
      unsafe cvk_copy(
        start.assumingMemoryBound(to: Float.self) + first, stride, row, headSize, heads,
        headSize)
    }
  }

  /// Where the rows of a history stand, counted from the first one of head 0.
  ///
  /// - Parameter histories: for each sequence, the lane of each of its positions.
  /// - Returns: the places, for attention in every layer.
  public func places(_ histories: [[Int32]]) -> CachePlaces {
    CachePlaces(histories, laneStride: heads * capacity, positions: capacity, lanes: lanes)
  }

  /// Where the rows of a head begin, those of lane 0 first.
  func keys(layer: Int, head: Int) -> UnsafeMutableRawPointer {
    unsafe rows(2 * layer, head)
  }

  func values(layer: Int, head: Int) -> UnsafeMutableRawPointer {
    unsafe rows(2 * layer + 1, head)
  }

  private func rows(_ part: Int, _ head: Int) -> UnsafeMutableRawPointer {
    unsafe memory.base
      + (part * lanes * heads + head) * capacity * headSize * precision.bytesPerWeight
  }
}
