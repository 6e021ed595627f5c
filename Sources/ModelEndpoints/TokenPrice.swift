/// What the tokens of a model cost, in US dollars.
package struct TokenPrice: Sendable, Equatable {
  /// A million tokens of prompts.
  package let inputPerMillion: Double
  /// A million tokens of answers.
  package let outputPerMillion: Double

  /// A price.
  package init(inputPerMillion: Double, outputPerMillion: Double) {
    self.inputPerMillion = inputPerMillion
    self.outputPerMillion = outputPerMillion
  }

  /// The cost of a call in US dollars.
  ///
  /// - Parameter usage: the tokens.
  /// - Returns: dollars, as exact as the tokens are.
  package func cost(of usage: TokenUsage) -> Double {
    (Double(usage.promptTokens) * inputPerMillion
      + Double(usage.completionTokens) * outputPerMillion) / 1_000_000
  }
}

/// The prices of models by their stored names.
package struct PriceTable: Sendable {
  private let prices: [[UInt8]: TokenPrice]

  /// The prices of some models.
  ///
  /// - Parameter models: the models; those without a price are not in the table.
  package init(models: [ModelConfiguration]) {
    prices = Dictionary(
      models.compactMap { model in model.price.map { (Array(model.name.utf8), $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The price of a model; `nil` when it has none.
  package subscript(model: String) -> TokenPrice? { prices[Array(model.utf8)] }
}
