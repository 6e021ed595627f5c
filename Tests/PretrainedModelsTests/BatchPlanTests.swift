import Testing

@testable import PretrainedModels

@Suite struct BatchPlanTests {
  @Test func batchesKeepTheBudgetAndLoseNothing() {
    var state: UInt64 = 7
    for round in 0..<200 {
      let lengths = (0..<round % 40).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 40) % 90 + 1
      }
      let budget = 1 + round
      let plan = BatchPlan(lengths: lengths, tokenBudget: budget)
      #expect(plan.batches.flatMap { $0 }.sorted() == Array(lengths.indices))
      for batch in plan.batches {
        #expect(batch.count == 1 || batch.reduce(0) { $0 + lengths[$1] } <= budget)
        #expect(!batch.isEmpty)
      }
      // The longest first, those of one length in their order.
      let order = plan.batches.flatMap { $0 }
      for (one, next) in zip(order, order.dropFirst()) {
        #expect(lengths[one] > lengths[next] || (lengths[one] == lengths[next] && one < next))
      }
    }
  }

  @Test func sequencesOfABatchFollowEachOther() {
    let batch = TokenBatch([
      TokenSequence([3, 4]), TokenSequence([9], typeIDs: [1]), TokenSequence([7, 7, 7]),
    ])
    #expect(batch.ids == [3, 4, 9, 7, 7, 7])
    #expect(batch.typeIDs == [0, 0, 1, 0, 0, 0])
    #expect(batch.positions == [0, 1, 0, 0, 1, 2])
    #expect(batch.starts == [0, 2, 3])
    #expect(batch.rows(2) == 3..<6)
  }
}
