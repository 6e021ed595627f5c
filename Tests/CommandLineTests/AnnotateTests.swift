import Foundation
import JSON
import Testing

@testable import mixinstruct

/// A store with examples of three models' answers.
private func makeStore(_ folder: TemporaryFolder, examples: Int) throws -> String {
  let lines = (0..<examples).map { number in
    let candidates = ["a", "b", "c"].map { #"{"model":"\#($0)","text":"\#($0) says \#(number)"}"# }
    return
      #"{"id":"x/\#(number)","instruction":"Say \#(number)","input":"","output":"o","candidates":[\#(candidates.joined(separator: ","))]}"#
  }
  let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  return store
}

@Test func queuesAreMadeAndLookedAfter() throws {
  let folder = try TemporaryFolder()
  let store = try makeStore(folder, examples: 10)
  let guidelines = try folder.write("# How to judge", to: "guide.md")
  let made = CommandRun(
    "annotate", "queue", "make", "helpful", "--store", store, "--overlap", "2", "--per-example",
    "2", "--count", "12", "--guidelines", guidelines, "--json")
  #expect(made.status == 0, "\(made.errorOutput)")
  let summary = try JSONValue(json: made.output)
  #expect(summary["tasks"]?.int == 12)
  #expect(summary["votes wanted"]?.int == 24)
  let twice = CommandRun("annotate", "queue", "make", "helpful", "--store", store)
  #expect(twice.status == 64)
  #expect(twice.errorOutput.contains("there is a queue 'helpful' already"))
  #expect(CommandRun("annotate", "queue", "pause", "helpful", "--store", store).status == 0)
  let list = try JSONValue(
    json: CommandRun("annotate", "queue", "list", "--store", store, "--json").output)
  let queue = try #require(list["queues"]?.array?.first)
  #expect(queue["state"]?.string == "paused")
  #expect(queue["votes_needed"]?.int == 24)
  let unknown = CommandRun("annotate", "queue", "open", "other", "--store", store)
  #expect(unknown.status == 64)
  #expect(unknown.errorOutput.contains("the store has 'helpful'"))
}

@Test(
  arguments: [
    (["--kind", "rating"], "Ratings need '--criterion"),
    (["--criterion", "x=y"], "'--criterion' is for"),
    (["--kind", "rating", "--criterion", "=y"], "is no criterion"),
    (["--pairs", "uncertain"], "needs '--count N'"),
    (["--answers", "2"], "'--answers' is for"),
    (["--kind", "ranking", "--pairs", "all"], "'--pairs' and '--pairs-file' are for"),
    (["--overlap", "0"], "overlap"),
    (["--gold-share", "0.9"], "gold-share"),
    (["--ranker", "r"], "'--ranker' is for"),
  ] as [([String], String)])
func contradictionsAreRefused(_ words: [String], _ message: String) throws {
  let folder = try TemporaryFolder()
  let store = try makeStore(folder, examples: 1)
  let run = CommandRun(["annotate", "queue", "make", "q", "--store", store] + words)
  #expect(run.status == 64)
  #expect(run.errorOutput.contains(message), "\(run.errorOutput)")
}

@Test func pairsOfAFileComeInItsOrder() throws {
  let folder = try TemporaryFolder()
  let store = try makeStore(folder, examples: 3)
  let pairs = try folder.write(
    """
    {"id":"x/2","model_a":"c","model_b":"a"}
    {"id":"x/0","model_a":"a","model_b":"b"}
    {"id":"x/2","model_a":"a","model_b":"c"}
    """, to: "pairs.jsonl")
  let made = CommandRun(
    "annotate", "queue", "make", "q", "--store", store, "--pairs-file", pairs, "--json")
  #expect(try JSONValue(json: made.output)["tasks"]?.int == 2)
  let rows = try StoreContents(store).rows(
    """
    SELECT CAST(t.priority AS INTEGER) || place || ' ' || e.id || c.model FROM annotation_tasks t JOIN annotation_task_candidates USING (task_id)
      JOIN candidates c USING (candidate_id) JOIN examples e ON e.example_id = t.example_id
    """)
  #expect(rows == ["00 x/2c", "01 x/2a", "10 x/0a", "11 x/0b"])
  let wrong = try folder.write(#"{"id":"x/9","model_a":"a","model_b":"b"}"#, to: "wrong.jsonl")
  let refused = CommandRun(
    "annotate", "queue", "make", "r", "--store", store, "--pairs-file", wrong)
  #expect(refused.status == 65)
  #expect(refused.errorOutput.contains("line 1"))
}

@Test func peopleGetLinksThatAreShownOnce() throws {
  let folder = try TemporaryFolder()
  let store = try makeStore(folder, examples: 1)
  let added = CommandRun(
    "annotate", "people", "add", "Ada", "Grace", "--store", store, "--url",
    "https://example.org/base/")
  #expect(added.status == 0)
  let lines = added.output.split(separator: "\n").map { $0.split(separator: "\t") }
  #expect(lines.map { $0[0] } == ["Ada", "Grace"])
  let tokens = try lines.map { line in
    String(try #require(line[1].firstMatch(of: /^https:\/\/example\.org\/base\/#([\w-]{43})$/)).1)
  }
  #expect(Set(tokens).count == 2)
  // Neither the secret nor anything that leads to it is in the store.
  let bytes = try Data(contentsOf: URL(filePath: store))
  let log = (try? Data(contentsOf: URL(filePath: store + "-wal"))) ?? Data()
  for token in tokens {
    #expect(bytes.range(of: Data(token.utf8)) == nil && log.range(of: Data(token.utf8)) == nil)
  }
  #expect(CommandRun("annotate", "people", "add", "Ada", "--store", store).status == 64)
  let link = CommandRun("annotate", "people", "link", "Ada", "--store", store, "--json")
  #expect(try JSONValue(json: link.output)["people"]?.array?.count == 1)
  #expect(CommandRun("annotate", "people", "revoke", "Ada", "--store", store).status == 0)
  let list = try JSONValue(
    json: CommandRun("annotate", "people", "list", "--store", store, "--json").output)
  #expect(list["people"]?.array?.map { $0["state"]?.string } == ["revoked", "active"])
  let audit = try JSONValue(
    json: CommandRun("annotate", "audit", "--store", store, "--json").output)
  #expect(
    audit["events"]?.array?.map { $0["action"]?.string } == [
      "link_revoked", "link_replaced", "link_made", "link_made",
    ])
}

@Test func knownItemsAreChecked() throws {
  let folder = try TemporaryFolder()
  let store = try makeStore(folder, examples: 2)
  #expect(CommandRun("annotate", "queue", "make", "q", "--store", store).status == 0)
  let good = try folder.write(
    #"{"id":"x/1","model_a":"a","model_b":"b","verdict":"Same bad","explanation":"both wrong"}"#,
    to: "good.jsonl")
  let added = CommandRun("annotate", "items", good, "--store", store, "--queue", "q", "--json")
  #expect(try JSONValue(json: added.output)["items"]?.int == 1)
  let bad = try folder.write(
    #"{"id":"x/1","model_a":"a","model_b":"b","verdict":"A"}"#, to: "bad.jsonl")
  let refused = CommandRun("annotate", "items", bad, "--store", store, "--queue", "q")
  #expect(refused.status == 65)
  #expect(refused.errorOutput.contains("expected 'verdict' as one of 'A is better'"))
}
