import Testing

@testable import ModelEndpoints
@testable import Pipeline

private func catalog() throws -> ModelCatalog {
  let json = """
    {"endpoints": [{"name": "e", "url": "http://127.0.0.1:1/v1"}],
     "models": [{"name": "m", "endpoint": "e", "parameters": {"max_tokens": 100},
       "price": {"input_per_million": 0, "output_per_million": 10000}}]}
    """
  return try ModelCatalog(json: Array(json.utf8), file: "models.json")
}

private func call(_ catalog: ModelCatalog) throws -> ModelCall {
  try ModelCall(tag: 0, model: try #require(catalog.models.first), prompt: .text("question"))
}

@Test func requestsAreCountedWhenTheyStart() throws {
  let catalog = try catalog()
  let budget = AskingBudget(
    maximumRequests: 2, maximumUSD: nil, prices: PriceTable(models: catalog.models))
  let call = try call(catalog)
  #expect(budget.mayStart(call))
  #expect(budget.mayStart(call))
  #expect(!budget.isSpent)
  #expect(!budget.mayStart(call))
  #expect(budget.isSpent)
}

@Test func requestsInFlightCountWithTheMostThatTheyCanCost() throws {
  let catalog = try catalog()
  // An answer of 100 tokens costs a dollar at most.
  let budget = AskingBudget(
    maximumRequests: nil, maximumUSD: 2.5, prices: PriceTable(models: catalog.models))
  let calls = try (1...4).map { try call(catalog).tagged($0) }
  #expect(budget.reserve(calls[0]) == .now)
  #expect(budget.reserve(calls[1]) == .now)
  #expect(budget.reserve(calls[2]) == .later)
  #expect(!budget.mayStart(calls[2]))
  #expect(!budget.isSpent)
  // Another attempt of a call needs no more than was set aside for it.
  #expect(budget.mayStart(calls[0]))
  #expect(budget.mayStart(calls[0]))
  budget.note(answer(to: calls[0], tokens: 40))
  #expect(abs(budget.spentUSD - 0.4) < 1e-9)
  #expect(budget.reserve(calls[2]) == .now)
  budget.note(answer(to: calls[1], tokens: 100))
  budget.note(answer(to: calls[2], tokens: 100))
  #expect(budget.reserve(calls[3]) == .never)
  #expect(budget.limit == "--max-usd 2.5")
  #expect(budget.sentCount == 2)
}

private func answer(to call: ModelCall, tokens: Int) -> ModelAnswer {
  ModelAnswer(
    call: call, state: .answered, text: "a", reasoning: nil, finishReason: .stop, logprobSum: nil,
    logprobCount: 0, usage: TokenUsage(promptTokens: 5, completionTokens: tokens), attempts: 1,
    latency: 0, status: 200, rawResponse: [], errorText: nil)
}
