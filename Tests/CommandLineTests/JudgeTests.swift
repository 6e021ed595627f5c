import Foundation
import JSON
import LoopbackServer
import SQLite
import Synchronization
import Testing

/// A judge that likes what is shown first, and keeps the request heads it saw.
private func judge(_ heads: HeadLog = HeadLog()) -> FaultServer {
  FaultServer { request in
    heads.add(request.head)
    let body: JSONValue = [
      "choices": [["message": ["role": "assistant", "content": "1"], "finish_reason": "stop"]],
      "usage": ["prompt_tokens": 100, "completion_tokens": 1],
    ]
    return [.answer(text: body.json())]
  }
}

private final class HeadLog: Sendable {
  private let heads = Mutex<[String]>([])
  func add(_ head: String) { heads.withLock { $0.append(head) } }
  var all: [String] { heads.withLock { $0 } }
}

/// Two examples of three candidates, two of which say the same in the first one.
private func store(in folder: TemporaryFolder) throws -> String {
  let input = try folder.write(
    [
      #"{"id":"1","input":"Q","output":"r","candidates":[{"model":"a","text":"same"},{"model":"b","text":"same"},{"model":"c","text":"other"}]}"#,
      #"{"id":"2","input":"P","output":"r","candidates":[{"model":"a","text":"x"},{"model":"b","text":"y"},{"model":"c","text":"z"}]}"#,
    ].joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, "--split", "test", input).status == 0)
  return store
}

private func count(_ store: String, _ sql: String) throws -> Int {
  Int(try Connection(path: store, access: .readOnly).integer("SELECT count(*) FROM \(sql)") ?? -1)
}

@Test func aPlanSaysWhatARunWouldAsk() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = judge()
  let words = [
    "--store", store, "--endpoint", server.url, "--model", "j", "--input-price", "1",
    "--output-price", "2", "--requests-per-minute", "6", "--json",
  ]
  let plan = try JSONValue(json: CommandRun(["judge", "plan"] + words).output)
  let row = try #require(plan["models"]?.array?.first)
  #expect(row["requests"] == 12)
  #expect(row["seconds_at_least"] == 120)
  // The prompt of four choices asks for at most 8 tokens.
  #expect(row["completion_tokens_at_most"] == 96)
  let tokens = try #require(row["prompt_tokens"]?.number)
  #expect(row["usd_at_most"]?.number == (tokens * 1 + 96 * 2) / 1_000_000)
  let forOnePair = CommandRun(["judge", "plan", "--pairs", "1"] + words)
  #expect(try JSONValue(json: forOnePair.output)["total"]?["requests"] == 4)
  #expect(server.requestCount == 0)
  // Equal texts make equal questions, which are asked once; a plan leaves out what was asked.
  let run = try JSONValue(
    json: CommandRun([
      "judge", "--store", store, "--endpoint", server.url, "--model", "j", "--max-requests", "4",
      "--json",
    ]).output)
  #expect(run["asked"] == 4)
  let rest = try JSONValue(json: CommandRun(["judge", "plan"] + words).output)
  let left = rest["total"]
  #expect((left?["requests"]?.int ?? 0) + (left?["from_journal"]?.int ?? 0) <= 8)
  let table = CommandRun([
    "judge", "plan", "--store", store, "--endpoint", server.url, "--model", "j", "--model", "k",
  ])
  #expect(table.output.contains("Total"))
  #expect(table.output.contains("no price"))
}

@Test(
  arguments: [
    ("judge", 6, 0, nil), ("skip", 4, 0, nil), ("same-good", 4, 1, "Same good"),
    ("same-bad", 4, 1, "Same bad"),
  ] as [(String, Int, Int, String?)])
