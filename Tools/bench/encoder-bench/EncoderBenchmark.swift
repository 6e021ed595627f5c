import Foundation
import Glibc
import JSON
import PretrainedModels
import Tensors

/// Runs an encoder for a benchmark that takes turns with its peers.
///
/// usage: encoder-bench MODEL [--precision float32|bfloat16|int8] [--threads N] [--budget N]
///
/// Prints one line when the model is loaded, then answers each line of standard input, a JSON object
/// with `sequences` (a file with a JSON array of arrays of token ids) and, to have the last hidden
/// states, `output` (a file for them as 32-bit floats, in the order of the sequences; with `pooled`,
/// for one vector of each sequence), with the seconds that all sequences took and the memory of the
/// process.
@main
struct EncoderBenchmark {
  let encoder: any TextEncoder
  let tokenBudget: Int

  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(70)
    }
  }

  private static func run() throws {
    var folder: String?
    var precision = Precision.float32
    var threads = ThreadPool.processorCount
    var budget = EncoderDefaults.tokenBudget
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--precision":
        guard let chosen = arguments.popFirst().flatMap(Precision.init) else { usage() }
        precision = chosen
      case "--threads": threads = arguments.popFirst().flatMap { Int($0) } ?? threads
      case "--budget": budget = arguments.popFirst().flatMap { Int($0) } ?? budget
      default: folder = argument
      }
    }
    guard let folder else { usage() }
    let compute = Compute(pool: ThreadPool(count: max(1, threads)))
    let clock = ContinuousClock()
    let start = clock.now
    let encoder = try EncoderLoader.load(
      ModelFolder(path: folder), precision: precision, for: compute)
    tell([
      "load_seconds": .double((clock.now - start) / .seconds(1)),
      "precision": .string(compute.backend.precision(for: precision).rawValue),
      "backend": .string(compute.backend.description),
    ])
    let benchmark = EncoderBenchmark(encoder: encoder, tokenBudget: max(1, budget))
    while let line = readLine() { try benchmark.answer(line) }
  }

  private static func usage() -> Never {
    FileHandle.standardError.write(
      Data("usage: encoder-bench MODEL [--precision P] [--threads N] [--budget N]\n".utf8))
    exit(64)
  }

  private func answer(_ line: String) throws {
    let request = try JSONValue(json: line).object ?? [:]
    let ids = try JSONParser().value(
      of: Data(contentsOf: URL(filePath: request["sequences"]?.string ?? "")))
    let sequences = (ids.array ?? []).map { TokenSequence(($0.array ?? []).compactMap(\.int)) }
    let width = encoder.shape.hiddenSize
    let output = request["output"]?.string
    if request["pooled"]?.bool == true { return try embed(sequences, output) }
    let states = Matrix(
      rows: output == nil ? 0 : sequences.reduce(0) { $0 + $1.ids.count }, columns: width)
    var starts: [Int] = []
    for sequence in sequences { starts.append((starts.last ?? 0) + sequence.ids.count) }
    let clock = ContinuousClock()
    let start = clock.now
    let used = Glibc.clock()
    try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
      guard output != nil else { return }
      for (place, number) in numbers.enumerated() {
        let count = sequences[number].ids.count
        encoder.compute.copy(
          hidden.rows(batch.rows(place)), into: states.rows(starts[number] - count..<starts[number])
        )
      }
    }
    let seconds = (clock.now - start) / .seconds(1)
    let processorSeconds = Double(Glibc.clock() - used) / Double(CLOCKS_PER_SEC)
    if let output { try Self.write(states, to: output) }
    Self.tell(["seconds": .double(seconds), "processor_seconds": .double(processorSeconds)])
  }

  /// Computes a vector for each sequence.
  private func embed(_ sequences: [TokenSequence], _ output: String?) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let vectors = try SentenceEmbedder(encoder).embed(sequences, tokenBudget: tokenBudget)
    let seconds = (clock.now - start) / .seconds(1)
    if let output { try Self.write(vectors, to: output) }
    Self.tell(["seconds": .double(seconds)])
  }

  private static func write(_ matrix: Matrix, to path: String) throws {
    let elements = matrix.elements
    let data = unsafe elements.withUnsafeBytes { unsafe Data($0) }
    try data.write(to: URL(filePath: path))
  }

  /// Prints facts, and the resident memory now and at its peak, in bytes; pages of mapped files apart.
  private static func tell(_ facts: JSONObject) {
    var facts = facts
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let names = ["VmRSS": "resident", "VmHWM": "peak", "RssAnon": "anonymous", "RssFile": "mapped"]
    for line in status.split(separator: "\n") {
      let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
      if words.count > 1, let name = names[String(words[0])], let size = Int64(words[1]) {
        facts[name] = .integer(1024 * size)
      }
    }
    FileHandle.standardOutput.write(Data("\(facts.json())\n".utf8))
  }
}
