import Foundation
import JSON
import LoopbackServer
import ModelEndpoints
import RandomNumbers
import SQLite
import Testing

/// Kills the program at random moments; what it does must come to the same as without.
@Suite(.enabled(if: ChildProcess.isBuilt), .serialized)
struct KillTests {
  /// A command that is killed, and what it is to come to.
  private struct Job {
    /// The arguments; the store is made anew for each round.
    let words: (_ store: String) -> [String]
    /// Makes a store in which the command has everything to do.
    let prepare: (_ store: String) throws -> Void
    /// Queries for the rows that must be the same as without kills.
    let queries: [String]
  }

  /// Kills a job so often, and lets it end after some of the kills.
  ///
  /// At least a third of the kills must hit the program at work. On a busy machine, where times vary,
  /// that may need more of them.
  private func kill(
    _ job: Job, times: Int, seed: UInt64, in folder: TemporaryFolder
  ) throws {
    let reference = folder.path("reference.db")
    try job.prepare(reference)
    let undisturbed = try ChildProcess.run(job.words(reference))
    #expect(undisturbed.status == 0, "\(undisturbed.errorOutput)")
    let expected = try job.queries.map { try StoreContents(reference).rows($0) }
    #expect(expected.allSatisfy { !$0.isEmpty })
    var generator = SplitMix64(seed: seed)
    var duration = undisturbed.seconds
    var kills = 0
    var hits = 0
    var round = 0
    while kills < times || (hits * 3 < times && kills < 4 * times) {
      round += 1
      let store = folder.path("\(round).db")
      try job.prepare(store)
      // After some kills the rest is done in peace, so that each part of the work is hit.
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let child = try ChildProcess(job.words(store))
        let delay = Double.random(in: 0...duration, using: &generator)
        usleep(UInt32(delay * 1_000_000))
        child.send(SIGKILL)
        let ending = try child.end()
        kills += 1
        if FileManager.default.fileExists(atPath: store) {
          if ending.status == 137, try isAtWork(store) { hits += 1 }
          #expect(try StoreContents(store).isSound)
        }
        if ending.status == 0 {
          duration = min(duration, ending.seconds)
          break
        }
      }
      let last = try ChildProcess.run(job.words(store))
      #expect(last.status == 0, "\(last.errorOutput)")
      #expect(try StoreContents(store).isSound)
      for (query, rows) in zip(job.queries, expected) {
        let read = try StoreContents(store).rows(query)
        #expect(read == rows, "round \(round): \(query)")
      }
      // A run that was killed does not pass for one that is running, or that was finished.
      #expect(try StoreContents(store).count("runs WHERE status = 'running'") == 0)
    }
    #expect(hits * 3 >= times, "\(hits) of \(kills) kills hit the program at work")
  }

  /// Whether the store says that a run is at work: it was killed between its first and last commit.
  private func isAtWork(_ store: String) throws -> Bool {
    // A kill in the first moments leaves a store without tables.
    (try? StoreContents(store).count("runs WHERE status = 'running'")) ?? 0 > 0
  }

  private static let files =
    "SELECT json_array(records_read, records_kept, is_finished, reader_state) FROM input_files"
  private static let drops =
    "SELECT json_array(stage, rule, place, record_id, message) FROM dropped_records"
  private static let journal =
    "SELECT json_array(hex(request_key), state, text, body) FROM requests"

  @Test func anIngestionLosesAndRepeatsNothing() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<7000).map {
      $0 % 500 == 99
        ? "{\"broken\n" : #"{"instruction":"Name \#($0).","input":"","output":"It is \#($0)."}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let job = Job(
      words: { ["ingest", "--store", $0, "--format", "alpaca", input] }, prepare: { _ in },
      queries: [
        "SELECT json_array(source, id, instruction, input, output, license) FROM source_records",
        Self.files, Self.drops,
      ])
    try kill(job, times: 12, seed: 1, in: folder)
  }

  @Test func anImportLosesAndRepeatsNothing() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<6000).map {
      #"{"id":"e/\#($0 % 5000)","instruction":"Say \#($0).","input":"","output":"\#($0)","candidates":[{"model":"m","text":"\#($0)","scores":{"bleu":1.5}},{"model":"n","text":"no"}],"cmp_results":{"m,n":"A is better"}}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let job = Job(
      words: { ["import", "--store", $0, input] }, prepare: { _ in },
      queries: [
        """
        SELECT json_array(id, occurrence, position, instruction, output, (
          SELECT json_group_array(json_array(position, model, text, scores)) FROM candidates c
          WHERE c.example_id = e.example_id)) FROM examples e
        """,
        "SELECT json_array(e.id, occurrence, verdict) FROM verdicts JOIN examples e USING (example_id)",
        Self.files,
      ])
    try kill(job, times: 14, seed: 2, in: folder)
  }

  @Test func aScoringWithModelsLosesAndRepeatsNothing() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<900).map {
      #"{"id":"e/\#($0)","instruction":"Say \#($0).","input":"","output":"The river has \#($0) boats.","candidates":[{"model":"m","text":"A river of \#($0 % 700) boats"},{"model":"n","text":"no"}]}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let full = folder.path("full.db")
    #expect(CommandRun("import", "--store", full, input).status == 0)
    let job = Job(
      words: {
        ["score", "--store", $0, "--metrics", "rouge1,bertscore,bleurt"] + ModelMetricTests.models
      }, prepare: { try FileManager.default.copyItem(atPath: full, toPath: $0) },
      queries: [
        """
        SELECT json_array(candidate_id, signature, round(value, 4)) FROM scores
        JOIN scorers USING (scorer_id)
        """
      ])
    try kill(job, times: 6, seed: 4, in: folder)
  }

  /// Logits are the same to the last bit, whatever was killed.
  @Test func aRankingLosesAndRepeatsNothing() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<400).map { number in
      let candidates = (0..<4).map {
        let text = String(repeating: "word\($0) ", count: 1 + (number + $0) % 7)
        return #"{"model":"m\#($0)","text":"\#(text)"}"#
      }
      return
        #"{"id":"e/\#(number)","instruction":"Say \#(number).","input":"","candidates":[\#(candidates.joined(separator: ","))]}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let ranker = repository.appending(path: "Tests/RerankingTests/Fixtures/pairrm-hf/model")
      .path(percentEncoded: false)
    let job = Job(
      words: { ["rank", "--store", $0, "--ranker", ranker, "--threads", "1"] },
      prepare: { store in
        let run = try ChildProcess.run(["import", "--store", store, input])
        #expect(run.status == 0, "\(run.errorOutput)")
      },
      queries: [
        "SELECT json_array(example_id, candidate_a, candidate_b, verdict, logit) FROM verdicts",
        "SELECT json_array(candidate_id, score, rank) FROM ranks",
      ])
    try kill(job, times: 9, seed: 5, in: folder)
  }

  @Test func aLabellingLosesAndRepeatsNothing() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<4000).map {
      #"{"id":"e/\#($0)","instruction":"Say \#($0).","input":"","candidates":[{"model":"a","text":"x"},{"model":"b","text":"y"},{"model":"c","text":"z"}],"cmp_results":{"a,b":"A is better"}}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let full = folder.path("full.db")
    #expect(CommandRun("import", "--store", full, input).status == 0)
    try RankerVerdicts.add("r@1", to: full)
    let job = Job(
      words: { ["label", "--store", $0, "--from", "r", "--margin", "0.3"] },
      prepare: { try FileManager.default.copyItem(atPath: full, toPath: $0) },
      queries: [
        """
        SELECT json_array(example_id, candidate_a, candidate_b, verdict, logit, j.name) FROM verdicts
        JOIN judges j USING (judge_id) WHERE j.kind = 'derived'
        """
      ])
    try kill(job, times: 6, seed: 6, in: folder)
  }

  /// Fusions, and those that were refused, are the same whatever was killed.
  @Test func aFusingLosesAndRepeatsNothing() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<160).map { number in
      let candidates = (0..<3).map {
        let text = String(repeating: "word\($0) ", count: 1 + (number + $0) % 7)
        return #"{"model":"m\#($0)","text":"\#(text)"}"#
      }
      return
        #"{"id":"e/\#(number)","instruction":"Say \#(number).","input":"","candidates":[\#(candidates.joined(separator: ","))]}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let fixtures = repository.appending(path: "Tests").path(percentEncoded: false)
    let job = Job(
      words: {
        [
          "fuse", "--store", $0, "--fuser", "\(fixtures)/FusionTests/Fixtures/genfuser/model",
          "--ranker", "\(fixtures)/RerankingTests/Fixtures/pairrm-hf/model", "--keep-if-better",
          "--max-new-tokens", "12", "--threads", "1",
        ]
      },
      prepare: { store in
        let run = try ChildProcess.run(["import", "--store", store, input])
        #expect(run.status == 0, "\(run.errorOutput)")
      },
      queries: [
        "SELECT json_array(example_id, position, model, text, additional_fields) FROM candidates",
        "SELECT json_array(example_id, candidate_a, candidate_b, verdict, logit) FROM verdicts",
        "SELECT json_array(rule, place, record_id, measured, message) FROM dropped_records",
      ])
    try kill(job, times: 9, seed: 6, in: folder)
  }

  @Test(arguments: Asking.allCases) func noAnswerIsLostOrDoubled(_ asking: Asking) throws {
    let folder = try TemporaryFolder()
    let slow = FaultyModel.Fault(
      name: "slow",
      steps: { _ in
        [.pause(milliseconds: 4)] + FaultyModel.answer(asking.reply)
      })
    let refused = FaultyModel.Fault(
      name: "refused",
      steps: { _ in
        FaultyModel.answer("no", finish: "content_filter")
      })
    let model = FaultyModel([slow, refused], reply: asking.reply)
    let count = 400 / asking.questions
    let texts = (0..<count).map { "fault:\($0 % 10 == 0 ? "refused" : "slow"); \($0)" }
    let empty = try asking.store(in: folder, texts: texts)
    let configuration = try model.configuration(in: folder, concurrency: 4)
    let recording = folder.path("recording.jsonl")
    let job = Job(
      words: {
        [asking.rawValue, "--store", $0, "--config", configuration, "--record", recording]
      }, prepare: { try FileManager.default.copyItem(atPath: empty, toPath: $0) },
      queries: [
        Self.journal,
        asking == .collect
          ? """
          SELECT json_array(e.id, model, text) FROM candidates JOIN examples e USING (example_id)
          """
          : """
          SELECT json_array(e.id, a.model, b.model, verdict, parser, problem) FROM verdicts v
          JOIN examples e USING (example_id) JOIN candidates a ON a.candidate_id = candidate_a
          JOIN candidates b ON b.candidate_id = candidate_b
          """,
      ])
    try kill(job, times: 12, seed: 3, in: folder)
    // A line that a kill has cut is not left in the recording.
    let questions = try Set(
      folder.lines("recording.jsonl").map { try JSONValue(json: $0)["request"]?.json() })
    #expect(questions.count == count * asking.questions)
  }
}
