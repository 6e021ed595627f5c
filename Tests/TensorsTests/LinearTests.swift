import Testing

@testable import Tensors

@Suite struct LinearTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let tokens: Int
    let inputs: Int
    let outputs: Int
    var testDescription: String { "\(tokens) x \(inputs) -> \(outputs)" }
  }

  static let cases = [
    Case(tokens: 1, inputs: 64, outputs: 32), Case(tokens: 3, inputs: 37, outputs: 21),
    Case(tokens: 8, inputs: 128, outputs: 300), Case(tokens: 64, inputs: 96, outputs: 256),
    Case(tokens: 65, inputs: 130, outputs: 257), Case(tokens: 130, inputs: 33, outputs: 300),
  ]

  /// The largest error allowed for inputs and weights in -1...1, for each root of the depth.
  static func tolerance(_ precision: Precision, inputs: Int) -> Double {
    let depth = Double(inputs).squareRoot()
    switch precision {
    case .float32: return 2e-6 * depth
    // 8 bits of mantissa on both sides.
    case .bfloat16: return 6e-3 * depth
    // Steps of 2/255 and 1/127, each off by at most a half.
    case .int8: return 2e-2 * depth
    }
  }

  @Test(arguments: cases, Precision.allCases)
  func everyPrecisionMatchesItsTwin(_ shape: Case, _ precision: Precision) {
    var numbers = SeededNumbers(seed: UInt64(shape.tokens * 1000 + shape.outputs))
    let input = numbers.matrix(shape.tokens, shape.inputs)
    let weight = numbers.matrix(shape.outputs, shape.inputs)
    let bias = numbers.vector(shape.outputs)
    let residual = numbers.matrix(shape.tokens, shape.outputs)
    let biases = bias.elements
    let expected = Naive.multiply(input, weight, transposesRight: true).enumerated().map {
      row, sums in
      sums.enumerated().map { column, sum in
        Naive.activate(.gelu, sum + Double(biases[column])) + Double(residual[row, column])
      }
    }
    for (backend, isCompiled) in [
      (Backend.current, false), (.current, true), (.portable, false),
    ] {
      for threads in [1, 3] {
        let compute = Compute(pool: ThreadPool(count: threads), backend: backend)
        compute.usesCompiledProducts = isCompiled
        let layer = Linear(weight: weight, bias: bias, precision: precision, for: compute)
        #expect(layer.precision == backend.precision(for: precision))
        let output = Matrix(rows: shape.tokens, columns: shape.outputs)
        compute.linear(layer, input, into: output, activation: .gelu, adding: residual)
        #expect(
          Naive.error(output, expected) < Self.tolerance(layer.precision, inputs: shape.inputs))
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func stackedLayersAreTheLayersSideBySide(_ precision: Precision) {
    let compute = Compute(pool: ThreadPool(count: 2))
    var numbers = SeededNumbers(seed: 5)
    let input = numbers.matrix(70, 48)
    let weights = [numbers.matrix(48, 48), numbers.matrix(270, 48), numbers.matrix(7, 48)]
    let biases = [numbers.vector(48), nil, numbers.vector(7)]
    let stacked = Linear(
      stacking: Array(zip(weights, biases)), precision: precision, for: compute)
    let whole = Matrix(rows: 70, columns: 325)
    compute.linear(stacked, input, into: whole)
    var first = 0
    for (weight, bias) in zip(weights, biases) {
      let layer = Linear(weight: weight, bias: bias, precision: precision, for: compute)
      let part = Matrix(rows: 70, columns: weight.rows)
      compute.linear(layer, input, into: part)
      #expect(part.elements == whole.columns(first..<first + weight.rows).elements)
      first += weight.rows
    }
  }

  @Test(arguments: Precision.allCases)
  func residualMayBeTheOutputAndRowsMayHaveGaps(_ precision: Precision) {
    for isCompiled in [false, true] {
      let compute = Compute(pool: ThreadPool(count: 2))
      compute.usesCompiledProducts = isCompiled
      var numbers = SeededNumbers(seed: 6)
      let wide = numbers.matrix(90, 100)
      let input = wide.columns(10..<74)
      let layer = Linear(weight: numbers.matrix(40, 64), precision: precision, for: compute)
      let plain = Matrix(rows: 90, columns: 40)
      compute.linear(layer, input, into: plain)
      let target = numbers.matrix(90, 60)
      let before = target.elements
      let output = target.columns(3..<43)
      compute.linear(layer, input, into: output, adding: output)
      for row in 0..<90 {
        for column in 0..<60 {
          let old = before[row * 60 + column]
          let isInside = (3..<43).contains(column)
          let expected = isInside ? plain[row, column - 3] + old : old
          #expect(abs(target[row, column] - expected) < 1e-5)
        }
      }
    }
  }

  @Test func aRowThatIsNotFiniteStaysVisible() {
    for precision in Precision.allCases {
      let compute = Compute(pool: ThreadPool(count: 1))
      var numbers = SeededNumbers(seed: 7)
      let input = numbers.matrix(3, 32)
      input[1, 4] = .nan
      let layer = Linear(weight: numbers.matrix(16, 32), precision: precision, for: compute)
      let output = Matrix(rows: 3, columns: 16)
      compute.linear(layer, input, into: output)
      #expect(output.rows(0..<1).all { $0.isFinite })
      #expect(output.rows(1..<2).all { $0.isNaN })
      #expect(output.rows(2..<3).all { $0.isFinite })
    }
  }

  /// The kernels read the layout that oneDNN chooses for these shapes; were it another one, they would
  /// silently never run.
  @Test func theKernelsReadOneDNNsLayout() {
    let compute = Compute(pool: ThreadPool(count: 1))
    guard compute.backend.library == .oneDNN else { return }
    var numbers = SeededNumbers(seed: 9)
    for precision in Precision.allCases {
      let layer = Linear(weight: numbers.matrix(600, 70), precision: precision, for: compute)
      guard case .packed(let panels) = layer.storage else {
        Issue.record("\(precision) is not packed")
        continue
      }
      #expect(panels.map { $0.order?.width } == [64, 64, 64])
    }
  }

  @Test func noTokensAreNoWork() {
    let compute = Compute(pool: ThreadPool(count: 2))
    var numbers = SeededNumbers(seed: 8)
    let layer = Linear(weight: numbers.matrix(16, 32), precision: .float32, for: compute)
    compute.linear(
      layer, Matrix(rows: 0, columns: 32), into: Matrix(rows: 0, columns: 16))
  }
}
