internal import RandomNumbers
package import Records

/// What a command line changes in a recipe.
package struct RecipeOverrides: Sendable {
  /// Split sizes; `nil` keeps the recipe's.
  package var train: Int?
  /// The development split's size.
  package var dev: Int?
  /// The test split's size.
  package var test: Int?
  /// The seed, as decimal text.
  package var seed: String?
  /// The tokenizer's folder or file; lengths are then counted in tokens.
  package var tokenizer: String?
  /// The upper bound of the input's length, strict or not as the recipe has it.
  package var maxInput: Int?
  /// The upper bound of the output's length, strict or not as the recipe has it.
  package var maxOutput: Int?
  /// Quotas by source, the last one of a source wins.
  package var quotas: [(source: Source, quota: Int)] = []

  /// No changes.
  package init() {}
}

extension Recipe {
  /// The recipe with a command line's changes.
  ///
  /// - Parameter overrides: the changes.
  /// - Returns: the changed recipe.
  /// - Throws: ``RecipeError`` for a source that the recipe does not have and for wrong numbers.
  package func applying(_ overrides: RecipeOverrides) throws -> Recipe {
    var recipe = self
    recipe.trainSize = try checked(overrides.train, "splits.train") ?? trainSize
    recipe.devSize = try checked(overrides.dev, "splits.dev") ?? devSize
    recipe.testSize = try checked(overrides.test, "splits.test") ?? testSize
    if let seed = overrides.seed {
      guard PythonRandom(decimalSeed: seed) != nil else {
        throw RecipeError(recipe: name, path: "$.seed", problem: "\(seed), expected a whole number")
      }
      recipe.seed = seed
    }
    if let tokenizer = overrides.tokenizer {
      recipe.tokenizer = tokenizer
      recipe.lengthUnit = .tokens
    }
    recipe.setMaximum(try checked(overrides.maxInput, "filters, input-length"), of: .input)
    recipe.setMaximum(try checked(overrides.maxOutput, "filters, output-length"), of: .output)
    for (source, quota) in overrides.quotas {
      guard let index = sources.firstIndex(where: { $0.source == source }) else {
        let known = Suggestion.text(for: source.rawValue, among: sources.map(\.source.rawValue))
        throw RecipeError(
          recipe: name, path: "$.sources", problem: "no source \(source) to set a quota of" + known)
      }
      if case .weight = recipe.sources[index].share {
        throw RecipeError(
          recipe: name, path: "$.sources[\(index)]",
          problem: "a quota for \(source), whose share is a weight")
      }
      recipe.sources[index].share = .quota(try checked(quota, "sources[\(index)].quota") ?? quota)
    }
    return recipe
  }

  private func checked(_ number: Int?, _ path: String) throws -> Int? {
    guard let number else { return nil }
    guard (0...Int(Int32.max)).contains(number) else {
      throw RecipeError(
        recipe: name, path: "$.\(path)",
        problem: "\(number), expected a whole number from 0 to \(Int32.max)")
    }
    return number
  }

  private mutating func setMaximum(_ maximum: Int?, of field: Filter.Field) {
    guard let maximum else { return }
    for index in filters.indices {
      guard case .length(field, var bounds) = filters[index] else { continue }
      bounds.maximum = bounds.isMaximumExclusive ? maximum - 1 : maximum
      filters[index] = .length(field, bounds)
      return
    }
    filters.append(.length(field, Filter.LengthBounds(maximum: maximum)))
  }
}
