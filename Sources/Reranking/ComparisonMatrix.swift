internal import Records

/// The logits of the ordered pairs of an input's candidates, as far as they are known.
///
/// Entry [i][j] is the logit of the pair (i, j): above 0, i is better than j.
package struct ComparisonMatrix: ComparisonEntries, Sendable, Equatable {
  /// The number of candidates.
  package let count: Int
  /// Row by row, `[count, count]`; NaN where unknown.
  private var logits: [Float]

  /// A matrix of which nothing is known.
  ///
  /// - Parameter count: the number of candidates.
  package init(count: Int) {
    self.count = count
    logits = [Float](repeating: .nan, count: count * count)
  }

  /// A matrix of which everything is known.
  ///
  /// - Parameter rows: the rows, each as long as there are rows.
  package init(rows: [[Float]]) {
    precondition(rows.allSatisfy { $0.count == rows.count }, "the matrix is not square")
    count = rows.count
    logits = rows.flatMap { $0 }
  }

  /// The logit of a pair; `nil` when it is not known.
  package subscript(first first: Int, second second: Int) -> Float? {
    get {
      let logit = logits[first * count + second]
      return logit.isNaN ? nil : logit
    }
    set { logits[first * count + second] = newValue ?? .nan }
  }

  /// The entry, 0 where it is not known and on the diagonal.
  package subscript(row: Int, column: Int) -> Double {
    row == column ? 0 : Double(self[first: row, second: column] ?? 0)
  }

  /// How much better one candidate is than another in both orders, M[i][j] - M[j][i].
  package func margin(_ one: Int, _ other: Int) -> Float? {
    guard let forward = self[first: one, second: other],
      let backward = self[first: other, second: one]
    else { return nil }
    return forward - backward
  }

  /// Whether all pairs are known.
  package var isComplete: Bool { missing.isEmpty }

  /// The ordered pairs that are not known, row by row.
  package var missing: [(first: Int, second: Int)] {
    var pairs: [(first: Int, second: Int)] = []
    for first in 0..<count {
      for second in 0..<count
      where first != second && self[first: first, second: second] == nil {
        pairs.append((first, second))
      }
    }
    return pairs
  }

  /// The rows, with 0 on the diagonal and where nothing is known.
  package var rows: [[Double]] {
    (0..<count).map { row in (0..<count).map { self[row, $0] } }
  }
}
