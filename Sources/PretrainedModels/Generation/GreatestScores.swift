/// The greatest of many scores; of equal ones those that came first.
struct GreatestScores {
  private let count: Int
  /// A heap with the least score on top; of equal ones the last that came.
  private var heap: [(score: Float, index: Int)] = []

  /// Prepares to keep some scores.
  ///
  /// - Parameter count: how many are kept, at least 1.
  init(count: Int) {
    self.count = count
    heap.reserveCapacity(count)
  }

  /// The least score that is kept; -infinity while there is room.
  var least: Float { heap.count < count ? -.infinity : heap[0].score }

  /// The kept scores and their indices, the greatest first.
  var sorted: [(score: Float, index: Int)] {
    heap.sorted { $0.score > $1.score || ($0.score == $1.score && $0.index < $1.index) }
  }

  /// Offers a score; indices grow from call to call.
  @inline(__always)
  mutating func add(_ score: Float, _ index: Int) {
    if heap.count == count {
      // A later score that equals the least one is not kept.
      guard score > heap[0].score else { return }
      replaceTop(with: (score, index))
    } else {
      insert((score, index))
    }
  }

  private static func isLess(
    _ left: (score: Float, index: Int), _ right: (score: Float, index: Int)
  ) -> Bool {
    left.score < right.score || (left.score == right.score && left.index > right.index)
  }

  private mutating func insert(_ item: (score: Float, index: Int)) {
    heap.append(item)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard Self.isLess(heap[child], heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func replaceTop(with item: (score: Float, index: Int)) {
    heap[0] = item
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, Self.isLess(heap[child + 1], heap[child]) { child += 1 }
      guard Self.isLess(heap[child], heap[parent]) else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
