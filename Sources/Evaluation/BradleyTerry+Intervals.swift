extension BradleyTerry {
  /// How the spread of the strengths is estimated.
  package enum Covariance: String, Sendable, CaseIterable {
    /// The inverse of the observed Fisher information: right when the model is.
    case fisher
    /// Information, spread of the residuals, information: right for wrong models too.
    case sandwich
  }

  /// The covariance matrix of the strengths, [count, count], in the space of mean 0.
  ///
  /// Source: inverse information; for `sandwich` White, Econometrica 50 (1982), games independent.
  ///
  /// - Parameters:
  ///   - kind: how it is estimated.
  ///   - ties: how many games of each pair were ties, [count, count], symmetric; a tie has residual
  ///     ½ − p and so less spread than two half games. `nil` for no ties.
  /// - Returns: the matrix; `nil` when the information cannot be inverted.
  package func covariance(_ kind: Covariance, ties: [Double]? = nil) -> [Double]? {
    guard count > 0 else { return [] }
    let mean = 1 / Double(count)
    let information = Self.information(theta, wins: wins, ridge: ridge, mean: mean)
    guard let factor = CholeskyFactor(information, count: count) else { return nil }
    let inverse = centred(factor.inverse)
    guard kind == .sandwich else { return inverse }
    var spread = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count where i < j {
        let tied = ties?[i * count + j] ?? 0
        let p = Self.probability(theta[i] - theta[j])
        let won = max(0, wins[i * count + j] - tied / 2)
        let lost = max(0, wins[j * count + i] - tied / 2)
        let square = won * (1 - p) * (1 - p) + lost * p * p + tied * (0.5 - p) * (0.5 - p)
        spread[i * count + i] += square
        spread[j * count + j] += square
        spread[i * count + j] -= square
        spread[j * count + i] -= square
      }
    }
    return product(product(inverse, spread), inverse)
  }

  /// 95 % intervals of the strengths.
  ///
  /// - Parameters:
  ///   - kind: how the spread is estimated.
  ///   - ties: how many games of each pair were ties, [count, count].
  /// - Returns: one interval per player; `nil` when the information cannot be inverted.
  package func intervals(_ kind: Covariance, ties: [Double]? = nil) -> [ConfidenceInterval]? {
    covariance(kind, ties: ties).map { covariance in
      theta.indices.map { i in
        let error = max(0, covariance[i * count + i]).squareRoot()
        let reach = ConfidenceInterval.normalReach95 * error
        return ConfidenceInterval(lower: theta[i] - reach, upper: theta[i] + reach)
      }
    }
  }

  /// P A P with P the projection on vectors of mean 0.
  private func centred(_ matrix: [Double]) -> [Double] {
    var rows = [Double](repeating: 0, count: count)
    var total = 0.0
    for i in 0..<count {
      for j in 0..<count { rows[i] += matrix[i * count + j] / Double(count) }
      total += rows[i] / Double(count)
    }
    return matrix.indices.map { matrix[$0] - rows[$0 / count] - rows[$0 % count] + total }
  }

  private func product(_ left: [Double], _ right: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for k in 0..<count {
        let factor = left[i * count + k]
        for j in 0..<count { result[i * count + j] += factor * right[k * count + j] }
      }
    }
    return result
  }
}
