import JSON
import ModelProcess
import PretrainedModels
import Tensors

/// Generates with an encoder-decoder for a benchmark that takes turns with its peers.
///
/// usage: generation-bench MODEL [--precision float32|bfloat16|int8] [--threads N]
///
/// A request has `sequences` (a file with a JSON array of arrays of token ids), `new` (how many tokens
/// are written for each, whatever the model thinks of ending) and perhaps `beams`; its answer the
/// seconds that all took and the ids after the start token.
@main
struct GenerationBenchmark {
  let model: any EncoderDecoder
  let tokens: GenerationTokens

  static func main() {
    ModelProcess.run("generation-bench") { folder, process in
      let benchmark = GenerationBenchmark(
        model: try EncoderDecoderLoader.load(
          folder, precision: process.precision, for: process.compute),
        tokens: try GenerationSettings(folder).tokens)
      return benchmark.answer
    }
  }

  private func answer(_ request: JSONObject) throws -> JSONObject {
    let sources = try ModelProcess.sequences(of: request)
    var options = GenerationOptions(
      beams: request["beams"]?.int ?? 1, maxNewTokens: request["new"]?.int ?? 1)
    options.minNewTokens = options.maxNewTokens
    let limits = Generator.Limits(
      sequences: sources.count * options.beams,
      sourceTokens: sources.reduce(0) { $0 + $1.count })
    var (results, facts) = try ModelProcess.timed {
      try Generator(model, tokens: tokens, options: options, limits: limits).generate(sources)
    }
    facts["ids"] = .array(
      results.map { .array(($0.first?.ids ?? []).dropFirst().map { .integer(Int64($0)) }) })
    return facts
  }
}