func equalTextsAreTreatedByTheNamedPolicy(
  _ policy: String, _ judged: Int, _ ties: Int, _ verdict: String?
) throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = judge()
  for _ in 0..<2 {
    let run = CommandRun(
      "judge", "--store", store, "--endpoint", server.url, "--model", "j", "--identical", policy,
      "--json")
    #expect(run.status == 0)
    let summary = try JSONValue(json: run.output)
    #expect(summary["pairs of equal texts: \(policy)"]?.int == (policy == "judge" ? nil : 1))
  }
  let first = "verdicts v JOIN examples e USING (example_id) JOIN judges j USING (judge_id)"
  #expect(try count(store, "\(first) WHERE e.id = '1' AND j.kind = 'llm'") == judged)
  #expect(try count(store, "\(first) WHERE e.id = '2' AND j.kind = 'llm'") == 6)
  #expect(try count(store, "\(first) WHERE j.name = 'derived:identical-texts'") == ties)
  if let verdict {
    #expect(
      try count(store, "\(first) WHERE j.kind = 'derived' AND v.verdict = '\(verdict)'") == 1)
    // The ties are in what is exported of the judge, and can be left out of reports.
    let out = folder.path("out.jsonl")
    #expect(CommandRun("export", "--store", store, "--native", "--output", out).status == 0)
    let record = try JSONValue(json: try #require(folder.lines("out.jsonl").first))
    #expect(record["cmp_results"]?["a,b"]?.string == verdict)
    let report = CommandRun(
      "evaluate", "--store", store, "--weight", "derived=0", "--json", "--no-corpus")
    #expect(try JSONValue(json: report.output)["verdicts"] == 10)
    // Reading answers again leaves ties alone that no answer holds.
    #expect(
      CommandRun("judge", "reparse", "--store", store, "--parser", "mt-bench").status == 0)
    #expect(
      try count(store, "\(first) WHERE j.kind = 'derived' AND v.verdict = '\(verdict)'") == 1)
  }
}

@Test func theFlipRateIsReported() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = judge()
  let words = ["--store", store, "--endpoint", server.url, "--model", "j", "--json"]
  let summary = try JSONValue(json: CommandRun(["judge"] + words).output)
  let flips = try #require(summary["position_flips"]?.array?.first)
  #expect(flips["judge"] == "j/four-choice")
  #expect(flips["both_orders"] == 6 && flips["flips"] == 6 && flips["flips_to_first"] == 6)
  #expect(flips["flip_percent"] == 100)
  // With one order there is nothing to compare.
  let other = CommandRun(
    ["judge", "--orders", "given", "--prompt", "structured-json"] + words)
  #expect(try JSONValue(json: other.output)["position_flips"] == nil)
}

private func setMode(_ mode: Int, of path: String) throws {
  try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}

@Test func keysComeFromFilesThatOnlyTheirOwnerReads() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let heads = HeadLog()
  let server = judge(heads)
  let key = try folder.write("sk-secret-1\n", to: "key")
  let words = [
    "--store", store, "--endpoint", server.url, "--model", "j", "--key-file", key,
    "--max-requests", "1",
  ]
  try setMode(0o644, of: key)
  for verb in [["judge"], ["collect"]] {
    let open = CommandRun(verb + words)
    #expect(open.status == 64)
    #expect(open.errorOutput.contains("mode 644"))
    #expect(open.errorOutput.contains("chmod 600"))
    #expect(!open.errorOutput.contains("sk-secret"))
  }
  #expect(heads.all.isEmpty)
  try setMode(0o600, of: key)
  for verb in ["judge", "collect"] { #expect(CommandRun([verb] + words).status == 0) }
  #expect(heads.all.count == 2)
  #expect(heads.all.allSatisfy { $0.contains("Authorization: Bearer sk-secret-1") })
  // The key is in no row of the store, not even as the command line that named its file.
  #expect(try !Data(contentsOf: URL(filePath: store)).contains(Data("sk-secret".utf8)))
  let both = CommandRun(["judge", "--key-variable", "X"] + words)
  #expect(both.status == 64)
}

@Test func aBudgetInDollarsNeedsPrices() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = judge()
  let words = ["judge", "--store", store, "--endpoint", server.url, "--model", "j"]
  let unpriced = CommandRun(words + ["--max-usd", "1"])
  #expect(unpriced.status == 64)
  #expect(unpriced.errorOutput.contains("needs the price of every model, and there is none of j"))
  // 100 tokens at 10,000 $ for a million are a dollar.
  let run = CommandRun(
    words + [
      "--max-usd", "2.5", "--input-price", "10000", "--output-price", "0", "--concurrency", "1",
      "--json",
    ])
  let summary = try JSONValue(json: run.output)
  #expect((summary["cost_usd"]?.number ?? 9) <= 2.5)
  #expect((summary["asked"]?.int ?? 9) <= 2)
}

