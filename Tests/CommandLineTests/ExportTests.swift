import Foundation
import JSON
import SQLite
import Testing

private let records = [
  #"{"id":"t/1","input":"Q1","output":"r one","candidates":[{"model":"a","text":"r one"},{"model":"b","text":"two"}],"cmp_results":"{\"a,b\": \"A is better\"}"}"#,
  #"{"id":"t/2","input":"Q2","output":"r two","candidates":[{"model":"a","text":"x"},{"model":"b","text":"y"}],"cmp_results":"{\"a,b\": \"Same good\"}"}"#,
]
private let others = [
  #"{"id":"d/1","input":"Q3","output":"r","candidates":[{"model":"a","text":"é"},{"model":"b","text":"r"}],"cmp_results":"{\"a,b\": \"B is better\"}","license":"MIT"}"#
]

/// A store with two parts, scored.
private func store(in folder: TemporaryFolder) throws -> String {
  let train = try folder.write(records.joined(separator: "\n"), to: "train.jsonl")
  let dev = try folder.write(others.joined(separator: "\n"), to: "dev.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, train, dev).status == 0)
  #expect(CommandRun("score", "--store", store, "--metrics", "rougeL,bleu").status == 0)
  return store
}

/// The command line of the last recorded export, without the program's name.
private func recordedExport(_ store: String) throws -> (words: [String], summary: JSONValue) {
  let connection = try Connection(path: store, access: .readOnly)
  let row = try connection.first(
    "SELECT arguments, summary FROM runs WHERE verb = 'export' ORDER BY run_id DESC"
  ) { (try JSONValue(json: $0.text(0)), try JSONValue(json: $0.text(1))) }
  let found = try #require(row)
  return (try #require(found.0.array).dropFirst().compactMap(\.string), found.1)
}

@Test(arguments: [
  ["--hub", "--indented"], ["--scores", "computed"], ["--format", "trl-kto", "--by", "rougeL"],
  ["--format", "ultrafeedback-h4", "--pairs", "best-vs-random", "--seed", "7"],
])
func anExportIsMadeAgainByteForByteFromItsRecord(_ options: [String]) throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  for name in ["{split}.jsonl", "{split}.json.gz", "{split}.jsonl.zst"] {
    let first = folder.path("first-\(name)")
    let run = CommandRun(["export", "--store", store, "--output", first] + options)
    #expect(run.status == 0, "\(run.errorOutput)")
    let recorded = try recordedExport(store)
    // What was recorded is all that is needed.
    let second = folder.path("second-\(name)")
    let words = recorded.words.map { $0 == first ? second : $0 }
    #expect(words != recorded.words)
    #expect(CommandRun(words).status == 0)
    for split in ["train", "dev"] {
      let name = name.replacingOccurrences(of: "{split}", with: split)
      let bytes = try Data(contentsOf: URL(filePath: folder.path("first-\(name)")))
      #expect(bytes.count > 10)
      #expect(bytes == (try Data(contentsOf: URL(filePath: folder.path("second-\(name)")))))
    }
    let again = try recordedExport(store)
    func hashes(_ summary: JSONValue) -> [String?] {
      summary["files"]?.array?.map { $0["xxh128"]?.string } ?? []
    }
    #expect(hashes(recorded.summary).count == 2)
    #expect(hashes(recorded.summary) == hashes(again.summary))
  }
}

@Test func aFolderGetsAFileForEachPartAndACard() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let run = CommandRun(
    "export", "--store", store, "--format", "trl", "--by", "verdicts", "--output",
    folder.path("out") + "/", "--title", "Two judges' work", "--json")
  #expect(run.status == 0)
  #expect(
    try folder.lines("out/train.jsonl") == [#"{"prompt":"Q1","chosen":"r one","rejected":"two"}"#])
  #expect(
    try folder.lines("out/dev.jsonl") == [#"{"prompt":"Q3","chosen":"r","rejected":"é"}"#])
  #expect(!FileManager.default.fileExists(atPath: folder.path("out/test.jsonl")))
  let summary = try JSONValue(json: run.output)
  #expect(summary["records"] == 2 && summary["not carried: tie"] == 1)
  let card = try folder.lines("out/README.md")
  #expect(card.first == "---" && card.contains("# Two judges' work"))
  #expect(card.contains("  - split: train") && card.contains("    path: train.jsonl"))
  #expect(card.contains("  - split: validation") && card.contains("    path: dev.jsonl"))
  #expect(card.contains("| unknown | 1 | MIT |"))
  #expect(card.contains { $0.hasPrefix("| tie | 1 | 1 |") })
  // The commands that made the dataset, the last one being this export.
  let commands = card.filter { $0.hasPrefix("    mixinstruct ") }
  #expect(commands.count == 3)
  #expect(commands.last?.hasSuffix(#"--title 'Two judges'\'' work' --json"#) == true)
}

@Test func aReadmeThatIsNoCardIsNotReplaced() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  try FileManager.default.createDirectory(
    atPath: folder.path("out"), withIntermediateDirectories: true)
  let readme = try folder.write("# A project", to: "out/README.md")
  let words = ["export", "--store", store, "--output", folder.path("out") + "/"]
  let run = CommandRun(words)
  #expect(run.status == 65)
  #expect(run.errorOutput.contains("README.md is not a dataset card"), "\(run.errorOutput)")
  #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).count == 1)
  // Elsewhere it may stand, and its own card is replaced.
  #expect(CommandRun(words + ["--card", folder.path("CARD.md")]).status == 0)
  #expect(try folder.lines("out/README.md") == ["# A project"])
  try FileManager.default.removeItem(atPath: readme)
  for _ in 1...2 { #expect(CommandRun(words).status == 0) }
}

@Test func aCardStandsBesideASingleFile() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let card = folder.path("CARD.md")
  let run = CommandRun(
    "export", "--store", store, "--split", "dev", "--output", folder.path("d.jsonl"), "--card",
    card, "--provenance")
  #expect(run.status == 0)
  let lines = try folder.lines("CARD.md")
  #expect(lines.contains("| validation | `d.jsonl` | 1 |"))
  #expect(lines.contains { $0.hasPrefix("| `license` | string |") })
  #expect(try folder.lines("d.jsonl").first?.contains(#""license":"MIT""#) == true)
}

/// Nothing appears, and nothing that was there goes, unless every file is complete.
@Test func allFilesAppearTogetherOrNone() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  try FileManager.default.createDirectory(
    atPath: folder.path("out/dev.jsonl"), withIntermediateDirectories: true)
  let run = CommandRun("export", "--store", store, "--output", folder.path("out") + "/")
  #expect(run.status != 0)
  #expect(run.errorOutput.contains("dev.jsonl"))
  #expect(
    try FileManager.default.contentsOfDirectory(atPath: folder.path("out")) == ["dev.jsonl"])
}

@Test func optionsOfTheOtherFormsAreRefused() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  for (words, message) in [
    (["--by", "bleu"], "'--by' is for preference formats"),
    (["--format", "trl", "--hub"], "'--hub' is for '--format mixinstruct'"),
    (["--title", "x"], "'--title' is for a card"),
    (["--judge", "a", "--judge", "b"], "name one judge"),
  ] {
    let run = CommandRun(["export", "--store", store] + words)
    #expect(run.status == 64)
    #expect(run.errorOutput.contains(message), "\(run.errorOutput)")
  }
}

@Test func aSummaryDoesNotMixWithRecords() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let process = CommandRun(
    "export", "--store", store, "--split", "dev", "--output", folder.path("d.jsonl"), "--json")
  #expect(try JSONValue(json: process.output)["examples"] == 1)
  #expect(process.errorOutput == "")
}
