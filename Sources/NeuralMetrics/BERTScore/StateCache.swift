internal import Tensors

/// The states of texts, by their tokens, in bounded memory: what was used longest ago leaves first.
///
/// Texts are told apart by their tokens, as the model does, and not by Swift's equality, which takes
/// "é" in one and in two characters for the same.
struct StateCache {
  private struct Entry {
    let states: Matrix
    var turn: Int
  }

  /// The most bytes.
  let limit: Int
  private var entries: [[Int]: Entry] = [:]
  private var turn = 0
  private var byteCount = 0

  /// An empty cache.
  ///
  /// - Parameter limit: the most bytes; a single turn that needs more has them.
  init(limit: Int) { self.limit = limit }

  /// The states of a text, `[tokens, hidden]`.
  func states(of ids: [Int]) -> Matrix? { entries[ids]?.states }

  /// Begins a turn, and makes room for what is new in it.
  ///
  /// - Parameters:
  ///   - texts: the texts that are needed, each once; none of them leaves before the next turn.
  ///   - columns: the length of a state.
  /// - Returns: those whose states are not here.
  mutating func beginTurn(_ texts: [[Int]], columns: Int) -> [[Int]] {
    turn += 1
    var missing: [[Int]] = []
    var needed = 0
    for ids in texts {
      if entries[ids] == nil {
        missing.append(ids)
        needed += Self.size(ids.count, columns)
      } else {
        entries[ids]?.turn = turn
      }
    }
    guard byteCount + needed > limit else { return missing }
    let current = turn
    for (ids, entry) in entries.filter({ $0.value.turn < current })
      .sorted(by: { $0.value.turn < $1.value.turn })
    {
      entries[ids] = nil
      byteCount -= Self.size(entry.states.rows, entry.states.columns)
      if byteCount + needed <= limit { break }
    }
    return missing
  }

  /// Keeps the states of a text.
  mutating func insert(_ states: Matrix, of ids: [Int]) {
    guard entries.updateValue(Entry(states: states, turn: turn), forKey: ids) == nil else { return }
    byteCount += Self.size(states.rows, states.columns)
  }

  /// The bytes of a text's states.
  static func size(_ tokens: Int, _ columns: Int) -> Int {
    tokens * columns * MemoryLayout<Float>.stride
  }
}
