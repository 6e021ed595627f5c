import Foundation
import JSON
import Mixing
import Records
import Testing
import Tokenizers

/// Measures a mix of a file of records.
///
/// `RUN_BENCHMARKS=1 BENCHMARK_RECORDS=FILE.jsonl BENCHMARK_TOKENIZER=DIR swift test -c release
/// --filter MixingBenchmarks`; a line of the file has `source`, `id`, `instruction`, `input` and
/// `output`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RUN_BENCHMARKS"] == "1"), .serialized)
struct MixingBenchmarks {
  @Test(arguments: ["reference", "clean"]) func mixes(_ name: String) throws {
    let environment = ProcessInfo.processInfo.environment
    let path = try #require(environment["BENCHMARK_RECORDS"])
    let supply = try FileSupply(path: path)
    var overrides = RecipeOverrides()
    overrides.maxOutput = 1024
    overrides.maxInput = 1024
    overrides.tokenizer = environment["BENCHMARK_TOKENIZER"]
    let recipe = try #require(try Recipe(bundled: name)).applying(overrides)
    let clock = ContinuousClock()
    var tokenizer: (any TokenCounter) = WordTokenizer()
    let loading = try clock.measure {
      if let path = recipe.tokenizer { tokenizer = try SentencePieceTokenizer(path: path) }
    }
    let reading = try clock.measure {
      for rule in recipe.sources { try supply.forEachRecord(of: rule.source) { _, _ in } }
    }
    let before = residentMebibytes()
    var during = 0
    var outcome: MixOutcome?
    let mixing = try clock.measure {
      outcome = try Mixer(recipe: recipe, supply: supply, counter: tokenizer).mix { _ in
        if during == 0 { during = residentMebibytes() }
      }
    }
    print(
      "\(name): loading the tokenizer \(loading), reading alone \(reading), mixing \(mixing),",
      "memory \(before) -> \(during) MiB;", outcome?.summary ?? "")
  }

  private func residentMebibytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
    return (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) / 1024
  }
}

/// Records in a mapped file; references are offsets of lines.
private struct FileSupply: RecordSupply {
  private let bytes: Data

  init(path: String) throws {
    bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
  }

  private func record(_ line: Data) throws -> SourceRecord {
    try JSONParser().parse(line) { root in
      SourceRecord(
        source: Source(rawValue: root["source"]?.string ?? ""), id: root["id"]?.string ?? "",
        instruction: root["instruction"]?.string ?? "", input: root["input"]?.string ?? "",
        output: root["output"]?.string ?? "")
    }
  }

  private func line(at offset: Int) -> Data {
    let length = unsafe bytes.withUnsafeBytes { buffer in
      // Searching byte by byte through Data would take longer than the mix.
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
      guard let start = rest.baseAddress, let end = unsafe memchr(start, 0x0A, rest.count) else {
        return rest.count
      }
      return unsafe UnsafeRawPointer(end) - start
    }
    return bytes[offset..<(offset + length)]
  }

  func forEachRecord(
    of source: Source, _ body: (_ reference: Int64, _ record: SourceRecord) throws -> Void
  ) throws {
    let start = Data(#"{"source": "\#(source)""#.utf8)
    var offset = 0
    while offset < bytes.count {
      let line = line(at: offset)
      if line.starts(with: start) { try body(Int64(offset), record(line)) }
      offset = line.endIndex + 1
    }
  }

  func records(at references: [Int64]) throws -> [SourceRecord] {
    try references.map { try record(line(at: Int($0))) }
  }
}
