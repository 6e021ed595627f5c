import Testing

@testable import Tensors

@Suite struct MultiplyTests {
  @Test(arguments: [false, true], [false, true])
  func allTranspositionsMatchTheTwin(_ transposesLeft: Bool, _ transposesRight: Bool) {
    for backend in [Backend.current, .portable] {
      let compute = Compute(pool: ThreadPool(count: 2), backend: backend)
      var numbers = SeededNumbers(seed: 11)
      for (m, n, k) in [
        (1, 1, 1), (5, 7, 3), (64, 33, 50), (130, 20, 64), (20, 200, 17), (9, 9, 0),
      ] {
        let left = transposesLeft ? numbers.matrix(k, m) : numbers.matrix(m, k)
        let right = transposesRight ? numbers.matrix(n, k) : numbers.matrix(k, n)
        let wide = numbers.matrix(m, n + 9)
        let result = wide.columns(4..<4 + n)
        let before = Naive.rows(result)
        compute.multiply(
          left, transposesLeft: transposesLeft, right, transposesRight: transposesRight,
          into: result, alpha: 0.5, beta: 2)
        let product = Naive.multiply(
          left, transposesLeft: transposesLeft, right, transposesRight: transposesRight)
        let expected = product.enumerated().map { row, values in
          values.enumerated().map { 0.5 * $1 + 2 * before[row][$0] }
        }
        #expect(Naive.error(result, expected) < 1e-5, "\(m) x \(n) x \(k)")
      }
    }
  }

  @Test func aResultOfBetaZeroIsNotRead() {
    let compute = Compute(pool: ThreadPool(count: 2))
    var numbers = SeededNumbers(seed: 12)
    let result = Matrix(rows: 40, columns: 40)
    result.fill(.nan)
    compute.multiply(numbers.matrix(40, 8), numbers.matrix(8, 40), into: result)
    #expect(result.all { $0.isFinite })
  }

  @Test func manyProductsAtOnce() {
    let compute = Compute(pool: ThreadPool(count: 3))
    var numbers = SeededNumbers(seed: 13)
    let products = (0..<20).map { index in
      Compute.Product(
        numbers.matrix(index + 1, 12), numbers.matrix(12, 5),
        into: Matrix(rows: index + 1, columns: 5))
    }
    compute.multiply(products)
    for product in products {
      #expect(Naive.error(product.result, Naive.multiply(product.left, product.right)) < 1e-5)
    }
  }
}
