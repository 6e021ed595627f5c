internal import Dispatch
internal import Synchronization

/// Work that is shared by threads, with results in the order of the input.
enum Parallel {
  /// Transforms every element.
  ///
  /// - Parameters:
  ///   - elements: the elements.
  ///   - threads: how many threads work, at least 1.
  ///   - transform: the work; called from several threads at once.
  /// - Returns: the results in the order of `elements`, whatever the number of threads.
  /// - Throws: what `transform` throws for the first element that it throws for.
  static func map<Element: Sendable, Value: Sendable>(
    _ elements: [Element], threads: Int, _ transform: @Sendable (Element) throws -> Value
  ) throws -> [Value] {
    // Long and short texts come in runs; small pieces, taken by turns, even them out.
    let pieceSize = 32
    let pieceCount = (elements.count + pieceSize - 1) / pieceSize
    guard threads > 1, pieceCount > 1 else { return try elements.map(transform) }
    let next = Atomic<Int>(0)
    let pieces = Mutex([Result<[Value], any Error>?](repeating: nil, count: pieceCount))
    DispatchQueue.concurrentPerform(iterations: min(threads, pieceCount)) { _ in
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard piece < pieceCount else { return }
        let range = (piece * pieceSize)..<min((piece + 1) * pieceSize, elements.count)
        let result = Result { try elements[range].map(transform) }
        pieces.withLock { $0[piece] = result }
      }
    }
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for case let piece? in pieces.withLock({ $0 }) { values += try piece.get() }
    return values
  }
}
