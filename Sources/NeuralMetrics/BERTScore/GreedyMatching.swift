internal import Tensors

/// Finds for each token of two texts the most similar one of the other text.
///
/// Axes: `candidate` and `reference` tokens, `hidden`.
///
/// Source: Zhang et al., "BERTScore", 2020, https://arxiv.org/abs/1904.09675; bert-score 0.3.13,
/// `utils.py`, `greedy_cos_idf`. There padding takes part in the search with similarity 0, so that a
/// token whose best similarity is negative scores as its batch has it; here it scores as it is.
struct GreedyMatching {
  /// The best similarity of each token of both texts.
  struct Result {
    /// Of each of the candidate's tokens.
    var candidate: [Float]
    /// Of each of the reference's tokens.
    var reference: [Float]
  }

  private let compute: Compute

  /// The most similarities at a time: 16 MB.
  private static let elementBudget = 4 << 20
  /// The rows of a candidate that are compared together.
  private static let blockRows = 256

  /// A search.
  init(_ compute: Compute) { self.compute = compute }

  /// Part of one pair's similarities.
  private struct Block {
    let pair: Int
    let rows: Range<Int>
    let columns: Int
  }

  /// Searches.
  ///
  /// - Parameter pairs: the states of candidates `[candidate, hidden]` and references
  ///   `[reference, hidden]`, of length 1 each.
  /// - Returns: what was found, in the order of the pairs.
  func match(_ pairs: [(candidate: Matrix, reference: Matrix)]) -> [Result] {
    var results = pairs.map {
      Result(
        candidate: [Float](repeating: -.infinity, count: $0.candidate.rows),
        reference: [Float](repeating: -.infinity, count: $0.reference.rows))
    }
    var blocks: [Block] = []
    var elements = 0
    for (number, pair) in pairs.enumerated() {
      for start in stride(from: 0, to: pair.candidate.rows, by: Self.blockRows) {
        let end = min(pair.candidate.rows, start + Self.blockRows)
        let block = Block(pair: number, rows: start..<end, columns: pair.reference.rows)
        let size = block.rows.count * block.columns
        if elements + size > Self.elementBudget, !blocks.isEmpty {
          compare(blocks, of: pairs, into: &results)
          blocks.removeAll()
          elements = 0
        }
        blocks.append(block)
        elements += size
      }
    }
    compare(blocks, of: pairs, into: &results)
    return results
  }

  private func compare(
    _ blocks: [Block], of pairs: [(candidate: Matrix, reference: Matrix)],
    into results: inout [Result]
  ) {
    compute.workspace.scope {
      // [candidate, reference] of each block
      let similarities = blocks.map {
        compute.workspace.matrix(rows: $0.rows.count, columns: $0.columns)
      }
      compute.multiply(
        zip(blocks, similarities).map { block, similarity in
          Compute.Product(
            pairs[block.pair].candidate.rows(block.rows), pairs[block.pair].reference,
            transposesRight: true, into: similarity)
        })
      for (block, similarity) in zip(blocks, similarities) {
        for row in 0..<similarity.rows {
          similarity.withRow(row) { values in
            var best = -Float.infinity
            for column in values.indices {
              let value = values[column]
              best = max(best, value)
              if value > results[block.pair].reference[column] {
                results[block.pair].reference[column] = value
              }
            }
            results[block.pair].candidate[block.rows.lowerBound + row] = best
          }
        }
      }
    }
  }
}
