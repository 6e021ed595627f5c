/// Tells from what a mix stored what another threshold would drop.
///
/// Only ``Change/refusalWindow(characters:)`` needs the answers' texts.
package struct WhatIf: Sendable {
  /// A changed threshold.
  package enum Change: Sendable, Equatable {
    /// Other bounds of a length.
    case length(Filter.Field, Filter.LengthBounds)
    /// Another similarity above which records are dropped.
    case nearDuplicates(threshold: Double)
    /// Another number of characters of an answer in which refusals are looked for.
    case refusalWindow(characters: Int)
  }

  /// What a mix stored of one record.
  package struct StoredDecision: Sendable {
    /// The rule that dropped the record; `nil` when it was selected.
    package let rule: String?
    /// The measured lengths; `nil` when they were not measured.
    package let outputLength: Int?
    /// The input's length.
    package let inputLength: Int?
    /// The similarity to its cluster; `nil` below the measured floor.
    package let similarity: Double?
    /// The answer; `nil` where it was not read.
    package let output: String?

    /// A stored decision.
    package init(
      rule: String?, outputLength: Int?, inputLength: Int?, similarity: Double?,
      output: String? = nil
    ) {
      self.rule = rule
      self.outputLength = outputLength
      self.inputLength = inputLength
      self.similarity = similarity
      self.output = output
    }

    /// What is stored of a decision.
    package init(_ decision: Decision) {
      self.init(
        rule: decision.rule, outputLength: decision.outputLength,
        inputLength: decision.inputLength, similarity: decision.similarity)
    }
  }

  /// What a change does to the rule it changes.
  package struct Effect: Sendable, Equatable {
    /// How many records the rule dropped.
    package var droppedBefore = 0
    /// How many it would drop.
    package var droppedAfter = 0
    /// Records that it would drop and did not.
    package var newlyDropped = 0
    /// Records that it dropped and would not; later rules may drop them.
    package var noLongerDropped = 0
    /// Records without the measurement that is needed.
    package var unknown = 0
    /// Whether a new run would count exactly the same. Otherwise a rule before this one compares
    /// records with others, or the threshold lies below what was measured.
    package var isExact = true

    /// An effect that nothing was counted of yet.
    package init() {}
  }

  private let change: Change
  private let rule: String
  private let rulesBefore: Set<String>
  private var matcher: PhraseMatcher?
  private(set) package var effect = Effect()

  /// A question about a recipe's mix; stored decisions are then added one by one.
  ///
  /// - Parameters:
  ///   - change: the change.
  ///   - recipe: the recipe of the mix, with its overrides.
  /// - Throws: ``RecipeError`` when the recipe does not have the rule.
  package init(_ change: Change, recipe: Recipe) throws {
    self.change = change
    rule =
      switch change {
      case .length(let field, _): Filter.length(field, .init()).rule
      case .nearDuplicates: "near-duplicates"
      case .refusalWindow: "refusals"
      }
    let rules = recipe.filters.map(\.rule)
    guard let place = rules.firstIndex(of: rule) else {
      throw RecipeError(
        recipe: recipe.name, path: "$.filters",
        problem: "no filter \(rule)" + Suggestion.text(for: rule, among: rules))
    }
    var before = Set(rules[..<place])
    before.formUnion(recipe.sources.flatMap { $0.filters.map(\.rule) })
    before.remove(rule)
    if recipe.quotaStage == .beforeFilters { before.insert(Decision.MixRule.quota) }
    rulesBefore = before
    if case .refusalWindow = change, case .refusals(let phrases, _) = recipe.filters[place] {
      matcher = PhraseMatcher(phrases, foldsText: true)
    }
    if case .nearDuplicates(let threshold) = change, let settings = recipe.nearDuplicates {
      effect.isExact = threshold >= settings.floor
    }
  }

  /// Whether decisions are to be added with the answers' texts.
  package var needsOutput: Bool { matcher != nil }

  /// Adds one record of the mix.
  ///
  /// - Parameter decision: what was stored of it.
  package mutating func add(_ decision: StoredDecision) {
    // What an earlier rule dropped never reached this one, and would not now.
    if let rule = decision.rule, rulesBefore.contains(rule) { return }
    let wasDropped = decision.rule == rule
    let isDropped: Bool
    switch change {
    case .length(let field, let bounds):
      guard let length = field == .output ? decision.outputLength : decision.inputLength else {
        effect.unknown += 1
        effect.isExact = false
        return
      }
      isDropped = !bounds.contains(length)
    case .nearDuplicates(let threshold):
      isDropped = decision.similarity.map { $0 >= threshold } ?? false
    case .refusalWindow(let characters):
      guard let output = decision.output, let matcher else {
        effect.unknown += 1
        effect.isExact = false
        return
      }
      isDropped = matcher.firstPhrase(in: output, withinCharacters: characters) != nil
    }
    effect.droppedBefore += wasDropped ? 1 : 0
    effect.droppedAfter += isDropped ? 1 : 0
    effect.newlyDropped += isDropped && !wasDropped ? 1 : 0
    effect.noLongerDropped += wasDropped && !isDropped ? 1 : 0
  }
}
