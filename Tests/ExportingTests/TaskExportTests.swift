import Exporting
import JSON
import Records
import Testing
import VerdictImport

/// Tasks for people: what is written, and what comes back of it.
@Suite struct TaskExportTests {
  private static let models = ["m-a", "m,b \"2\"", "m-c"]

  private static func input(
    _ said: [(Int, Int, Verdict, String)], people: Bool = true,
    texts: [String] = ["Größe \u{2028} <b>", "two\nlines", "\u{1F600}"]
  ) -> ExportInput {
    let example = Example(
      id: "dolly_15k/x/1", instruction: "Say \"hi\".", input: "to é",
      candidates: zip(models, texts).map { Candidate(model: $0, text: $1) })
    return ExportInput(
      example: example,
      judgements: said.map { first, second, verdict, judge in
        .init(
          verdict: PairVerdict(
            modelA: models[first], modelB: models[second], verdict: verdict),
          judge: judge, isPerson: people && !judge.hasPrefix("llm"))
      })
  }

  /// Every verdict by people of all kinds of names, in both orders of one pair.
  private static let votes: [(Int, Int, Verdict, String)] = [
    (0, 1, .aIsBetter, "person:ann"), (0, 1, .sameBad, "person:Zoë Ü"),
    (1, 0, .aIsBetter, "person:ann"), (2, 1, .sameGood, "annotator1"),
    (0, 2, .bIsBetter, "person:0b1f6a34-5c3e-4a11-9d2b-0123456789ab"),
    (1, 0, .bIsBetter, "llm 1"), (0, 1, .bIsBetter, "llm 2"), (0, 2, .sameGood, "llm 1"),
    (2, 1, .aIsBetter, "person:zoe@example.org"),
  ]

  @Test(arguments: [ExportFormat.argilla, .labelStudio])
  func peoplesVerdictsRoundTrip(_ format: ExportFormat) throws {
    let exported = Exporter(format: format).export(Self.input(Self.votes))
    #expect(exported.records.count == 4, "one pair was seen in both orders")
    var found: [String] = []
    for record in exported.records {
      let reading = try JSONParser().parse(record.json().utf8) {
        VerdictImporter().read($0, at: .line(1))
      }
      #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
      for verdict in reading.verdicts {
        #expect(verdict.subject == .id("dolly_15k/x/1") && verdict.kind == .human)
        #expect(!verdict.isTieKindAssumed)
        found.append(
          "\(verdict.modelA ?? "?")>\(verdict.modelB ?? "?") \(verdict.verdict?.rawValue ?? "")"
            + " \(verdict.judge)")
      }
    }
    let people = Self.votes.filter { !$0.3.hasPrefix("llm") }
    let expected = people.map { first, second, verdict, judge in
      "\(Self.models[first])>\(Self.models[second]) \(verdict.rawValue) \(judge)"
    }
    #expect(found.sorted() == expected.sorted())
  }

  @Test func modelsVerdictsAreSuggestionsOnTheSidesShown() throws {
    let argilla = Exporter(format: .argilla).export(Self.input(Self.votes))
    func suggestion(_ record: JSONObject?) -> JSONValue? {
      record?["suggestions"]?["preference"]
    }
    // One model says so from the other side: they disagree.
    let first = try #require(argilla.records.first)
    #expect(first["metadata"]?["model-1"]?.string == "m-a" && suggestion(first) == nil)
    let exchanged = argilla.records.first {
      $0["metadata"]?["model-1"]?.string == Self.models[1]
    }
    #expect(exchanged?["responses"]?["preference"]?.array?.count == 1)
    let last = argilla.records.first { $0["metadata"]?["model-2"]?.string == "m-c" }
    #expect(
      suggestion(last) == ["value": "Same good", "score": 1.0, "agent": "llm 1"])
    let studio = Exporter(format: .labelStudio).export(Self.input(Self.votes))
    let predictions = studio.records.first?["predictions"]?.array ?? []
    #expect(predictions.map { $0["model_version"]?.string } == ["llm 1", "llm 2"])
    #expect(
      predictions.compactMap { $0["result"]?.array?.first?["value"]?["selected"]?.string }
        == ["left", "right"], "turned to the side that people saw")
  }

  @Test func disagreeingModelsSuggestNothing() {
    let said: [(Int, Int, Verdict, String)] = [
      (0, 1, .aIsBetter, "llm 1"), (0, 1, .bIsBetter, "llm 2"),
    ]
    let exported = Exporter(format: .argilla).export(Self.input(said))
    #expect(exported.records.first?["suggestions"] == [:])
    #expect(exported.records.first?["status"]?.string == "pending")
    #expect(exported.losses.contains { $0.reason == .verdict && $0.count == 2 })
    let most = Exporter(format: .argilla).export(
      Self.input(said + [(1, 0, .bIsBetter, "llm 3")]))
    let suggestion = most.records.first?["suggestions"]?["preference"]
    #expect(suggestion?["agent"]?.string == "llm 1, llm 3")
    #expect(suggestion?["score"]?.number == 2 / 3.0)
  }

  @Test func allPairsBecomeTasksWithDrawnSides() {
    func sides(_ seed: UInt64) -> [String] {
      (0..<20).flatMap { number -> [String] in
        var input = Self.input([])
        var example = input.example
        example.id = "e/\(number)"
        input = ExportInput(example: example)
        return Exporter(format: .labelStudio, tasks: .all, seed: seed).export(input).records
          .map { $0["data"]?["model1"]?.string ?? "" }
      }
    }
    let first = sides(1)
    #expect(first.count == 60 && first == sides(1) && first != sides(2))
    // The first model is in 40 pairs and shown on the left in about half of them.
    #expect((10...30).contains(first.count { $0 == "m-a" }))
    #expect(Exporter(format: .argilla).export(Self.input([])).records.isEmpty)
  }

  @Test func pairsThatNobodyCanTellApartAreCounted() {
    let same = Exporter(format: .argilla, tasks: .all).export(
      Self.input([], texts: ["x", "x", "y"]))
    #expect(same.records.count == 2)
    #expect(same.losses.contains { $0.reason == .identicalTexts && $0.count == 1 })
    let unknown = PairVerdict(modelA: "m-a", modelB: "nobody", verdict: .aIsBetter)
    let exported = Exporter(format: .labelStudio).export(
      ExportInput(
        example: Self.input([]).example,
        judgements: [.init(verdict: unknown, judge: "person:x", isPerson: true)]))
    #expect(exported.records.isEmpty)
    #expect(exported.losses.contains { $0.reason == .unknownModel && $0.count == 1 })
  }

  /// Label Studio's server looks its members up by their addresses.
  @Test func peopleWithAnAddressAreNamedByIt() {
    let records = Exporter(format: .labelStudio).export(Self.input(Self.votes)).records
    let people = records.flatMap { $0["annotations"]?.array ?? [] }.compactMap {
      $0["completed_by"]?["email"]?.string
    }
    #expect(people.contains("zoe@example.org") && people.contains("person:ann"))
  }

  /// Argilla's users are UUIDs: those that came from it stay, the others are made from the names.
  @Test func usersAreUUIDs() throws {
    let records = Exporter(format: .argilla).export(Self.input(Self.votes)).records
    var users: Set<String> = []
    for record in records {
      for response in record["responses"]?["preference"]?.array ?? [] {
        users.insert(try #require(response["user_id"]?.string))
        #expect(response["status"]?.string == "submitted", "else it would be a draft")
      }
    }
    #expect(users.count == 5 && users.contains("0b1f6a34-5c3e-4a11-9d2b-0123456789ab"))
    for user in users {
      #expect(user.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
    }
  }
}
