import Foundation
import Glibc
import JSON
import PretrainedModels
import Tensors

/// Generates with an encoder-decoder for a benchmark that takes turns with its peers.
///
/// usage: generation-bench MODEL [--precision float32|bfloat16|int8] [--threads N]
///
/// Prints one line when the model is loaded, then answers each line of standard input, a JSON object
/// with `sequences` (a file with a JSON array of arrays of token ids), `new` (how many tokens are
/// written for each, whatever the model thinks of ending) and perhaps `beams`, with the seconds that
/// all took, the ids after the start token, and the memory of the process.
@main
struct GenerationBenchmark {
  let model: any EncoderDecoder
  let tokens: GenerationTokens

  static func main() throws {
    var path: String?
    var precision = Precision.float32
    var threads = ThreadPool.processorCount
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--precision":
        guard let chosen = arguments.popFirst().flatMap(Precision.init) else { usage() }
        precision = chosen
      case "--threads": threads = arguments.popFirst().flatMap { Int($0) } ?? threads
      default: path = argument
      }
    }
    guard let path else { usage() }
    let compute = Compute(pool: ThreadPool(count: max(1, threads)))
    let clock = ContinuousClock()
    let start = clock.now
    let folder = try ModelFolder(path: path)
    let model = try EncoderDecoderLoader.load(folder, precision: precision, for: compute)
    let benchmark = GenerationBenchmark(
      model: model, tokens: try GenerationSettings(folder).tokens)
    tell([
      "load_seconds": .double((clock.now - start) / .seconds(1)),
      "precision": .string(compute.backend.precision(for: precision).rawValue),
      "backend": .string(compute.backend.description),
    ])
    while let line = readLine() { try benchmark.answer(line) }
  }

  private static func usage() -> Never {
    FileHandle.standardError.write(
      Data("usage: generation-bench MODEL [--precision P] [--threads N]\n".utf8))
    exit(64)
  }

  private func answer(_ line: String) throws {
    let request = try JSONValue(json: line).object ?? [:]
    let ids = try JSONParser().value(
      of: Data(contentsOf: URL(filePath: request["sequences"]?.string ?? "")))
    let sources = (ids.array ?? []).map { ($0.array ?? []).compactMap(\.int) }
    var options = GenerationOptions(
      beams: request["beams"]?.int ?? 1, maxNewTokens: request["new"]?.int ?? 1)
    options.minNewTokens = options.maxNewTokens
    let clock = ContinuousClock()
    let start = clock.now
    let used = Glibc.clock()
    let results = try Generator(
      model, tokens: tokens, options: options,
      limits: Generator.Limits(
        sequences: sources.count * options.beams,
        sourceTokens: sources.reduce(0) { $0 + $1.count })
    ).generate(sources)
    let seconds = (clock.now - start) / .seconds(1)
    Self.tell([
      "seconds": .double(seconds),
      "processor_seconds": .double(Double(Glibc.clock() - used) / Double(CLOCKS_PER_SEC)),
      "ids": .array(
        results.map { .array(($0.first?.ids ?? []).dropFirst().map { .integer(Int64($0)) }) }),
    ])
  }

  /// Prints facts, and the resident memory at its peak, in bytes.
  private static func tell(_ facts: JSONObject) {
    var facts = facts
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
      if words.count > 1, let size = Int64(words[1]) { facts["peak"] = .integer(1024 * size) }
    }
    FileHandle.standardOutput.write(Data("\(facts.json())\n".utf8))
  }
}
