import Foundation
import JSON
import LoopbackServer
import ProcessSignals
import SQLite
import Testing

private func record(_ id: String, _ models: [String], verdicts: String? = nil) -> String {
  let candidates = models.map { #"{"model":"\#($0)","text":"\#($0) of \#(id)"}"# }
  return
    #"{"id":"\#(id)","instruction":"Say \#(id).","input":"","output":"o","candidates":[\#(candidates.joined(separator: ","))]"#
    + (verdicts.map { #","cmp_results":\#($0)"# } ?? "") + "}"
}

/// Two records whose mean logits are known: by hand, with the sign of the swapped order turned.
private func smallStore(in folder: TemporaryFolder) throws -> String {
  let input = try folder.write(
    [
      record("1", ["a", "b", "c"], verdicts: #"{"a,b":"B is better"}"#),
      record("2", ["a", "b", "c"]),
    ].joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  try RankerVerdicts.add(
    "small@1",
    [
      // Means: a,b 0.75; a,c 0.0625; b,c -1.5.
      ("1", "a", "b", 1), ("1", "b", "a", -0.5), ("1", "a", "c", 0.25), ("1", "c", "a", 0.125),
      ("1", "b", "c", -2), ("1", "c", "b", 1),
      // a,b in one order only; a,c exactly 0.5; b,c never.
      ("2", "b", "a", -0.875), ("2", "a", "c", 0.5), ("2", "c", "a", -0.5),
    ], to: store)
  return store
}

private func labels(_ store: String) throws -> [String] {
  try StoreContents(store).rows(
    """
    SELECT e.id || ' ' || a.model || b.model || ' ' || v.verdict || ' ' || v.logit FROM verdicts v
    JOIN examples e USING (example_id) JOIN candidates a ON a.candidate_id = v.candidate_a
    JOIN candidates b ON b.candidate_id = v.candidate_b JOIN judges j USING (judge_id)
    WHERE j.kind = 'derived'
    """)
}

private func json(_ words: String...) throws -> JSONValue {
  let run = CommandRun(words + ["--json"])
  #expect(run.status == 0 || words[0] == "validate", "\(run.errorOutput)")
  return try JSONValue(json: run.output)
}

@Suite struct LabelTests {
  @Test func labelsFillWhatNobodyJudged() throws {
    let folder = try TemporaryFolder()
    let store = try smallStore(in: folder)
    let first = try json("label", "--store", store, "--from", "small", "--margin", "0.5")
    #expect(first["pairs"] == 6 && first["judged"] == 1)
    #expect(first["labelled"] == 3 && first["ties"] == 2)
    #expect(first["compared in one order only"] == 1)
    #expect(first["not compared by the ranker"] == 1)
    #expect(first["judge"] == "derived:small@1, margin 0.5")
    #expect(
      try labels(store) == [
        "1 ac Same good 0.0625", "1 bc B is better -1.5", "2 ac Same good 0.5",
      ])
    let details = try Connection(path: store, access: .readOnly).text(
      "SELECT details FROM judges WHERE kind = 'derived'")
    #expect(try JSONValue(json: try #require(details))["ranker"] == "small@1")
    // Again, and with another margin: nothing is missing any more, and nothing is replaced.
    let again = try json("label", "--store", store, "--from", "small@1", "--margin", "0.5")
    #expect(again["labelled"] == 0 && again["labelled before"] == 3 && again["judged"] == 1)
    let other = try json("label", "--store", store, "--from", "small", "--margin", "0.25")
    #expect(other["labelled"] == 0 && other["judged"] == 4)
    #expect(try labels(store).count == 3)
    // Tables that count the labels say whose they are.
    for (weight, isNoted) in [("1", true), ("0", false)] {
      let run = CommandRun(
        "evaluate", "--store", store, "--no-corpus", "--json", "--weight", "derived=\(weight)")
      #expect(run.output.contains("are labels of the ranker 'small@1'") == isNoted)
    }
  }

  @Test(arguments: [(0.0, 0), (0.49, 1), (0.5, 2), (1.5, 3), (7, 3)])
  func theMarginDecidesWhatIsATie(_ margin: Double, _ ties: Int) throws {
    let folder = try TemporaryFolder()
    let store = try smallStore(in: folder)
    let summary = try json(
      "label", "--store", store, "--from", "small", "--margin", "\(margin)", "--tie", "same-bad")
    #expect(summary["ties"]?.int == ties)
    #expect(try labels(store).count { $0.contains("Same bad") } == ties)
  }

  @Test func aStoppedLabellingGoesOn() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(
      (0..<200).map { record("\($0)", ["a", "b"]) }.joined(separator: "\n"), to: "many.jsonl")
    var stores: [String] = []
    for name in ["whole.db", "stopped.db"] {
      stores.append(folder.path(name))
      #expect(CommandRun("import", "--store", stores.last ?? "", input).status == 0)
      try RankerVerdicts.add("r@1", to: stores.last ?? "")
    }
    #expect(CommandRun("label", "--store", stores[0], "--from", "r").status == 0)
    let interrupt = InterruptFlag()
    _ = interrupt.raise()
    let stopped = CommandRun(["label", "--store", stores[1], "--from", "r"], interrupt: interrupt)
    #expect(stopped.status == 130)
    #expect(try labels(stores[1]).count == 64)
    #expect(CommandRun("label", "--store", stores[1], "--from", "r").status == 0)
    #expect(try labels(stores[1]) == labels(stores[0]))
  }

  @Test func unknownRankersAreOneClearLine() throws {
    let folder = try TemporaryFolder()
    let store = try smallStore(in: folder)
    for words in [
      ["label", "--from", "x"], ["select", "--budget", "1", "--ranker", "x"],
      ["validate", "--against", "x"],
    ] {
      let run = CommandRun(words + ["--store", store])
      #expect(run.status == 64)
      #expect(run.errorOutput.contains("'small@1' (ranker)"), "\(run.errorOutput)")
    }
    #expect(CommandRun("validate", "--store", store, "--margin", "1").status == 64)
    #expect(CommandRun("validate", "--store", store, "--against", "human").status == 64)
    #expect(CommandRun("validate", "--against", "ranker", folder.path("in.jsonl")).status == 64)
  }
}

@Suite struct SelectTests {
  private func pairs(_ words: String...) throws -> [String] {
    let run = CommandRun(["select"] + words)
    #expect(run.status == 0, "\(run.errorOutput)")
    return try run.output.split(separator: "\n").map { line in
      let value = try JSONValue(json: String(line))
      return ["id", "model_a", "model_b"].compactMap { value[$0]?.string }.joined(separator: " ")
    }
  }

  @Test func theLeastCertainUnjudgedPairsComeFirst() throws {
    let folder = try TemporaryFolder()
    let store = try smallStore(in: folder)
    let all = ["1 a c", "2 a c", "2 a b", "1 b c"]
    for budget in 1...5 {
      #expect(try pairs("--store", store, "--budget", "\(budget)") == Array(all.prefix(budget)))
    }
    // Labels are no judgments.
    #expect(CommandRun("label", "--store", store, "--from", "small").status == 0)
    #expect(try pairs("--store", store, "--budget", "9") == all)
    let table = CommandRun("select", "--store", store, "--budget", "1", "--format", "table")
    #expect(table.output.contains("0.063") || table.output.contains("0.062"))
  }

  @Test func conflictsAreSortedByTheMinorityAndTheLogit() throws {
    let folder = try TemporaryFolder()
    let store = try smallStore(in: folder)
    let votes = try folder.write(
      """
      {"id":"1","model_a":"b","model_b":"c","verdict":"A is better","judge":"h1"}
      {"id":"2","model_a":"a","model_b":"c","verdict":"B is better","judge":"h1"}
      {"id":"2","model_a":"a","model_b":"b","verdict":"Same good","judge":"h1"}
      {"id":"1","model_a":"b","model_b":"a","verdict":"B is better","judge":"h1"}
      {"id":"1","model_a":"b","model_b":"a","verdict":"A is better","judge":"h2"}
      """, to: "v.jsonl")
    #expect(CommandRun("import", "--store", store, "--kind", "human", votes).status == 0)
    // a,b of 1: imported and h2 for b, ranker and h1 for a; then the surer ranker.
    let conflict = try pairs("--store", store, "--budget", "9", "--strategy", "conflict")
    #expect(conflict == ["1 a b", "1 b c", "2 a c"])
  }

  /// What is selected is judged, in both orders, and nothing else.
  @Test func judgesTakeExactlyTheSelectedPairs() throws {
    let folder = try TemporaryFolder()
    let store = try smallStore(in: folder)
    let server = FaultServer { _ in
      let body: JSONValue = [
        "choices": [
          ["message": ["role": "assistant", "content": "1"], "finish_reason": "stop"]
        ],
        "usage": ["prompt_tokens": 1, "completion_tokens": 1],
      ]
      return [.answer(text: body.json())]
    }
    let file = folder.path("pairs.jsonl")
    #expect(
      CommandRun("select", "--store", store, "--budget", "2", "--output", file).status == 0)
    let words = ["--store", store, "--endpoint", server.url, "--model", "j"]
    let plan = CommandRun(["judge", "plan", "--pairs", file, "--json"] + words)
    #expect(try JSONValue(json: plan.output)["total"]?["requests"] == 4)
    let run = CommandRun(["judge", "--pairs", file] + words)
    #expect(run.status == 0, "\(run.errorOutput)")
    let judged = try StoreContents(store).rows(
      """
      SELECT e.id || ' ' || a.model || b.model FROM verdicts v JOIN examples e USING (example_id)
      JOIN candidates a ON a.candidate_id = v.candidate_a
      JOIN candidates b ON b.candidate_id = v.candidate_b JOIN judges j USING (judge_id)
      WHERE j.kind = 'llm'
      """)
    #expect(judged == ["1 ac", "1 ca", "2 ac", "2 ca"])
    // What was judged is not selected again.
    #expect(try pairs("--store", store, "--budget", "9") == ["2 a b", "1 b c"])
    for (line, message) in [
      (#"{"id":"1","model_a":"a","model_b":"x"}"#, "line 1, record 1: the store has no candidate"),
      (#"{"id":"1","model_a":"a","model_b":"a"}"#, "named twice"),
      (#"{"id":"1","model_a":"a"}"#, "expected the texts"), ("nonsense", "line 1"),
    ] {
      let bad = try folder.write(line, to: "bad.jsonl")
      let run = CommandRun(["judge", "--pairs", bad] + words)
      #expect(run.status == 65)
      #expect(run.errorOutput.contains(message), "\(run.errorOutput)")
    }
    #expect(CommandRun(["judge", "--pairs", "0"] + words).status == 64)
  }
}

@Suite struct JudgeComparisonTests {
  /// 50 pairs; rows the ranker, columns the judge: A 20, 5; B 10, 15. Ranker: A is better, mean logit
  /// (n + 1) / 10 for the n-th pair.
  private func store(in folder: TemporaryFolder) throws -> String {
    var lines: [String] = []
    var logits: [(id: String, a: String, b: String, logit: Double)] = []
    let cells = [
      (1.0, "A is better", 20), (1, "B is better", 5), (-1, "A is better", 10),
      (-1, "B is better", 15),
    ]
    for (sign, verdict, count) in cells {
      for _ in 0..<count {
        let number = lines.count
        lines.append(record("\(number)", ["a", "b"], verdicts: #"{"a,b":"\#(verdict)"}"#))
        let logit = sign * Double(number + 1) / 10
        // The first pair's winner changes with the order; its mean does not.
        let shift = number == 0 ? 1.0 : 0
        logits.append(("\(number)", "a", "b", logit + shift))
        logits.append(("\(number)", "b", "a", -logit + shift))
      }
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    try RankerVerdicts.add("r@1", logits, to: store)
    return store
  }

  @Test func kappaIsThatOfTheHand() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let result = try json("validate", "--store", store, "--against", "ranker", "--list", "3")
    let agreement = try #require(result["agreements"]?.array?.first)
    #expect(agreement["first"] == "r@1" && agreement["second"] == "imported")
    #expect(agreement["n"] == 50 && agreement["raw_percent"] == 70)
    #expect(abs((agreement["kappa"]?.number ?? 9) - 0.4) < 1e-12)
    // Variance 0.2016 / 12.5.
    let reach = 1.959963984540054 * (0.2016 / 12.5).squareRoot()
    #expect(abs((agreement["kappa_lower"]?.number ?? 9) - (0.4 - reach)) < 1e-9)
    #expect(abs((agreement["kappa_upper"]?.number ?? 9) - (0.4 + reach)) < 1e-9)
    let row = agreement["confusion"]?["B is better"]
    #expect(row?["A is better"] == 10 && row?["B is better"] == 15 && row?["Same bad"] == 0)
    // 15 disagreements; the surest ranker's come first.
    #expect(result["counts"]?["suspicious-judgment"] == 15 && result["valid"] == false)
    let listed = result["suspicious"]?.array ?? []
    #expect(listed.map { $0["id"]?.string } == ["34", "33", "32"])
    #expect(listed.first?["logit"] == -3.5 && listed.first?["verdict"] == "A is better")
    let ranker = result["judges"]?.array?.first { $0["judge"] == "r@1" }
    #expect(ranker?["flip_percent"]?["value"] == 2 && ranker?["flip_percent"]?["n"] == 50)
  }

  @Test func theStatusTellsWhetherSomethingWasFound() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let words = ["validate", "--store", store, "--against"]
    let run = CommandRun(words + ["ranker", "--list", "1"])
    #expect(run.status == 65)
    #expect(run.output.contains("warning: record 34: imported says 'A is better' of a and b"))
    #expect(run.output.contains("warning: 14 more [suspicious-judgment]"))
    #expect(run.output.contains("r@1 in rows, imported in columns"))
    #expect(CommandRun(words + ["ranker", "--allow", "suspicious-judgment"]).status == 0)
    // Within the margin the ranker is not sure of anything.
    #expect(CommandRun(words + ["ranker", "--margin", "9"]).status == 0)
    // 5 + 10 differ, whoever is the measure; names and kinds both stand for judges.
    for name in ["judge", "imported", "imp"] {
      let result = try JSONValue(json: CommandRun(words + [name, "--json"]).output)
      #expect(result["counts"]?["suspicious-judgment"] == 15)
      #expect(result["agreements"]?.array?.first?["first"] == "imported")
    }
  }
}
