internal import Checkpoints
internal import PretrainedModels
internal import Tensors

/// PairRanker's head: the states of a source's and a candidate's marker become one number per task.
///
/// Source: Jiang, Ren, Lin, "LLM-Blender", ACL 2023, https://arxiv.org/abs/2306.02561; LLM-Blender
/// `pair_ranker/ranker.py`, `CrossCompareReranker.head_layer`: dropout, linear, tanh, dropout, linear.
struct PairHead {
  /// 2 * hidden -> hidden
  private let dense: Linear
  /// hidden -> tasks
  private let tasks: Linear

  private static let denseName = "head_layer.1"
  private static let tasksName = "head_layer.4"

  static func declare(in table: inout WeightTable, hidden: Int, tasks: Int) {
    table.requireLinear(denseName, inputs: 2 * hidden, outputs: hidden)
    table.requireLinear(tasksName, inputs: hidden, outputs: tasks)
  }

  /// The number of tasks that a checkpoint's head has.
  static func taskCount(_ checkpoint: Checkpoint) throws(RerankingError) -> Int {
    let name = "\(tasksName).weight"
    guard let shape = checkpoint[name]?.shape, shape.count == 2, shape[0] > 0 else {
      throw .tensor(
        path: checkpoint.path, name: name, got: checkpoint[name]?.shape,
        expected: "a row for each task")
    }
    return shape[0]
  }

  init(_ reader: WeightReader) throws(CheckpointError) {
    dense = try reader.linear(Self.denseName, precision: .float32)
    tasks = try reader.linear(Self.tasksName, precision: .float32)
  }

  /// Computes the numbers of both candidates of some pairs.
  ///
  /// - Parameters:
  ///   - hidden: `[tokens, hidden]`
  ///   - markers: the rows of the markers of each pair.
  ///   - compute: where it runs; called in a scope of its workspace.
  /// - Returns: for each pair one number for each task, of the first and of the second candidate.
  func scores(
    of hidden: Matrix, _ markers: [(source: Int, first: Int, second: Int)], _ compute: Compute
  ) -> [PairRanker.Scores] {
    let count = markers.count
    let size = hidden.columns
    // [2 * pairs, 2 * hidden]: all first candidates, then all second ones.
    let states = compute.workspace.matrix(rows: 2 * count, columns: 2 * size)
    let sources = markers.map(\.source)
    compute.gather(hidden, rows: sources + sources, into: states.columns(0..<size))
    compute.gather(
      hidden, rows: markers.map(\.first) + markers.map(\.second),
      into: states.columns(size..<2 * size))
    let inner = compute.workspace.matrix(rows: 2 * count, columns: size)
    compute.linear(dense, states, into: inner, activation: .tanh)
    // [2 * pairs, tasks]
    let scores = compute.workspace.matrix(rows: 2 * count, columns: tasks.outputs)
    compute.linear(tasks, inner, into: scores)
    return (0..<count).map { pair in
      PairRanker.Scores(
        first: scores.rows(pair..<pair + 1).elements,
        second: scores.rows(count + pair..<count + pair + 1).elements)
    }
  }
}
