internal import RandomNumbers
internal import Records
package import Tokenizers

/// Makes a mix by a recipe: which records go into which split, and why the others do not.
///
/// Every source is read once, in order; near duplicates are read once more. Only measurements are
/// held in memory, never texts. The result depends on the recipe and the records alone: not on the
/// number of threads, nor on the order of any hash table.
///
/// Source for the recipe `reference`: LLM-Blender's `get_mixinstruct.py`.
package struct Mixer<Supply: RecordSupply> {
  private let recipe: Recipe
  private let supply: Supply
  private let counter: any TokenCounter
  private let threads: Int

  /// A mixer.
  ///
  /// - Parameters:
  ///   - recipe: the recipe.
  ///   - supply: where records come from.
  ///   - counter: what counts lengths: the recipe's tokenizer, or words.
  ///   - threads: how many threads measure records.
  /// - Throws: ``MixingError/tooMany(what:count:limit:)``.
  package init(
    recipe: Recipe, supply: Supply, counter: any TokenCounter, threads: Int = 2
  ) throws {
    let filters = recipe.filters.count + recipe.sources.reduce(0) { $0 + $1.filters.count }
    for (what, count, limit) in [
      ("sources", recipe.sources.count, 255), ("filters", filters, 1000),
    ]
    where count > limit {
      throw MixingError.tooMany(what: what, count: count, limit: limit)
    }
    self.recipe = recipe
    self.supply = supply
    self.counter = counter
    self.threads = max(1, threads)
  }

  /// Makes the mix.
  ///
  /// - Parameters:
  ///   - afterStage: told of each step with the references it left, in order.
  ///   - decisions: receives the decision on every record, source by source, in the supply's order.
  /// - Returns: the selected records and all counts.
  /// - Throws: ``MixingError``, and what the supply, the tokenizer or `decisions` throws.
  package func mix(
    afterStage: (_ name: String, _ references: [Int64]) throws -> Void = { _, _ in },
    decisions: (Decision) throws -> Void
  ) throws -> MixOutcome {
    var state = MixState(recipe: recipe)
    try read(into: &state)
    var stages: [MixOutcome.Stage] = []
    func finish(_ name: String) throws {
      stages.append(.init(name: name, count: state.current.count))
      try afterStage(name, state.current.map { state.rows[Int($0)].reference })
    }
    try state.startWithSources()
    try finish("concatenated")
    for (place, filter) in recipe.filters.enumerated() {
      switch filter {
      case .exactDuplicates(let comparison): state.dropExactDuplicates(comparison)
      case .nearDuplicates(let settings):
        let finder = NearDuplicateFinder(settings: settings, threads: threads)
        try state.dropNearDuplicates(with: finder, from: supply)
      case .length, .bannedSubstrings, .refusals, .licenses, .unknownRoles:
        state.dropBroken(place: place)
      }
      try finish(filter.rule)
    }
    if recipe.quotaStage == .afterFilters {
      try state.cutToShares()
      try finish(Decision.MixRule.quota)
    }
    try state.split()
    try state.report(to: decisions)
    return state.outcome(stages: stages)
  }

  private func read(into state: inout MixState) throws {
    let measurer = Measurer(recipe: recipe, counter: counter, minHash: try state.minHash())
    for (source, rule) in recipe.sources.enumerated() {
      var batch: [(reference: Int64, record: SourceRecord)] = []
      try supply.forEachRecord(of: rule.source) { reference, record in
        batch.append((reference, record))
        guard batch.count == 2048 else { return }
        state.add(try measurer.measure(batch, source: source, threads: threads))
        batch.removeAll(keepingCapacity: true)
      }
      state.add(try measurer.measure(batch, source: source, threads: threads))
    }
  }
}
