import DatasetStore
import Foundation
import JSON
import Records
import SQLite
import Testing

private let example = Example(
  id: "x/1", instruction: "Say hi.", input: "", output: "Hi.",
  candidates: [
    Candidate(model: "m", decodingMethod: "greedy", text: "Hi!", scores: ["bleu": 1.5]),
    Candidate(model: "n", text: "", additionalFields: ["note": [1, nil]]),
    Candidate(model: "o", text: "a\0b"),
  ],
  verdicts: [
    PairVerdict(modelA: "m", modelB: "n", verdict: .aIsBetter),
    PairVerdict(modelA: "o", modelB: "n", verdict: .sameBad),
    PairVerdict(modelA: "o", modelB: "m", verdict: .aIsBetter),
  ],
  comparisonForm: .string, additionalFields: ["topic": "greeting"])

@Test func anExampleComesBackAsItWentIn() throws {
  let folder = try TemporaryFolder()
  let store = try Store(path: folder.path("a.db"), access: .create, verb: "import")
  let run = try store.beginRun(verb: "import", arguments: ["x"], version: "1")
  try store.add(PreparedExample(example, placement: .init(split: .dev, source: "s")), run: run)
  try store.add(PreparedExample(example, placement: .init(split: .test)), run: run)

  let reader = try ExampleReader(store)
  let first = try #require(try reader.next())
  var read = first.example
  read.verdicts = try reader.verdicts(of: first).map {
    PairVerdict(
      modelA: read.candidates[$0.candidateA].model, modelB: read.candidates[$0.candidateB].model,
      verdict: $0.verdict ?? .sameGood)
  }
  #expect(read == example)
  #expect(first.split == .dev)
  #expect(first.source == "s")
  let second = try #require(try reader.next())
  #expect(second.split == .test)
  #expect(try reader.next() == nil)
  // A statement stepped beyond its end would start anew.
  #expect(try reader.next() == nil)
  #expect(try ExampleReader(store, .init(split: .test)).next()?.row == second.row)
}

@Test func theGPTRankViewIsMaxLogits() throws {
  let folder = try TemporaryFolder()
  let store = try Store(path: folder.path("a.db"), access: .create)
  let run = try store.beginRun(verb: "import", arguments: [], version: "1")
  try store.add(PreparedExample(example, placement: .init()), run: run)
  let connection = try Connection(path: store.path, access: .readOnly)
  var ranks: [String] = []
  try connection.query("SELECT model, rank FROM gpt_rank ORDER BY candidate_id") { row in
    ranks.append("\(row.text(0)) \(row.int(1))")
  }
  #expect(ranks == ["m 2", "n 3", "o 1"])
  let values = try connection.text(
    "SELECT group_concat(metric || '=' || value) FROM candidate_scores")
  #expect(values == "bleu=1.5")
}

@Test func aSecondWriterIsToldWhoHoldsTheStore() throws {
  let folder = try TemporaryFolder()
  let first = try Store(path: folder.path("a.db"), access: .create, verb: "collect")
  var told: [String] = []
  let error = #expect(throws: StoreError.self) {
    try Store(
      path: first.path, access: .write, verb: "judge",
      waiting: .init(seconds: 0, onWait: { told.append($0) }))
  }
  #expect(told.count == 1)
  #expect(error?.description.contains("(mixinstruct collect) is writing to this store") == true)
  _ = try Store(path: first.path, access: .read)
}

@Test func storesOfOthersAreLeftAlone() throws {
  let folder = try TemporaryFolder()
  let path = folder.path("other.db")
  let other = try Connection(path: path, access: .readWriteCreate)
  try other.execute("CREATE TABLE notes (a TEXT) STRICT")
  #expect(throws: StoreError.notAStore(path: path)) { try Store(path: path, access: .write) }
  #expect(throws: StoreError.notAStore(path: path)) { try Store(path: path, access: .read) }
  let missing = folder.path("missing.db")
  #expect(throws: StoreError.missing(path: missing)) { try Store(path: missing, access: .read) }
  #expect(!FileManager.default.fileExists(atPath: missing))
}

@Test func aNewerStoreIsRefused() throws {
  let folder = try TemporaryFolder()
  let path = folder.path("a.db")
  do { _ = try Store(path: path, access: .create) }
  let connection = try Connection(path: path, access: .readWrite)
  try connection.run("INSERT INTO schema_migrations VALUES ('m9999_future', 'now')")
  #expect(throws: StoreError.newer(path: path, migration: "m9999_future")) {
    try Store(path: path, access: .write)
  }
}

@Test func aRunThatDiedIsMarkedWhenTheNextBegins() throws {
  let folder = try TemporaryFolder()
  let path = folder.path("a.db")
  do {
    let store = try Store(path: path, access: .create)
    _ = try store.beginRun(verb: "ingest", arguments: ["--store", "a.db"], version: "1")
  }
  _ = try Store(path: path, access: .write)
  let connection = try Connection(path: path, access: .readOnly)
  #expect(try connection.text("SELECT status FROM runs") == "interrupted")
}

@Test func aRepeatedQuestionKeepsOneRow() throws {
  let folder = try TemporaryFolder()
  let store = try Store(path: folder.path("a.db"), access: .create)
  let run = try store.beginRun(verb: "collect", arguments: [], version: "1")
  var entry = JournalEntry(
    key: Array(repeating: 7, count: 16), purpose: .candidate, endpoint: "e", model: "m",
    state: "empty", body: Array("{}".utf8), attempts: 1)
  let row = try store.add(entry, run: run)
  entry.state = "answered"
  entry.text = "hello"
  entry.attempts = 2
  #expect(try store.add(entry, run: run) == row)
  let reader = try Connection(path: store.path, access: .readOnly)
  let answer = try #require(try Store.journalAnswer(to: entry.key, on: reader))
  #expect(answer.state == "answered")
  #expect(answer.text == "hello")
  #expect(try reader.integer("SELECT attempts FROM requests") == 3)
}

@Test func aFullStoreKeepsWhatWasCommitted() throws {
  let folder = try TemporaryFolder()
  let store = try Store(path: folder.path("a.db"), access: .create)
  let run = try store.beginRun(verb: "import", arguments: [], version: "1")
  let pages = try #require(try store.connection.integer("PRAGMA page_count"))
  // SQLite refuses further pages as it does when the disk has no more room.
  try store.connection.execute("PRAGMA max_page_count = \(pages + 20)")
  var batches = 0
  let error = #expect(throws: SQLiteError.self) {
    while batches < 1000 {
      try store.connection.transaction {
        for _ in 0..<50 { try store.add(PreparedExample(example, placement: .init()), run: run) }
      }
      batches += 1
    }
  }
  #expect(batches > 0)
  #expect(error?.isInputOutput == true)
  #expect(error?.description.contains("the disk is full") == true)
  #expect(!store.connection.isInTransaction)
  let reader = try store.makeReader()
  #expect(try reader.integer("SELECT count(*) FROM examples") == Int64(50 * batches))
  #expect(try reader.text("PRAGMA integrity_check") == "ok")
  try store.connection.execute("PRAGMA max_page_count = 1000000")
  store.forgetPositions()
  _ = try store.connection.transaction {
    try store.add(PreparedExample(example, placement: .init()), run: run)
  }
  #expect(try reader.integer("SELECT count(*) FROM examples") == Int64(50 * batches + 1))
}
