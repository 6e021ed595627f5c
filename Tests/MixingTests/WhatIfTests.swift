import Mixing
import RandomNumbers
import Records
import Testing
import Tokenizers

/// Records with answers of 1 to 60 words, some of them nearly equal.
private let records: [SourceRecord] = {
  var random = PythonRandom(seed: 5)
  var records: [SourceRecord] = []
  for index in 0..<80 {
    var words = (0..<(1 + random.randomInteger(below: 60))).map { _ in
      "w\(random.randomInteger(below: 100_000))"
    }
    records.append(record("r\(index)", input: "", words.joined(separator: " ")))
    guard index % 2 == 0 else { continue }
    words[random.randomInteger(below: words.count)] = "changed"
    records.append(record("c\(index)", input: "", words.joined(separator: " ")))
  }
  return records
}()

private func recipe(minimum: Int, maximum: Int, threshold: Double) throws -> Recipe {
  try MixingTests.recipe(
    """
    {"name": "t", "seed": 1, "sources": [{"source": "dolly"}], "splits": {"train": 60},
     "filters": [{"rule": "output-length", "at_least": \(minimum), "at_most": \(maximum)},
       {"rule": "near-duplicates", "threshold": \(threshold), "together": 0.4, "bands": 60,
        "rows": 3}]}
    """)
}

private func decisions(_ recipe: Recipe) throws -> [Decision] {
  var decisions: [Decision] = []
  _ = try Mixer(
    recipe: recipe, supply: MemorySupply(records: records), counter: WordTokenizer()
  ).mix { decisions.append($0) }
  return decisions
}

private func effect(_ change: WhatIf.Change, _ recipe: Recipe) throws -> WhatIf.Effect {
  var question = try WhatIf(change, recipe: recipe)
  for decision in try decisions(recipe) { question.add(.init(decision)) }
  return question.effect
}

@Suite struct WhatIfTests {
  @Test(arguments: [(10, 50), (3, 30), (1, 100), (25, 26)])
  func lengthsAreWhatANewRunDrops(_ minimum: Int, _ maximum: Int) throws {
    let now = try recipe(minimum: 5, maximum: 40, threshold: 0.8)
    let effect = try effect(.length(.output, .init(minimum: minimum, maximum: maximum)), now)
    let next = try decisions(recipe(minimum: minimum, maximum: maximum, threshold: 0.8))
    #expect(effect.isExact)
    #expect(effect.droppedAfter == next.count { $0.rule == "output-length" })
    #expect(
      effect.droppedAfter - effect.droppedBefore == effect.newlyDropped - effect.noLongerDropped)
  }

  @Test(arguments: [0.4, 0.6, 0.8, 0.9, 0.95, 1])
  func similaritiesAreWhatANewRunDrops(_ threshold: Double) throws {
    let now = try recipe(minimum: 3, maximum: 60, threshold: 0.8)
    let effect = try effect(.nearDuplicates(threshold: threshold), now)
    let next = try decisions(recipe(minimum: 3, maximum: 60, threshold: threshold))
    #expect(effect.isExact)
    #expect(effect.droppedAfter == next.count { $0.rule == "near-duplicates" })
  }

  @Test func saysWhatItCannotKnow() throws {
    let now = try recipe(minimum: 3, maximum: 60, threshold: 0.8)
    #expect(try !effect(.nearDuplicates(threshold: 0.2), now).isExact)
    var question = try WhatIf(.length(.output, .init(minimum: 1)), recipe: now)
    question.add(.init(rule: nil, outputLength: nil, inputLength: nil, similarity: nil))
    #expect(question.effect.unknown == 1 && !question.effect.isExact)
    let error = #expect(throws: RecipeError.self) {
      try WhatIf(.length(.input, .init(minimum: 1)), recipe: now)
    }
    #expect(
      error?.description.contains("no filter input-length, did you mean output-length?") == true)
  }
}
