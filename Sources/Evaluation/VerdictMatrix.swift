package import Records

/// The verdicts of one example as a matrix: entry [i][j] > 0 says that i is better than j.
///
/// Source: LLM-Blender `get_ranks_from_chatgpt_cmps`. Verdicts on the same pair add up, whichever
/// order they were given in.
package struct VerdictMatrix: ComparisonEntries, Sendable, Equatable {
  /// The number of candidates.
  package let count: Int
  /// The entries, row by row: [count, count].
  package private(set) var entries: [Double]
  /// How many verdicts name a model that is no candidate, or one model twice; they are left out.
  package private(set) var ignoredVerdicts = 0
  /// How many verdicts were used.
  package private(set) var usedVerdicts = 0

  /// A matrix of given entries.
  ///
  /// - Parameter rows: the rows, each as long as there are rows.
  package init(rows: [[Double]]) {
    precondition(rows.allSatisfy { $0.count == rows.count }, "the matrix is not square")
    count = rows.count
    entries = rows.flatMap { $0 }
  }

  /// The matrix of one example's verdicts.
  ///
  /// - Parameters:
  ///   - models: the candidates' models in order; of a repeated name the first is meant.
  ///   - verdicts: the verdicts.
  ///   - weights: how much each verdict counts; `nil` when each counts 1.
  ///   - ties: what ties add.
  package init(
    models: [String], verdicts: [PairVerdict], weights: [Double]? = nil,
    ties: TiePolicy = .reference
  ) {
    self.init(count: models.count)
    let index = ModelIndex(models)
    let hasRepeats = index.names.count < models.count
    for (place, verdict) in verdicts.enumerated() {
      guard var a = index.number(of: verdict.modelA), var b = index.number(of: verdict.modelB),
        a != b
      else {
        ignoredVerdicts += 1
        continue
      }
      if hasRepeats {
        a = Self.first(models, named: index.names[a])
        b = Self.first(models, named: index.names[b])
      }
      add(verdict.verdict, a, b, ties: ties, weight: weights?[place] ?? 1)
    }
  }

  private static func first(_ models: [String], named name: String) -> Int {
    models.firstIndex { $0.utf8.elementsEqual(name.utf8) } ?? 0
  }

  init(count: Int) {
    self.count = count
    entries = [Double](repeating: 0, count: count * count)
  }

  mutating func add(_ verdict: Verdict, _ a: Int, _ b: Int, ties: TiePolicy, weight: Double = 1) {
    let (forward, backward) = ties.matrixEntries(of: verdict)
    entries[a * count + b] += weight * forward
    entries[b * count + a] += weight * backward
    usedVerdicts += 1
  }

  /// The entry of row `row` and column `column`.
  package subscript(row: Int, column: Int) -> Double { entries[row * count + column] }

  /// The rows.
  package var rows: [[Double]] {
    (0..<count).map { Array(entries[$0 * count..<($0 + 1) * count]) }
  }
}
