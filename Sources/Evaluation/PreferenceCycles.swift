package import Records

/// Cycles of preferences (A over B, B over C, C over A) in the verdicts on one example.
package struct PreferenceCycles: Sendable, Equatable {
  /// The minimal cycles found, as models, each beaten by the one before it and the first by the last.
  package let cycles: [[String]]
  /// Whether the search stopped at its limit, so that there can be more.
  package let isTruncated: Bool

  /// Finds the minimal cycles: those that contain no shorter cycle among their models.
  ///
  /// A model is over another when it won more of their decisive verdicts; ties count for nothing.
  ///
  /// - Parameters:
  ///   - models: the candidates' models; verdicts on others are left out.
  ///   - verdicts: the verdicts.
  ///   - limit: how many cycles to list at most.
  ///   - stepLimit: how many steps to search at most.
  package init(
    models: [String], verdicts: [PairVerdict], limit: Int = 10, stepLimit: Int = 100_000
  ) {
    let index = ModelIndex(models)
    let count = index.names.count
    var balance = [Int](repeating: 0, count: count * count)
    for verdict in verdicts where !verdict.verdict.isTie {
      guard let a = index.number(of: verdict.modelA), let b = index.number(of: verdict.modelB),
        a != b
      else { continue }
      let sign = verdict.verdict == .aIsBetter ? 1 : -1
      balance[a * count + b] += sign
      balance[b * count + a] -= sign
    }
    var search = Search(balance: balance, count: count, limit: limit, steps: stepLimit)
    for start in 0..<count where !search.isOver {
      search.extend([start])
    }
    cycles = search.found.map { $0.map { index.names[$0] } }
    isTruncated = search.isOver
  }

  /// A depth-first search for cycles without chords, each from its smallest member on.
  private struct Search {
    let balance: [Int]
    let count: Int
    let limit: Int
    var steps: Int
    var found: [[Int]] = []
    var isOver = false

    init(balance: [Int], count: Int, limit: Int, steps: Int) {
      self.balance = balance
      self.count = count
      self.limit = limit
      self.steps = steps
    }

    func beats(_ a: Int, _ b: Int) -> Bool { balance[a * count + b] > 0 }

    mutating func extend(_ path: [Int]) {
      guard let last = path.last else { return }
      for next in (path[0] + 1)..<max(count, path[0] + 1)
      where beats(last, next) && !path.contains(next) {
        guard !isOver else { return }
        steps -= 1
        if steps < 0 {
          isOver = true
          return
        }
        // A link to an inner model, in either direction, is a chord: a shorter cycle exists.
        let inner = path.dropFirst().dropLast()
        if inner.contains(where: { beats($0, next) || beats(next, $0) }) { continue }
        if path.count > 1 && beats(path[0], next) { continue }
        if path.count > 1 && beats(next, path[0]) {
          guard found.count < limit else {
            isOver = true
            return
          }
          found.append(path + [next])
        } else {
          extend(path + [next])
        }
      }
    }
  }
}
