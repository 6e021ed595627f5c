import Testing

@testable import Tensors

@Suite struct WorkspaceTests {
  @Test func matricesOfOneScopeAreDisjoint() {
    let workspace = Workspace()
    for _ in 0..<3 {
      workspace.scope {
        let matrices = (1..<40).map { workspace.matrix(rows: $0, columns: 1000) }
        for (index, matrix) in matrices.enumerated() { matrix.fill(Float(index)) }
        for (index, matrix) in matrices.enumerated() {
          #expect(matrix.all { $0 == Float(index) })
        }
      }
    }
  }

  @Test func aSecondPassAllocatesNothing() {
    let workspace = Workspace()
    func pass() {
      workspace.scope {
        _ = workspace.matrix(rows: 100, columns: 5000)
        for _ in 0..<24 {
          workspace.scope {
            _ = workspace.matrix(rows: 300, columns: 5000)
            _ = workspace.matrix(rows: 7, columns: 3)
          }
        }
      }
    }
    pass()
    let size = workspace.byteCount
    for _ in 0..<5 { pass() }
    #expect(workspace.byteCount == size)
    // What one pass holds at a time, rounded to whole megabytes.
    #expect(size <= 400 * 5000 * 4 + 3 << 20)
  }
}
