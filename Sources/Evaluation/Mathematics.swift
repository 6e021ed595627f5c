internal import Glibc

/// 10 to the power of `exponent`.
func exponentialOfTen(_ exponent: Double) -> Double { pow(10, exponent) }

/// e to the power of `exponent`.
func exponential(_ exponent: Double) -> Double { exp(exponent) }

/// The natural logarithm.
func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// ln(1 + e^x) without overflow.
func softplus(_ x: Double) -> Double { x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)) }

/// The cube root.
func cubeRoot(_ value: Double) -> Double { cbrt(value) }

/// Sine and cosine of an angle in radians.
func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) { (sin(angle), cos(angle)) }

/// A symmetric positive definite matrix [count, count], factored for solving.
///
/// Source: Cholesky's factorisation, row by row.
struct CholeskyFactor {
  private let count: Int
  private var lower: [Double]

  /// Factors a matrix; `nil` when it is not positive definite.
  init?(_ matrix: [Double], count: Int) {
    self.count = count
    lower = matrix
    for row in 0..<count {
      for column in 0...row {
        var sum = lower[row * count + column]
        for k in 0..<column { sum -= lower[row * count + k] * lower[column * count + k] }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          lower[row * count + row] = sum.squareRoot()
        } else {
          lower[row * count + column] = sum / lower[column * count + column]
        }
      }
    }
  }

  /// The solution x of A x = b.
  func solve(_ right: [Double]) -> [Double] {
    var x = right
    for row in 0..<count {
      for k in 0..<row { x[row] -= lower[row * count + k] * x[k] }
      x[row] /= lower[row * count + row]
    }
    for row in (0..<count).reversed() {
      for k in (row + 1)..<max(count, row + 1) { x[row] -= lower[k * count + row] * x[k] }
      x[row] /= lower[row * count + row]
    }
    return x
  }

  /// The inverse matrix [count, count].
  var inverse: [Double] {
    var result = [Double](repeating: 0, count: count * count)
    for column in 0..<count {
      var unit = [Double](repeating: 0, count: count)
      unit[column] = 1
      for (row, value) in solve(unit).enumerated() { result[row * count + column] = value }
    }
    return result
  }
}
