internal import Checkpoints
internal import Foundation
internal import PretrainedModels
internal import Tensors

/// SummaReranker's layers after the encoder: a shared bottom, gated experts, a tower for each task.
///
/// Source: Shazeer et al., "Outrageously Large Neural Networks", 2017,
/// https://arxiv.org/abs/1701.06538; LLM-Blender `pair_ranker/layers.py`, `MoE`, in evaluation mode:
/// without noise in the gates.
struct ExpertMixture {
  /// The sizes, which the shapes of the tensors tell.
  struct Sizes {
    var hidden: Int
    var bottomInner: Int
    var bottom: Int
    var experts: Int
    var expertInner: Int
    var expert: Int
    var tasks: Int

    init(_ checkpoint: Checkpoint, hidden: Int) throws(RerankingError) {
      func shape(_ name: String) throws(RerankingError) -> [Int] {
        guard let shape = checkpoint[name]?.shape, shape.count == 2, shape.min() ?? 0 > 0 else {
          throw .tensor(
            path: checkpoint.path, name: name, got: checkpoint[name]?.shape,
            expected: "a matrix")
        }
        return shape
      }
      self.hidden = hidden
      bottomInner = try shape("fc1.weight")[0]
      bottom = try shape("fc2.weight")[0]
      expertInner = try shape("moe.experts.0.fc1.weight")[0]
      expert = try shape("moe.experts.0.fc2.weight")[0]
      experts = try shape("moe.w_gate.0")[1]
      var tasks = 1
      while checkpoint["towers.\(tasks).weight"] != nil { tasks += 1 }
      self.tasks = tasks
      guard tasks <= experts else {
        throw .tensor(
          path: checkpoint.path, name: "moe.w_gate.0", got: [bottom, experts],
          expected: "at least \(tasks) experts, one for each task")
      }
    }

    func declare(in table: inout WeightTable) {
      table.requireLinear("fc1", inputs: hidden, outputs: bottomInner)
      table.requireLinear("fc2", inputs: bottomInner, outputs: bottom)
      for expert in 0..<experts {
        let name = "moe.experts.\(expert)"
        table.requireLinear("\(name).fc1", inputs: bottom, outputs: expertInner)
        table.requireLinear("\(name).fc2", inputs: expertInner, outputs: self.expert)
      }
      for task in 0..<tasks {
        table.require("moe.w_gate.\(task)", shape: [bottom, experts])
        table.requireLinear("towers.\(task)", inputs: expert, outputs: 1)
      }
      // Of training alone: the noise of gates and its distribution.
      table.ignore(prefix: "moe.w_noise.")
      table.ignore("moe.mean")
      table.ignore("moe.std")
    }
  }

  private let sizes: Sizes
  private let bottom: [Linear]
  private let experts: [[Linear]]
  /// bottom -> experts, for each task
  private let gates: [Linear]
  private let towers: [Linear]

  init(_ sizes: Sizes, _ reader: WeightReader) throws(CheckpointError) {
    func linear(_ name: String) throws(CheckpointError) -> Linear {
      try reader.linear(name, precision: .float32)
    }
    self.sizes = sizes
    bottom = [try linear("fc1"), try linear("fc2")]
    var experts: [[Linear]] = []
    for expert in 0..<sizes.experts {
      let name = "moe.experts.\(expert)"
      experts.append([try linear("\(name).fc1"), try linear("\(name).fc2")])
    }
    self.experts = experts
    var gates: [Linear] = []
    var towers: [Linear] = []
    for task in 0..<sizes.tasks {
      // Stored the other way round than linear layers.
      let weight = Matrix(rows: sizes.experts, columns: sizes.bottom)
      reader.compute.transpose(try reader.tensor("moe.w_gate.\(task)").matrix, into: weight)
      gates.append(reader.pack(weight, bias: nil, precision: .float32))
      towers.append(try linear("towers.\(task)"))
    }
    self.gates = gates
    self.towers = towers
  }

  /// Computes the layers.
  ///
  /// - Parameters:
  ///   - states: the first tokens' states, `[candidates, hidden]`
  ///   - compute: where it runs; called in a scope of its workspace.
  /// - Returns: what the model says of each candidate.
  func apply(to states: Matrix, _ compute: Compute) -> [SummaReranker.Output] {
    let count = states.rows
    // [candidates, bottom]
    let shared = layers(bottom, states, compute)
    // [candidates, expert] of each expert
    let opinions = experts.map { layers($0, shared, compute).elements }
    var outputs = [SummaReranker.Output](
      repeating: SummaReranker.Output(tasks: [], gates: []), count: count)
    let combined = compute.workspace.matrix(rows: count, columns: sizes.expert)
    let tower = compute.workspace.matrix(rows: count, columns: 1)
    let logits = compute.workspace.matrix(rows: count, columns: sizes.experts)
    for task in 0..<sizes.tasks {
      compute.linear(gates[task], shared, into: logits)
      for candidate in 0..<count {
        let weights = Self.gate(logits.rows(candidate..<candidate + 1).elements, keep: sizes.tasks)
        outputs[candidate].gates.append(weights)
        combine(opinions, candidate, weights, into: combined)
      }
      compute.linear(towers[task], combined, into: tower)
      for candidate in 0..<count { outputs[candidate].tasks.append(tower[candidate, 0]) }
    }
    return outputs
  }

  private func layers(_ layers: [Linear], _ input: Matrix, _ compute: Compute) -> Matrix {
    let inner = compute.workspace.matrix(rows: input.rows, columns: layers[0].outputs)
    let output = compute.workspace.matrix(rows: input.rows, columns: layers[1].outputs)
    compute.linear(layers[0], input, into: inner, activation: .relu)
    compute.linear(layers[1], inner, into: output)
    return output
  }

  /// Softmax over the greatest logits; 0 for the others.
  static func gate(_ logits: [Float], keep count: Int) -> [Float] {
    let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }.prefix(count)
    let greatest = order.first.map { logits[$0] } ?? 0
    var weights = [Float](repeating: 0, count: logits.count)
    for index in order { weights[index] = exp(logits[index] - greatest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// log(sum of gate * exp(expert)); an exact 0 becomes the distance of 1 to the next double.
  private func combine(
    _ opinions: [[Float]], _ candidate: Int, _ weights: [Float], into output: Matrix
  ) {
    output.withMutableRow(candidate) { row in
      for column in row.indices {
        var sum: Float = 0
        for (opinion, weight) in zip(opinions, weights) where weight > 0 {
          sum += weight * exp(opinion[candidate * sizes.expert + column])
        }
        row[column] = log(sum == 0 ? Float(Double.ulpOfOne) : sum)
      }
    }
  }
}
