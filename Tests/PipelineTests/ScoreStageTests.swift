import DatasetStore
import Foundation
import JSON
import NeuralMetrics
import Pipeline
import Records
import SQLite
import Testing

/// A metric of a model that is none: the length of the candidate, and a record of what was asked.
private final class Lengths: NeuralScorer {
  let metric = NeuralMetric.bleurt
  var signature: String { "bleurt|documents:\(references.count)" }
  let readsReferences: Bool
  var references: [String] = []
  var asked: [TextPair] = []
  var loads = 0
  /// After so many calls it finds that the user wants it to stop.
  var callsLeft = Int.max

  struct Flaw: Error, CustomStringConvertible { let description = "no tokens" }

  init(readsReferences: Bool = false) { self.readsReferences = readsReferences }

  func read(reference: String) throws {
    if reference.isEmpty { throw Flaw() }
    references.append(reference)
  }

  func load() throws { loads += 1 }

  func score(
    _ pairs: [TextPair], isCancelled: () -> Bool
  ) throws -> [Result<NeuralScore, any Error>] {
    if callsLeft == 0 { throw NeuralMetricsError.stopped }
    callsLeft -= 1
    asked += pairs
    return pairs.map { pair in
      pair.candidate.contains("flaw")
        ? .failure(Flaw())
        : .success(.number(pair.candidate.isEmpty ? .nan : Double(pair.candidate.utf8.count)))
    }
  }
}

@Suite struct ScoreStageTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  /// A store with examples of two candidates each; every third one is of the test split.
  private func store(examples: Int) throws -> Store {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let store = try Store(path: folder.appending(path: "a.db").path, access: .create)
    let run = try store.beginRun(verb: "import", arguments: [], version: "")
    try store.connection.transaction {
      for number in 0..<examples {
        let example = Example(
          id: "e/\(number)", instruction: "Say \(number).", input: "", output: "It is \(number).",
          candidates: [
            Candidate(model: "m", text: "\(number)"), Candidate(model: "n", text: "no"),
          ])
        try store.add(
          PreparedExample(example, placement: .init(split: number % 3 == 0 ? .test : .train)),
          run: run)
      }
    }
    try store.endRun(run, .finished, summary: [:])
    return store
  }

  private func values(_ store: Store, _ metric: String) throws -> [Double] {
    var values: [Double] = []
    try store.connection.query(
      "SELECT value FROM candidate_scores WHERE metric = ? ORDER BY candidate_id", .text(metric)
    ) { values.append($0.double(0)) }
    return values
  }

  private func stage(_ models: [any NeuralScorer], _ others: [String] = []) throws -> ScoreStage {
    try ScoreStage(
      metrics: others + models.map(\.metric.name), useStemmer: true, models: models)
  }

  @Test func computesOnlyWhatIsMissing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(examples: 30)
    let model = Lengths()
    var part = try stage([model])
    part.split = .test
    var summary = try part.run(on: store, StageContext(verb: "score"))
    #expect(summary["scored"] == 20 && model.asked.count == 20)
    let all = try stage([model], ["bleu"])
    summary = try all.run(on: store, StageContext(verb: "score"))
    // The other metric is new for all of them.
    #expect(summary["scored"] == 60 && model.asked.count == 60)
    summary = try all.run(on: store, StageContext(verb: "score"))
    #expect(summary["already scored"] == 60 && model.asked.count == 60)
    let expected = (0..<30).flatMap { number -> [Double] in [Double("\(number)".utf8.count), 2] }
    #expect(try values(store, "bleurt") == expected)
    #expect(try values(store, "bleu").count == 60)
  }

  @Test func namesWhatCannotBeScored() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(examples: 3)
    try store.connection.execute("UPDATE candidates SET text = 'a flaw' WHERE candidate_id = 3")
    try store.connection.execute("UPDATE candidates SET text = '' WHERE candidate_id = 6")
    try store.connection.execute("UPDATE examples SET output = NULL WHERE example_id = 1")
    var notes: [String] = []
    let context = StageContext(verb: "score", note: { notes.append($0.description) })
    let summary = try stage([Lengths()]).run(on: store, context)
    #expect(summary["scored"] == 2 && summary["not scorable"] == 2)
    #expect(summary["without reference"] == 2)
    #expect(
      notes == [
        "record e/1: m: no tokens", "record e/2: n: the score is nan, which is no number",
      ])
    #expect(try values(store, "bleurt") == [2, 1])
  }

  @Test func aStopKeepsWhatWasCommitted() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(examples: 400)
    let model = Lengths()
    model.callsLeft = 2
    var summary = try stage([model]).run(on: store, StageContext(verb: "score"))
    #expect(summary.wasInterrupted)
    let kept = try values(store, "bleurt").count
    #expect(kept == 512)
    model.callsLeft = .max
    summary = try stage([model]).run(on: store, StageContext(verb: "score"))
    #expect(!summary.wasInterrupted)
    #expect(summary["scored"] == 800 - kept && summary["already scored"] == kept)
    #expect(model.asked.count == 800)
  }

  @Test func readsTheReferencesOfTheSplitFirst() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(examples: 9)
    let model = Lengths(readsReferences: true)
    var stage = try stage([model])
    stage.split = .test
    let summary = try stage.run(on: store, StageContext(verb: "score"))
    #expect(model.references == ["It is 0.", "It is 3.", "It is 6."])
    #expect(summary.details["signatures"]?.array?.first?.string == "bleurt|documents:3")
    let signature = try store.connection.text("SELECT signature FROM scorers")
    #expect(signature == "bleurt|documents:3")
  }

  @Test func progressCountsTheSplitAlone() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(examples: 1801)
    var stage = try stage([], ["length_words"])
    stage.split = .test
    var reports: [[Int?]] = []
    _ = try stage.run(
      on: store, StageContext(verb: "score", report: { reports.append([$0.done, $0.total]) }))
    #expect(reports == [[500, 601], [601, 601]])
  }

  /// A reader that stays open keeps SQLite from starting its log anew.
  @Test func theLogCanBeEmptiedMeanwhile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(examples: 1200)
    let other = try Connection(path: store.path, access: .readWrite)
    var busy: [Int] = []
    _ = try stage([Lengths()], ["length_words"]).run(
      on: store,
      StageContext(
        verb: "score",
        report: { _ in
          try? other.query("PRAGMA wal_checkpoint(TRUNCATE)") { busy.append($0.int(0)) }
        }))
    #expect(busy.count > 2 && busy.allSatisfy { $0 == 0 })
  }
}
