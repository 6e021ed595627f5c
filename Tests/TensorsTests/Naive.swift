import Foundation
import Tensors

/// The same operations in double precision, one element after the other: what the kernels must give.
enum Naive {
  static func multiply(
    _ a: Matrix, transposesLeft transposesA: Bool = false, _ b: Matrix,
    transposesRight transposesB: Bool = false
  ) -> [[Double]] {
    let rows = transposesA ? a.columns : a.rows
    let depth = transposesA ? a.rows : a.columns
    let columns = transposesB ? b.rows : b.columns
    // Plain loops over arrays: the tests run without optimisation.
    let (left, right) = (a.elements.map(Double.init), b.elements.map(Double.init))
    let (leftStep, rightStep) = (transposesA ? a.columns : 1, transposesB ? 1 : b.columns)
    var result: [[Double]] = []
    for i in 0..<rows {
      var row = [Double](repeating: 0, count: columns)
      for j in 0..<columns {
        var sum = 0.0
        var x = transposesA ? i : i * a.columns
        var y = transposesB ? j * b.columns : j
        for _ in 0..<depth {
          sum += left[x] * right[y]
          x += leftStep
          y += rightStep
        }
        row[j] = sum
      }
      result.append(row)
    }
    return result
  }

  static func activate(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .gelu: 0.5 * x * erfc(-x / 2.0.squareRoot())
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .relu: max(x, 0)
    case .silu: x / (1 + exp(-x))
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    }
  }

  static func softmax(_ row: [Double]) -> [Double] {
    let most = row.max() ?? 0
    if most == -.infinity { return row.map { _ in 0 } }
    let powers = row.map { exp($0 - most) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  static func layerNorm(
    _ row: [Double], weight: [Float], bias: [Float]?, epsilon: Double
  ) -> [Double] {
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    return row.indices.map {
      (row[$0] - mean) / (variance + epsilon).squareRoot() * Double(weight[$0])
        + Double(bias?[$0] ?? 0)
    }
  }

  static func rmsNorm(_ row: [Double], weight: [Float], epsilon: Double) -> [Double] {
    let square = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
    return row.indices.map { row[$0] / (square + epsilon).squareRoot() * Double(weight[$0]) }
  }

  static func row(_ matrix: Matrix, _ row: Int) -> [Float] {
    (0..<matrix.columns).map { matrix[row, $0] }
  }

  static func rows(_ matrix: Matrix) -> [[Double]] {
    (0..<matrix.rows).map { row in (0..<matrix.columns).map { Double(matrix[row, $0]) } }
  }

  /// The largest difference, relative to 1 or the value where that is larger.
  static func error(_ matrix: Matrix, _ expected: [[Double]]) -> Double {
    guard matrix.rows == expected.count else { return .infinity }
    var most = 0.0
    for (row, values) in expected.enumerated() {
      guard matrix.columns == values.count else { return .infinity }
      for (column, value) in values.enumerated() {
        let difference = abs(Double(matrix[row, column]) - value) / max(1, abs(value))
        // A NaN must not pass as small.
        most = difference > most || difference.isNaN ? difference : most
      }
    }
    return most
  }
}

extension Matrix {
  /// Whether all elements satisfy a condition. (`#expect` cannot hold a call that rethrows.)
  func all(_ condition: (Float) -> Bool) -> Bool { elements.allSatisfy { condition($0) } }
}
