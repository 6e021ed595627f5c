import Mixing
import RandomNumbers
import Records
import Testing
import Tokenizers

/// Text of random words, so that two of them have no shingles in common.
private func words(_ count: Int, _ random: inout PythonRandom) -> [String] {
  (0..<count).map { _ in "w\(random.randomInteger(below: 1_000_000))" }
}

/// Makes a mix and gives its outcome and all decisions by reference.
private func mix(
  _ recipe: Recipe, _ records: [SourceRecord], threads: Int = 2
) throws -> (outcome: MixOutcome, decisions: [Decision]) {
  var decisions: [Decision] = []
  let mixer = try Mixer(
    recipe: recipe, supply: MemorySupply(records: records), counter: WordTokenizer(),
    threads: threads)
  let outcome = try mixer.mix { decisions.append($0) }
  return (outcome, decisions.sorted { $0.reference < $1.reference })
}

private func recipe(filters: String, rest: String = #""splits": {"train": 1000}"#) throws -> Recipe
{
  try MixingTests.recipe(
    #"{"name": "t", "seed": 1, "sources": [{"source": "dolly"}], "filters": [\#(filters)], \#(rest)}"#
  )
}

/// Random records: originals, near copies that differ in some words, and conversations.
private func corpus(seed: Int) -> [SourceRecord] {
  var random = PythonRandom(seed: seed)
  var records: [SourceRecord] = []
  for index in 0..<120 {
    let original = words(40, &random)
    let group = index % 5 == 0 ? "g\(index / 10)" : nil
    records.append(
      record("o\(index)", group: group, input: "p\(index) q r", original.joined(separator: " ")))
    for copy in 0..<random.randomInteger(below: 3) {
      var changed = original
      for _ in 0..<random.randomInteger(below: 8) {
        changed[random.randomInteger(below: changed.count)] = "x\(copy)"
      }
      records.append(
        record("c\(index).\(copy)", input: "p\(index) q r", changed.joined(separator: " ")))
    }
  }
  random.shuffle(&records)
  return records
}

@Suite struct CleanRecipeTests {
  @Test func shippedRecipeDropsByEveryRule() throws {
    let answer = "one two three four five six seven eight nine ten"
    let records = [
      record("a", answer), record("b", input: "What is a about, if one may  ASK?", answer + " "),
      record("c", "too short"), record("d", input: "why", answer + " eleven"),
      record("e", "I\u{2019}m sorry, but as an AI I can say nothing of this at all."),
    ]
    let clean = try #require(try Recipe(bundled: "clean"))
    let (outcome, decisions) = try mix(clean, records)
    #expect(
      decisions.map(\.rule)
        == [nil, "exact-duplicates", "output-length", "input-length", "refusals"])
    #expect(decisions[1].keptInstead == 0)
    #expect(decisions[2].value == 2 && decisions[2].threshold == 5)
    #expect(decisions[4].detail == "i'm sorry")
    #expect(decisions[0].outputLength == 10 && decisions[0].inputLength == 8)
    #expect(
      outcome.summary == "5 read, 1 kept, 4 dropped (1 output-length, 1 input-length, 1 refusals, "
        + "1 exact-duplicates)")
    #expect(outcome.licenses.map { "\($0.license) \($0.count)" } == ["unknown 1"])
  }

  /// Answers with whether `refusals` of 20 characters finds "i cannot" in them.
  @Test(arguments: [
    ("I cannot do it", true), ("i CANNOT", true), ("Well, I  cannot", true),
    ("Wi cannot", false), ("I cannote", false), ("I cannot_x", false), ("I cannot.", true),
    ("012345678901 I cannot", false), ("01234567890 I cannot", true),
    ("01234567890 I cannoty", false), ("éi cannot", false), ("\u{FEFF}I cannot", true),
    ("I\ncannot", true), ("", false), (String(repeating: "\n", count: 500) + "I cannot", true),
  ])
  func findsRefusalsAsWholeWords(_ text: String, _ isFound: Bool) throws {
    let recipe = try recipe(
      filters: #"{"rule": "refusals", "phrases": ["I cannot"], "within_characters": 20}"#)
    #expect(try mix(recipe, [record("a", text)]).decisions[0].rule == (isFound ? "refusals" : nil))
  }

  @Test(arguments: [
    ("I know", true), ("KNOW", true), ("n o", false), ("\u{212A}", false), ("o\u{212A}", true),
    ("É o\u{6B}", true), ("", false),
  ])
  func findsBannedSubstringsInsideWords(_ text: String, _ isFound: Bool) throws {
    let recipe = try recipe(filters: #"{"rule": "banned-substrings", "phrases": ["NO", "ok"]}"#)
    let rule = try mix(recipe, [record("a", text)]).decisions[0].rule
    #expect(rule == (isFound ? "banned-substrings" : nil))
  }

  @Test(arguments: [
    (#""allow": ["mit", "unknown"]"#, [nil, "licenses", nil]),
    (#""deny": ["cc-by-nc-4.0"]"#, [nil, "licenses", nil]),
    (#""allow": ["MIT"]"#, [nil, "licenses", "licenses"]),
    (#""allow": ["MIT"], "deny": ["mit"]"#, ["licenses", "licenses", "licenses"]),
  ])
  func filtersByLicence(_ lists: String, _ rules: [String?]) throws {
    let records = [
      record("a", "x", license: "MIT"), record("b", "x", license: "CC-BY-NC-4.0"), record("c", "x"),
    ]
    let (_, decisions) = try mix(recipe(filters: #"{"rule": "licenses", \#(lists)}"#), records)
    #expect(decisions.map(\.rule) == rules)
  }

  @Test(arguments: [1, 2, 3]) func findsTheNearDuplicatesThatComparingAllPairsFinds(
    _ seed: Int
  ) throws {
    let records = corpus(seed: seed)
    let threshold = 0.7
    let recipe = try recipe(
      filters:
        #"{"rule": "near-duplicates", "threshold": \#(threshold), "together": 0.5, "bands": 60, "rows": 3}"#
    )
    let (outcome, decisions) = try mix(recipe, records)
    // Single linkage by brute force: a record is dropped when a chain leads to an earlier one.
    let sets = records.map { record in
      let list = (record.input + " " + record.output).split(separator: " ")
      return Set((0...(list.count - 3)).map { list[$0..<($0 + 3)].joined(separator: " ") })
    }
    var roots = Array(records.indices)
    for i in records.indices {
      for j in 0..<i {
        let common = sets[i].intersection(sets[j]).count
        let similarity = Double(common) / Double(sets[i].count + sets[j].count - common)
        guard similarity >= threshold else { continue }
        let (a, b) = (min(roots[i], roots[j]), max(roots[i], roots[j]))
        for k in roots.indices where roots[k] == b { roots[k] = a }
      }
    }
    for (index, decision) in decisions.enumerated() {
      let isDropped = decision.rule == "near-duplicates"
      #expect(isDropped == (roots[index] != index), "record \(index)")
      if isDropped {
        #expect(decision.keptInstead == Int64(roots[index]))
        #expect((decision.value ?? 0) >= threshold && decision.value == decision.similarity)
      }
    }
    #expect(outcome.total.drops.map(\.rule) == ["near-duplicates"])
  }

  @Test func findsNothingInTextsWithoutWords() throws {
    let recipe = try recipe(filters: #"{"rule": "near-duplicates", "threshold": 0.5}"#)
    let records = ["", "!!!", "?", "!!!"].enumerated().map {
      record("r\($0.offset)", input: "", $0.element)
    }
    #expect(try mix(recipe, records).outcome.total.kept == 4)
  }

  @Test func splitsNeverSeparateWhatBelongsTogether() throws {
    let records = corpus(seed: 9)
    let recipe = try recipe(
      filters:
        #"{"rule": "near-duplicates", "threshold": 0.95, "together": 0.3, "bands": 60, "rows": 3}"#,
      rest: """
        "splits": {"train": 100, "dev": 25, "test": 25},
        "keep_together": ["group", "prompt", "near-duplicates"]
        """)
    let (outcome, decisions) = try mix(recipe, records)
    #expect([outcome.dev.count, outcome.test.count] as [Int] == [25, 25])
    var splits: [String: Set<Split>] = [:]
    for decision in decisions {
      guard case .selected(let split) = decision.fate else { continue }
      let record = records[Int(decision.reference)]
      splits["prompt " + record.input, default: []].insert(split)
      if let group = record.group { splits["group " + group, default: []].insert(split) }
    }
    #expect(splits.values.allSatisfy { $0.count == 1 })
    #expect(Set(outcome.train + outcome.dev + outcome.test).count == outcome.total.kept)
  }

  @Test func isTheSameForAnyNumberOfThreadsAndEveryRun() throws {
    let records = (0..<2).flatMap { corpus(seed: $0) }
    let clean = try #require(try Recipe(bundled: "clean"))
    let first = try mix(clean, records, threads: 1)
    for threads in [1, 3] {
      let other = try mix(clean, records, threads: threads)
      #expect(other.outcome.train == first.outcome.train)
      #expect(other.outcome.dev == first.outcome.dev)
      #expect(other.decisions == first.decisions)
      #expect(other.outcome.stages == first.outcome.stages)
      #expect(other.outcome.counts == first.outcome.counts)
    }
  }

  @Test(arguments: [
    // Weights, available records, splits' total, taken records.
    ([1.0, 1.0], [100, 100], 10, [5, 5]), ([3.0, 1.0], [100, 100], 10, [8, 2]),
    ([1.0, 1.0, 1.0], [100, 2, 100], 20, [9, 2, 9]), ([1.0, 1.0], [3, 4], 100, [3, 4]),
    ([2.0, 1.0], [0, 50], 9, [0, 9]), ([1.0, 1.0, 1.0], [9, 9, 9], 10, [4, 3, 3]),
    ([1e308, 1e308], [9, 9], 4, [2, 2]),
  ])
  func sharesOutByWeight(_ weights: [Double], _ available: [Int], _ total: Int, _ taken: [Int])
    throws
  {
    let names = weights.indices.map { "s\($0)" }
    let list = zip(names, weights).map { #"{"source": "\#($0)", "weight": \#($1)}"# }
    let recipe = try MixingTests.recipe(
      #"{"name": "t", "seed": 1, "sources": [\#(list.joined(separator: ","))], "splits": {"train": \#(total)}}"#
    )
    let records = zip(names, available).flatMap { name, count in
      (0..<count).map { record("\(name)/\($0)", source: Source(rawValue: name), "x \($0)") }
    }
    let outcome = try mix(recipe, records).outcome
    #expect(outcome.counts.map(\.kept) == taken)
  }

  @Test func quotasAfterFiltersBoundWhatComesOut() throws {
    let records = (0..<10).map { record("r\($0)", $0 < 4 ? "short" : "long enough for this") }
    let recipe = try MixingTests.recipe(
      """
      {"name": "t", "seed": 1, "sources": [{"source": "dolly", "quota": 5}],
       "filters": [{"rule": "output-length", "at_least": 2}], "splits": {"train": 3, "dev": 1}}
      """)
    let (outcome, decisions) = try mix(recipe, records)
    #expect(
      outcome.summary == "10 read, 4 kept, 6 dropped (4 output-length, 1 quota, 1 split-sizes)")
    let quota = decisions.first { $0.rule == "quota" }
    #expect(quota?.value == 6 && quota?.threshold == 5)
  }

  @Test func mixesNothing() throws {
    let (outcome, decisions) = try mix(try #require(try Recipe(bundled: "clean")), [])
    #expect(outcome.summary == "0 read, 0 kept, 0 dropped")
    #expect(decisions.isEmpty)
  }
}