@Test func promptsAndTemplatesCanBeRead() throws {
  let prompts = CommandRun("judge", "prompt")
  #expect(prompts.output == "four-choice\nstructured-json\n")
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = judge()
  // What is printed is a prompt file.
  let text = CommandRun("judge", "prompt", "four-choice").output
  let file = try folder.write(
    text.replacingOccurrences(of: "name: four-choice", with: "name: mine"), to: "mine.txt")
  let run = CommandRun(
    "judge", "--store", store, "--endpoint", server.url, "--model", "j", "--prompt", file)
  #expect(run.status == 0)
  #expect(try count(store, "judges WHERE name = 'j/mine'") == 1)
  #expect(CommandRun("collect", "template").output.contains("vicuna\n"))
  let template = try folder.write(
    CommandRun("collect", "template", "vicuna").output.replacingOccurrences(
      of: "USER: {prompt}", with: "Q> {prompt}"), to: "t.txt")
  let completions = FaultServer { request in
    let asked = try? JSONValue(json: String(decoding: request.body, as: UTF8.self))
    let body: JSONValue = [
      "choices": [["text": .string(asked?["prompt"]?.string ?? "none"), "finish_reason": "stop"]]
    ]
    return [.answer(text: body.json())]
  }
  let collect = CommandRun(
    "collect", "--store", store, "--endpoint", completions.url, "--model", "m", "--api",
    "openai-completions", "--template", template, "--temperature", "0", "--max-tokens", "5")
  #expect(collect.status == 0)
  #expect(try count(store, "candidates WHERE text LIKE '%Q> Q ASSISTANT:'") == 1)
  #expect(try count(store, "candidates WHERE decoding_method = 'greedy' AND model = 'm'") == 2)
}

@Test func whatAConfigurationSaysIsNotSaidTwice() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let config = try folder.write(
    #"{"endpoints": [{"name": "e", "url": "http://127.0.0.1:1"}], "models": [{"name": "j", "endpoint": "e"}]}"#,
    to: "models.json")
  for option in [["--api", "ollama"], ["--temperature", "1"], ["--system", "x"]] {
    let run = CommandRun(["collect", "--store", store, "--config", config] + option)
    #expect(run.status == 64)
    #expect(run.errorOutput.contains("'\(option[0])' stands in the configuration"))
  }
  let missing = CommandRun(
    "collect", "--store", store, "--config", config, "--ca-file", folder.path("none.pem"))
  #expect(missing.status == 64)
  #expect(missing.errorOutput.contains("a readable PEM file"))
}

/// Log-probabilities are kept as scores, also of answers that come from the journal.
@Test func logProbabilitiesAreScores() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(
    (1...2).map { #"{"id":"\#($0)","input":"Same.","output":"r","candidates":[]}"# }
      .joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  let server = FaultServer { _ in
    let body: JSONValue = [
      "choices": [
        [
          "message": ["role": "assistant", "content": "yes"], "finish_reason": "stop",
          "logprobs": ["content": [["logprob": -1.0], ["logprob": -2.0]]],
        ]
      ]
    ]
    return [.answer(text: body.json())]
  }
  #expect(
    CommandRun(
      "collect", "--store", store, "--endpoint", server.url, "--model", "m", "--logprobs"
    ).status == 0)
  #expect(server.requestCount == 1)
  #expect(try count(store, "scores WHERE value = -1.5") == 2)
  let score = CommandRun(
    "score", "--store", store, "--metrics", "logprobs,logprob_sum", "--json")
  let summary = try JSONValue(json: score.output)
  #expect(summary["logprobs of the journal"] == 0)
  #expect(summary["logprob_sum of the journal"] == 2)
  #expect(try count(store, "scores WHERE value = -3") == 2)
}
