// Times generation in process: `generation-speed MODEL PRECISION THREADS`, then on standard input
// lines "SEQUENCES SOURCE-TOKENS NEW-TOKENS BEAMS"; a line of JSON comes back for each. The benchmark
// `Tools/bench/generation.py` starts it beside its contenders.
import Checkpoints
import Foundation
import PretrainedModels
import Tensors

let clock = ContinuousClock()

func seconds(since start: ContinuousClock.Instant) -> Double {
  let duration = (clock.now - start).components
  return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
}

/// The processor time of this process, of all threads.
func processorSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func run() throws {
  let words = CommandLine.arguments
  guard words.count == 4, let precision = Precision(rawValue: words[2]), let threads = Int(words[3])
  else {
    throw Usage(text: "generation-speed MODEL float32|bfloat16|int8 THREADS")
  }
  let compute = Compute(pool: ThreadPool(count: threads))
  let folder = try ModelFolder(path: words[1])
  let loading = clock.now
  let model = try EncoderDecoderLoader.load(folder, precision: precision, for: compute)
  let settings = try GenerationSettings(folder)
  report(
    """
    {"loaded": \(seconds(since: loading)), "backend": "\(compute.backend.description)"}
    """)
  while let line = readLine() {
    let numbers = line.split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 4 else { throw Usage(text: "four numbers expected, got '\(line)'") }
    let (count, length, new, beams) = (numbers[0], numbers[1], numbers[2], numbers[3])
    var generator = SeededGenerator(seed: 1)
    let sources = (0..<count).map { _ in
      (0..<length).map { _ in
        Int(generator.unit() * Double(model.shape.vocabularySize - 200)) + 100
      }
    }
    func generate(
      _ tokens: Int
    ) throws -> (seconds: Double, processor: Double, ids: [[Int]]) {
      var options = GenerationOptions(beams: beams, maxNewTokens: tokens)
      options.minNewTokens = tokens
      let (start, used) = (clock.now, processorSeconds())
      let results = try Generator(
        model, tokens: settings.tokens, options: options,
        limits: Generator.Limits(sequences: count * beams, sourceTokens: count * length)
      ).generate(sources)
      return (
        seconds(since: start), processorSeconds() - used, results.map { $0[0].ids }
      )
    }
    let one = try generate(1)
    let all = try generate(new)
    report(
      """
      {"seconds": \(all.seconds), "first": \(one.seconds), "processor": \(all.processor), \
      "firstProcessor": \(one.processor), "tokens": \(count * new), "ids": \(all.ids)}
      """)
  }
}

struct Usage: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}

func report(_ line: String) {
  FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

do {
  try run()
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
