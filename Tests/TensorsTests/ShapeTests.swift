import Testing

@testable import Tensors

/// Shapes are checked at the boundary: a caller's mistake stops the program and says what it was.
@Suite struct ShapeTests {
  private static func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func aLinearLayerNamesBothShapes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let compute = Compute(pool: ThreadPool(count: 1))
      let layer = Linear(
        weight: Matrix(rows: 4, columns: 8), precision: .float32, for: compute)
      compute.linear(layer, Matrix(rows: 2, columns: 7), into: Matrix(rows: 2, columns: 4))
    }
    #expect(Self.text(result).contains("a linear layer of 8 inputs got a matrix of 2 x 7"))
  }

  @Test func aProductNamesItsOperands() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let compute = Compute(pool: ThreadPool(count: 1))
      compute.multiply(
        Matrix(rows: 2, columns: 3), Matrix(rows: 4, columns: 5), transposesRight: true,
        into: Matrix(rows: 2, columns: 4))
    }
    #expect(Self.text(result).contains("a product of 2 x 3 and 4 x 5 transposed into 2 x 4"))
  }

  @Test func viewsStayInTheirMatrix() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Matrix(rows: 4, columns: 8).columns(6..<9)
    }
    #expect(Self.text(result).contains("columns 6..<9 of a matrix of 4 x 8"))
  }

  @Test func elementsFillAShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor(shape: [2, 2], elements: [1, 2, 3])
    }
    #expect(Self.text(result).contains("3 elements do not fill shape [2, 2], which has 4"))
  }

  @Test func tensorsAndMatricesShareElements() {
    let tensor = Tensor(shape: [2, 3, 4], elements: (0..<24).map(Float.init))
    let matrix = tensor.matrix
    #expect(matrix.rows == 6 && matrix.columns == 4)
    #expect(matrix[5, 3] == 23)
    let part = matrix.rows(2..<5).columns(1..<3)
    #expect(part.elements == [9, 10, 13, 14, 17, 18])
    part[0, 0] = -1
    part.withMutableRow(1) { $0[1] = -2 }
    #expect(tensor.elements[9] == -1 && tensor.elements[14] == -2)
    #expect(part.withRow(1) { $0[1] } == -2)
    #expect(tensor.withSpan { $0.count } == 24)
    #expect(tensor.matrix(rows: 2, columns: 12)[1, 0] == 12)
    #expect(Tensor(shape: [3]).matrix.rows == 1 && Tensor(shape: []).matrix.columns == 1)
    #expect(Tensor(shape: [0, 4]).matrix.rows == 0 && Tensor(shape: [4, 0]).matrix.rows == 4)
  }

  @Test func finiteness() {
    #expect(Tensor(shape: [3], elements: [1, -2, 3e38]).isFinite)
    #expect(!Tensor(shape: [40], elements: [Float](repeating: 0, count: 39) + [.nan]).isFinite)
    #expect(!Tensor(shape: [2], elements: [-.infinity, .infinity]).isFinite)
  }
}
