import Foundation
import JSON
import ModelProcess
import PretrainedModels
import Tensors

/// Runs an encoder for a benchmark that takes turns with its peers.
///
/// usage: encoder-bench MODEL [--precision float32|bfloat16|int8] [--threads N] [--budget N]
///
/// A request has `sequences` (a file with a JSON array of arrays of token ids) and, to have the last
/// hidden states, `output` (a file for them as 32-bit floats, in the order of the sequences; with
/// `pooled`, for one vector of each sequence); its answer the seconds that all sequences took.
@main
struct EncoderBenchmark {
  let encoder: any TextEncoder
  let tokenBudget: Int

  static func main() {
    ModelProcess.run("encoder-bench", options: ["budget"]) { folder, process in
      let benchmark = EncoderBenchmark(
        encoder: try EncoderLoader.load(
          folder, precision: process.precision, for: process.compute),
        tokenBudget: process.numbers["budget"] ?? EncoderDefaults.tokenBudget)
      return benchmark.answer
    }
  }

  private func answer(_ request: JSONObject) throws -> JSONObject {
    let sequences = try ModelProcess.sequences(of: request).map { TokenSequence($0) }
    let output = request["output"]?.string
    if request["pooled"]?.bool == true {
      let (vectors, times) = try ModelProcess.timed {
        try SentenceEmbedder(encoder).embed(sequences, tokenBudget: tokenBudget)
      }
      if let output { try Self.write(vectors, to: output) }
      return times
    }
    let states = Matrix(
      rows: output == nil ? 0 : sequences.reduce(0) { $0 + $1.ids.count },
      columns: encoder.shape.hiddenSize)
    var starts: [Int] = []
    for sequence in sequences { starts.append((starts.last ?? 0) + sequence.ids.count) }
    let (_, times) = try ModelProcess.timed {
      try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
        guard output != nil else { return }
        for (place, number) in numbers.enumerated() {
          let rows = starts[number] - sequences[number].ids.count..<starts[number]
          encoder.compute.copy(hidden.rows(batch.rows(place)), into: states.rows(rows))
        }
      }
    }
    if let output { try Self.write(states, to: output) }
    return times
  }

  private static func write(_ matrix: Matrix, to path: String) throws {
    let elements = matrix.elements
    let data = unsafe elements.withUnsafeBytes { unsafe Data($0) }
    try data.write(to: URL(filePath: path))
  }
}
