import ModelEndpoints
import Testing

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

@Test func requestsInFlightCountAtTheirEstimate() throws {
  let catalog = try catalog()
  // An answer of 100 tokens costs a dollar at most.
  let budget = AskingBudget(
    maximumRequests: nil, maximumUSD: 2.5, prices: PriceTable(models: catalog.models))
  let call = try call(catalog)
  #expect(budget.mayStart(call))
  #expect(budget.mayStart(call))
  #expect(!budget.mayStart(call))
}
