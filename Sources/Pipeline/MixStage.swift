package import DatasetStore
internal import JSON
package import Mixing
internal import RecordFiles
internal import Records
internal import SQLite
internal import Tokenizers

/// Draws the dataset from the ingested sources by a recipe.
package struct MixStage {
  /// A bundled recipe's name, or the path of a recipe file.
  package var recipe: String
  /// What the command line changes of the recipe.
  package var overrides = RecipeOverrides()
  /// Whether examples that have candidates may leave the dataset.
  package var mayDropCollected = false

  /// A mix by a recipe.
  package init(recipe: String) { self.recipe = recipe }

  /// Source records of a store.
  private struct Supply: RecordSupply {
    let connection: Connection
    let onRecord: () throws -> Void

    func forEachRecord(of source: Source, _ body: (Int64, SourceRecord) throws -> Void) throws {
      try Store.forEachSourceRecord(of: source, on: connection) { row, record in
        try onRecord()
        try body(row, record)
      }
    }

    func records(at references: [Int64]) throws -> [SourceRecord] {
      try references.compactMap { try Store.sourceRecord(at: $0, on: connection) }
    }
  }

  private struct Cancelled: Error {}

  /// Makes the mix; the dataset changes in one transaction.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `RecipeError`, `MixingError`, `TokenizerError`, `SQLiteError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    let (base, text) = try Self.load(recipe)
    let recipe = try base.applying(overrides)
    let counter: any TokenCounter
    switch (recipe.lengthUnit, recipe.tokenizer) {
    case (.words, _): counter = WordTokenizer()
    case (.tokens, let folder?): counter = try Tokenizer(folder: folder)
    case (.tokens, nil):
      throw StageError.invalid(
        "the recipe '\(recipe.name)' counts tokens: name a tokenizer with --tokenizer DIR")
    }
    let sources = try store.sourceCounts()
    let wanted = Set(recipe.sources.map(\.source))
    guard sources.contains(where: { wanted.contains($0.source) }) else {
      throw StageError.nothingToDo(
        "\(store.path): no records of \(recipe.sources.map(\.source.rawValue).joined(separator: ", "))"
          + " to mix: 'ingest' them first")
    }
    var hasher = ContentHasher()
    hasher.combine("\(recipe)")
    hasher.combine(counter.signature)
    hasher.combine(sources.map { "\($0.source)=\($0.records)" }.joined(separator: ","))
    let fingerprint = hasher.finish().description
    if try store.lastMix()?.fingerprint == fingerprint {
      var summary = StageSummary()
      summary.notes.append("the dataset is this mix already, nothing to do")
      return summary
    }
    return try StageRun.record(in: store, context) { run in
      do {
        return try mix(
          recipe, recipeText: text, counter: counter, fingerprint: fingerprint,
          total: sources.reduce(0) { wanted.contains($1.source) ? $0 + $1.records : $0 },
          store: store, run: run, context)
      } catch is Cancelled {
        var summary = StageSummary()
        summary.wasInterrupted = true
        summary.remainder = "the dataset is as it was before"
        return summary
      }
    }
  }

  /// The recipe of that name, or in the file of that name, with its text.
  static func load(_ name: String) throws -> (Recipe, JSONValue) {
    if let bundled = try Recipe(bundled: name) { return (bundled, .string(name)) }
    guard name.contains("/") || name.contains(".") else {
      throw StageError.invalid(
        "there is no recipe '\(name)': expected one of "
          + Recipe.bundledNames.joined(separator: ", ") + ", or a file")
    }
    let bytes = try FileContents.bytes(of: name)
    return (try Recipe(json: bytes, name: name), try JSONParser().value(of: bytes))
  }

  private func mix(
    _ recipe: Recipe, recipeText: JSONValue, counter: any TokenCounter, fingerprint: String,
    total: Int, store: Store, run: Int64, _ context: StageContext
  ) throws -> StageSummary {
    var done = 0
    let supply = Supply(
      connection: try store.makeReader(),
      onRecord: {
        done += 1
        guard done % 512 == 0 else { return }
        if context.isCancelled() { throw Cancelled() }
        context.report(.init(done: min(done, total), total: total))
      })
    let mixer = try Mixer(recipe: recipe, supply: supply, counter: counter)
    return try store.connection.transaction {
      let mix = try store.addMix(
        name: recipe.name, recipe: recorded(recipeText), fingerprint: fingerprint, summary: [:],
        run: run)
      func check() throws {
        if context.isCancelled() { throw Cancelled() }
      }
      let outcome = try mixer.mix { _, _ in
        try check()
      } decisions: { decision in
        try check()
        try store.add(
          MixDecision(
            sourceRecord: decision.reference, rule: decision.rule, measured: decision.value,
            threshold: decision.threshold, outputLength: decision.outputLength,
            inputLength: decision.inputLength, similarity: decision.similarity,
            detail: decision.detail ?? decision.keptInstead.map { "source record \($0)" }),
          mix: mix)
      }
      try place(outcome, store: store, run: run, check)
      store.forgetPositions()
      return summary(of: outcome)
    }
  }

  private func recorded(_ recipe: JSONValue) -> JSONObject {
    var changes: JSONObject = [:]
    for (name, value) in [
      ("train", overrides.train), ("dev", overrides.dev), ("test", overrides.test),
      ("max_input", overrides.maxInput), ("max_output", overrides.maxOutput),
    ] {
      if let value { changes[name] = .integer(Int64(value)) }
    }
    if let seed = overrides.seed { changes["seed"] = .string(seed) }
    if let tokenizer = overrides.tokenizer { changes["tokenizer"] = .string(tokenizer) }
    for (source, quota) in overrides.quotas {
      changes["quota \(source)"] = .integer(Int64(quota))
    }
    return ["recipe": recipe, "overrides": .object(changes)]
  }

  /// Puts the selected records into the dataset, keeping examples that are in it already.
  private func place(
    _ outcome: MixOutcome, store: Store, run: Int64, _ check: () throws -> Void
  ) throws {
    var existing = try store.mixedExamples()
    let order: [Split] = [.dev, .test, .train]
    for split in order {
      for reference in outcome.references(of: split) where existing[reference] != nil {
        existing[reference]?.hasCandidates = false
      }
    }
    let lost = existing.values.count { $0.hasCandidates }
    guard lost == 0 || mayDropCollected else {
      throw StageError.invalid(
        "this mix leaves out \(lost) examples that have candidates already: "
          + "--drop-collected removes them with their candidates and verdicts")
    }
    var position =
      (try store.connection.integer(
        "SELECT max(position) FROM examples WHERE source_record_id IS NULL") ?? -1) + 1
    let reader = try store.makeReader()
    for split in order {
      for reference in outcome.references(of: split) {
        try check()
        if let known = existing.removeValue(forKey: reference) {
          try store.move(example: known.row, to: split, position: position)
        } else if let record = try Store.sourceRecord(at: reference, on: reader) {
          store.setNextPosition(position)
          var example = Example(
            id: record.id, instruction: record.instruction, input: record.input,
            output: record.output)
          // Written only once there are candidates, like the files of the reference mix.
          example.missingFields = ["candidates"]
          try store.add(
            PreparedExample(
              example,
              placement: .init(
                split: split, source: record.source.rawValue, license: record.license,
                category: record.category, sourceRecord: reference)), run: run)
        }
        position += 1
      }
    }
    for left in existing.values.map(\.row).sorted() { try store.remove(example: left) }
  }

  private func summary(of outcome: MixOutcome) -> StageSummary {
    var summary = StageSummary()
    let total = outcome.total
    summary["read"] = total.read
    summary["kept"] = total.kept
    summary["dropped"] = total.drops.reduce(0) { $0 + $1.count }
    for drop in total.drops { summary["dropped: \(drop.rule)"] = drop.count }
    for split in [Split.train, .dev, .test] {
      summary[split.rawValue] = outcome.references(of: split).count
    }
    var sources: JSONObject = [:]
    for count in outcome.counts {
      sources[count.source.rawValue] = [
        "read": .integer(Int64(count.read)), "kept": .integer(Int64(count.kept)),
      ]
    }
    summary.details["sources"] = .object(sources)
    summary.details["licenses"] = .array(
      outcome.licenses.map {
        ["license": .string($0.license), "count": .integer(Int64($0.count))]
      })
    summary.details["stages"] = .array(
      outcome.stages.map { ["name": .string($0.name), "count": .integer(Int64($0.count))] })
    return summary
  }
}
