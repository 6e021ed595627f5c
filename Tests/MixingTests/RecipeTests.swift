import Foundation
import JSON
import Mixing
import Records
import Testing

private let sources = #""sources": [{"source": "dolly"}]"#

/// Broken recipes with the message's end.
private let broken: [(String, String)] = [
  ("[]", "$: an array, expected an object"),
  (#"{"sead": 1}"#, "$.sead: unknown key, did you mean seed?"),
  (#"{"name": "t"}"#, "$.seed: missing"),
  (#"{"name": 3}"#, "$.name: 3, expected a string"),
  (#"{"name": "t", "seed": "x"}"#, "$.seed: x, expected a whole number"),
  (#"{"name": "t", "seed": 1.5}"#, "$.seed: 1.5, expected a whole number, or one as text"),
  (
    #"{"name": "t", "seed": 1, "splits": {"trian": 2}}"#,
    "$.splits.trian: unknown key, did you mean train?"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {"dev": -1}}"#,
    "$.splits.dev: -1, expected a whole number from 0 to 2147483647"
  ),
  (#"{"name": "t", "seed": 1, "splits": {}, "sources": []}"#, "$.sources: an empty list"),
  (
    #"{"name": "t", "seed": 1, "splits": {}, "sources": [{"source": "a"}, {"source": "a"}]}"#,
    "$.sources[1].source: a is there twice"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, "sources": [{"source": "a", "weight": 0}]}"#,
    "$.sources[0].weight: 0, expected a number above 0"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, "sources": [{"source": "a", "weight": 1, "quota": 2}]}"#,
    "$.sources[0].weight: beside a quota, expected one of the two"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, "sources": [{"source": "a", "weight": 1}, {"source": "b"}]}"#,
    "$.sources: 1 of 2 have a weight, expected all or none"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, "quotas": "before-filter", \#(sources)}"#,
    "$.quotas: unknown value before-filter, did you mean before-filters?"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, \#(sources), "filters": [{"rule": "output_length"}]}"#,
    "$.filters[0].rule: unknown rule output_length, did you mean output-length?"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, \#(sources), "filters": [{"rule": "output-length", "lessthan": 3}]}"#,
    "$.filters[0].lessthan: unknown key, did you mean less_than?"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, \#(sources), "filters": [{"rule": "refusals", "phrases": ["a", ""]}]}"#,
    "$.filters[0].phrases[1]: an empty string, which every text contains"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, \#(sources), "keep_together": ["near-duplicates"]}"#,
    "$.keep_together: near-duplicates without a filter near-duplicates"
  ),
  (
    #"{"name": "t", "seed": 1, "splits": {}, "sources": [{"source": "a", "filters": [{"rule": "exact-duplicates", "compare": "text"}]}]}"#,
    "$.sources[0].filters[0].rule: exact-duplicates compares all sources, expected it in $.filters"
  ),
]

@Suite struct RecipeTests {
  @Test(arguments: broken) func saysWhereARecipeIsWrong(_ json: String, _ message: String) {
    let error = #expect(throws: RecipeError.self) { try recipe(json) }
    #expect(error?.description == "recipe test, \(message)")
  }

  @Test func namesMalformedJSON() {
    let error = #expect(throws: RecipeError.self) { try recipe("{") }
    #expect(error?.description.hasPrefix("recipe test, $: ") == true)
  }

  @Test func readsBounds() throws {
    let recipe = try recipe(
      """
      {"name": "t", "seed": 18446744073709551615, "splits": {"train": 1}, \(sources),
       "filters": [{"rule": "output-length", "more_than": 10, "less_than": 20},
                   {"rule": "input-length", "at_least": 5, "at_most": 7}]}
      """)
    guard case .length(.output, let output) = recipe.filters[0],
      case .length(.input, let input) = recipe.filters[1]
    else {
      Issue.record("other filters")
      return
    }
    #expect([10, 11, 19, 20].map { output.contains($0) } == [false, true, true, false])
    #expect([10, 11, 19, 20].map { output.brokenBound(by: $0) } == [10, nil, nil, 20])
    #expect([4, 5, 7, 8].map { input.contains($0) } == [false, true, true, false])
    #expect([4, 5, 7, 8].map { input.brokenBound(by: $0) } == [5, nil, nil, 7])
    #expect(recipe.seed == "18446744073709551615")
  }

  @Test func appliesOverrides() throws {
    var overrides = RecipeOverrides()
    overrides.train = 7
    overrides.seed = "9"
    overrides.maxOutput = 50
    overrides.maxInput = 60
    overrides.tokenizer = "folder"
    overrides.quotas = [(.dolly, 3)]
    let reference = try #require(try Recipe(bundled: "reference")).applying(overrides)
    #expect(reference.trainSize == 7)
    #expect(reference.devSize == 5_000)
    #expect(reference.seed == "9")
    #expect(reference.tokenizer == "folder")
    #expect(reference.sources[1].share == .quota(3))
    guard case .length(_, let strict) = reference.filters[1] else { return }
    #expect(strict.contains(49) && !strict.contains(50))
    let clean = try #require(try Recipe(bundled: "clean")).applying(overrides)
    #expect(clean.lengthUnit == .tokens)
    guard case .length(.output, let inclusive) = clean.filters[0] else { return }
    #expect(inclusive.contains(50) && !inclusive.contains(51))
  }

  @Test func refusesOverridesThatDoNotFit() throws {
    let clean = try #require(try Recipe(bundled: "clean"))
    var overrides = RecipeOverrides()
    overrides.quotas = [(Source(rawValue: "doly"), 3)]
    var error = #expect(throws: RecipeError.self) { try clean.applying(overrides) }
    #expect(
      error?.description
        == "recipe clean, $.sources: no source doly to set a quota of, did you mean dolly?")
    overrides = RecipeOverrides()
    overrides.dev = -1
    error = #expect(throws: RecipeError.self) { try clean.applying(overrides) }
    #expect(error?.path == "$.splits.dev")
  }

  /// The schema names the same keys and rules as the reader, and the shipped files use no others.
  @Test func schemaKnowsWhatTheReaderKnows() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let schema = try JSONParser().value(
      of: Data(contentsOf: root.appending(path: "Schemas/recipe.schema.json")))
    let properties = try #require(schema["properties"]?.object).members.map(\.key)
    let error = #expect(throws: RecipeError.self) { try recipe(#"{"zzzzzzzzzzzzzzzzz": 1}"#) }
    let known = try #require(error?.problem.components(separatedBy: "expected one of ").last)
    #expect(known.components(separatedBy: ", ").sorted() == properties.sorted())
    let text = schema.json()
    let wrongRule =
      #"{"name": "t", "seed": 1, "splits": {}, \#(sources), "filters": [{"rule": "zzzzzzzzzzz"}]}"#
    let ruleError = #expect(throws: RecipeError.self) { try recipe(wrongRule) }
    let rules = try #require(ruleError?.problem.components(separatedBy: "expected one of ").last)
    for rule in rules.components(separatedBy: ", ") { #expect(text.contains("\"\(rule)\"")) }
  }
}
