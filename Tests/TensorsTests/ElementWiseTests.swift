import Foundation
import Testing

@testable import Tensors

extension KernelTests {
  @Suite struct ElementWiseTests {
    @Test(arguments: Activation.allCases)
    func activationsAreWithinAMillionthOfExact(_ activation: Activation) {
      let count = 20_003
      var inputs = (0..<count).map { Float($0 - count / 2) * 0.001 }
      inputs += [0, -0.0, 1e-30, -1e-30, 1e-7, 30, -30, 88, -88, 100, -100, 1e20, -1e20]
      let input = Matrix(rows: 1, columns: inputs.count, elements: inputs)
      KernelTests.onAllLevels { compute in
        let output = Matrix(rows: 1, columns: inputs.count)
        compute.apply(activation, to: input, into: output)
        for (index, x) in inputs.enumerated() {
          let exact = Naive.activate(activation, Double(x))
          let error = abs(Double(output[0, index]) - exact)
          #expect(
            error <= 1e-6 * abs(exact) + 1e-9,
            "\(activation)(\(x)) = \(output[0, index]), not \(exact)")
        }
      }
    }

    @Test(arguments: Activation.allCases)
    func activationsKeepNaN(_ activation: Activation) {
      KernelTests.onAllLevels { compute in
        let values = Matrix(rows: 1, columns: 3, elements: [1, .nan, 2])
        compute.apply(activation, to: values, into: values)
        #expect(values[0, 0].isFinite && values[0, 1].isNaN && values[0, 2].isFinite)
      }
    }

    @Test(arguments: [1, 5, 15, 16, 17, 64, 100, 1024])
    func rowsOfEveryWidth(_ columns: Int) {
      KernelTests.onAllLevels { compute in
        var numbers = SeededNumbers(seed: UInt64(columns))
        let rows = 13
        let input = numbers.matrix(rows, columns + 3).columns(1..<columns + 1)
        let residual = numbers.matrix(rows, columns)
        let weight = numbers.vector(columns)
        let bias = numbers.vector(columns)
        let output = Matrix(rows: rows, columns: columns)
        let sum = Matrix(rows: rows, columns: columns)

        compute.addBias(bias, to: input, activation: .relu, into: output)
        var expected = Naive.rows(input).map { row in
          row.enumerated().map { max(0, $1 + Double(bias.elements[$0])) }
        }
        #expect(Naive.error(output, expected) < 1e-6)

        compute.gated(.silu, gate: input, residual, into: output)
        expected = zip(Naive.rows(input), Naive.rows(residual)).map { gates, values in
          zip(gates, values).map { Naive.activate(.silu, $0) * $1 }
        }
        #expect(Naive.error(output, expected) < 1e-6)

        compute.add(input, times: 2, residual, times: -0.5, into: output)
        expected = zip(Naive.rows(input), Naive.rows(residual)).map {
          zip($0, $1).map { 2 * $0 - 0.5 * $1 }
        }
        #expect(Naive.error(output, expected) < 1e-6)

        compute.multiplyElements(input, residual, into: output)
        expected = zip(Naive.rows(input), Naive.rows(residual)).map { zip($0, $1).map { $0 * $1 } }
        #expect(Naive.error(output, expected) < 1e-6)

        let sums = zip(Naive.rows(input), Naive.rows(residual)).map { zip($0, $1).map { $0 + $1 } }
        compute.layerNorm(
          input, adding: residual, weight: weight, bias: bias, epsilon: 1e-5, sum: sum, into: output
        )
        expected = sums.map {
          Naive.layerNorm($0, weight: weight.elements, bias: bias.elements, epsilon: 1e-5)
        }
        #expect(Naive.error(output, expected) < 3e-5)
        #expect(Naive.error(sum, sums) < 1e-6)
        compute.layerNorm(
          input, adding: residual, weight: weight, bias: bias, epsilon: 1e-5, into: sum)
        #expect(sum.elements == output.elements)

        compute.rmsNorm(
          input, adding: residual, weight: weight, epsilon: 1e-6, sum: sum, into: output)
        expected = sums.map { Naive.rmsNorm($0, weight: weight.elements, epsilon: 1e-6) }
        #expect(Naive.error(output, expected) < 1e-5)
        #expect(Naive.error(sum, sums) < 1e-6)

        let turned = Matrix(rows: columns, columns: rows)
        compute.transpose(input, into: turned)
        let isTransposed = (0..<rows).allSatisfy { row in
          (0..<columns).allSatisfy { turned[$0, row] == input[row, $0] }
        }
        #expect(isTransposed)
      }
    }

    @Test(arguments: [1, 5, 16, 31, 200])
    func softmaxOfEveryWidth(_ columns: Int) {
      KernelTests.onAllLevels { compute in
        var numbers = SeededNumbers(seed: UInt64(columns))
        let rows = 9
        let input = numbers.matrix(rows, columns, in: -30...30)
        let bias = numbers.matrix(rows, columns)
        if columns > 3 { bias[2, 3] = -.infinity }
        let output = Matrix(rows: rows, columns: columns)
        compute.copy(input, into: output)
        compute.softmax(output, scale: 0.5, bias: bias)
        let scaled = zip(Naive.rows(input), Naive.rows(bias)).map {
          zip($0, $1).map { 0.5 * $0 + $1 }
        }
        #expect(Naive.error(output, scaled.map(Naive.softmax)) < 1e-6)
        if columns > 3 { #expect(output[2, 3] == 0) }

        compute.copy(input, into: output)
        compute.softmax(output, valid: 1, step: 1)
        for row in 0..<rows {
          let count = min(columns, row + 1)
          let expected = Naive.softmax(Array(Naive.rows(input)[row].prefix(count)))
          let part = output.rows(row..<row + 1)
          #expect(Naive.error(part.columns(0..<count), [expected]) < 1e-6)
          #expect(part.columns(count..<columns).all { $0 == 0 })
        }

        compute.logSoftmax(input, into: output)
        let logs = Naive.rows(input).map { row -> [Double] in
          Naive.softmax(row).map { value in value > 0 ? value : 0 }
        }
        for row in 0..<rows {
          for column in 0..<columns {
            let power = Double(output[row, column])
            #expect(abs(Double.exp(power) - logs[row][column]) < 1e-6)
          }
        }
      }
    }

    @Test func aRowWithoutAnythingAllowedIsZero() {
      KernelTests.onAllLevels { compute in
        let values = Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
        let bias = Matrix(rows: 1, columns: 3, elements: [-.infinity, -.infinity, -.infinity])
        compute.softmax(values, bias: bias)
        #expect(values.elements == [0, 0, 0, 0, 0, 0])
      }
    }

    @Test func gathersRows() {
      let compute = Compute(pool: ThreadPool(count: 2))
      let table = Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6])
      let output = Matrix(rows: 4, columns: 2)
      compute.gather(table, rows: [2, 0, 0, 1], into: output)
      #expect(output.elements == [5, 6, 1, 2, 1, 2, 3, 4])
      compute.addGathered(table, rows: [0, 0, 1, 2], to: output)
      #expect(output.elements == [6, 8, 2, 4, 4, 6, 8, 10])
    }
  }
}

extension Double {
  fileprivate static func exp(_ x: Double) -> Double { Foundation.exp(x) }
}
