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
    // The process's own memory says nothing here: other tests allocate meanwhile.
    let held = compute.workspace.byteCount
    for round in 0..<260 { try run(round) }
    #expect(compute.workspace.byteCount == held)
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
}
