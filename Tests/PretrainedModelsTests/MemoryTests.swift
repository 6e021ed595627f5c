import Foundation
import PretrainedModels
import Tensors
import Testing

@Suite struct MemoryTests {
  /// Nothing is kept from batch to batch, whatever their lengths.
  @Test func memoryDoesNotGrowWithTheNumberOfBatches() throws {
    let compute = Compute(pool: EncoderTests.pool)
    let encoder = try EncoderLoader.load(Fixture(name: "deberta-v2-xlarge").model, for: compute)
    func run(_ round: Int) throws {
      let sequences = (0..<12).map { number in
        TokenSequence((0...(number * 37 + round * 11) % 130).map { ($0 + number) % 260 })
      }
      try encoder.forEachBatch(of: sequences, tokenBudget: 200) { _, _, _ in }
    }
    for round in 0..<130 { try run(round) }
    let (held, resident) = (compute.workspace.byteCount, Self.resident)
    for round in 0..<260 { try run(round) }
    #expect(compute.workspace.byteCount == held)
    // Other tests of this process allocate meanwhile.
    let growth = Self.resident - resident
    #expect(growth < 24 << 20, "\(growth) bytes")
  }

  /// A batch's memory is bounded by its tokens, not by the request.
  @Test func memoryIsThatOfABatchNotOfTheRequest() throws {
    func held(_ count: Int) throws -> Int {
      let compute = Compute(pool: EncoderTests.pool)
      let encoder = try EncoderLoader.load(Fixture(name: "bert").model, for: compute)
      let sequences = Array(repeating: TokenSequence(Array(repeating: 5, count: 64)), count: count)
      try encoder.forEachBatch(of: sequences, tokenBudget: 512) { _, _, _ in }
      return compute.workspace.byteCount
    }
    let (few, many) = (try held(8), try held(400))
    #expect(few == many)
  }

  private static var resident: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon") } ?? ""
    return 1024 * (line.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0)
  }
}
