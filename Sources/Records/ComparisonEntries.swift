/// A square matrix of comparisons: entry [i][j] > 0 says that candidate i is better than j.
package protocol ComparisonEntries {
  /// The number of candidates.
  var count: Int { get }
  /// The entry of row `row` and column `column`.
  subscript(row: Int, column: Int) -> Double { get }
}
