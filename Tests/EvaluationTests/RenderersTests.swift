import Evaluation
import Foundation
import JSON
import Records
import Testing

@Suite struct RenderersTests {
  /// A report with awkward names: wide characters, markup, a comma, a control character.
  static func report() throws -> EvaluationReport {
    let models = ["通义千问-7b", "a|b*_<i>", "comma, \"quoted\"", "plain\u{1b}[31m"]
    let verdicts: [Verdict] = [.aIsBetter, .bIsBetter, .sameGood, .sameBad]
    var accumulator = EvaluationAccumulator(
      options: EvaluationOptions(
        title: "Tables & <charts>",
        metrics: [
          .standard("bertscore", signature: "bert-base|L9|v0.3"), .standard("bleurt"),
        ], notes: ["Synthetic data."]))
    for number in 0..<24 {
      var judged: [PairVerdict] = []
      var judgments: [Judgment] = []
      for a in models.indices {
        for b in models.indices where b > a {
          let verdict = verdicts[(number * 5 + a * 3 + b * b) % 4]
          judged.append(PairVerdict(modelA: models[a], modelB: models[b], verdict: verdict))
          judgments.append(
            Judgment(
              judge: "judge <1>", shownFirst: models[a], shownSecond: models[b],
              verdict: number == 7 ? nil : verdict))
          judgments.append(
            Judgment(
              judge: "judge <1>", shownFirst: models[b], shownSecond: models[a],
              verdict: (number + a) % 3 == 0 ? verdict : verdict.exchanged))
          judgments.append(
            Judgment(
              judge: "人", shownFirst: models[a], shownSecond: models[b],
              verdict: verdicts[(number + a + b) % 4]))
        }
      }
      try accumulator.add(
        EvaluatedExample(
          id: "\(number)", models: models,
          metrics: [
            models.indices.map { Double((number * 7 + $0 * 13) % 50) / 100 + 0.4 },
            models.indices.map { $0 == 2 && number < 3 ? nil : Double((number + $0) % 9) / -5 },
          ], verdicts: number == 3 ? [] : judged,
          outcomes: [
            MethodOutcome(
              method: "PairRanker",
              outcome: .scores(models.indices.map { Double((number + $0 * 2) % 5) }))
          ], judgments: judgments, lengths: [10, 20, 30 + number % 2, 31]))
    }
    return try accumulator.report()
  }

  private static func check(_ text: String, _ name: String) throws {
    let file = Fixtures.folder.appending(path: "snapshots/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name); run again without RECORD_SNAPSHOTS")
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text.utf8.elementsEqual(expected.utf8), "\(name) differs from its snapshot")
  }

  @Test func textFitsTheTerminal() throws {
    let report = try Self.report()
    try Self.check(TextRenderer(width: 100).text(report), "report.txt")
    let narrow = TextRenderer(width: 48).text(report)
    try Self.check(narrow, "report-narrow.txt")
    #expect(!narrow.contains("\u{1b}"))
  }

  @Test func markdown() throws {
    try Self.check(MarkdownRenderer().text(Self.report()), "report.md")
  }

  @Test func csv() throws {
    let report = try Self.report()
    try Self.check(CSVRenderer().text(report.mainTable), "main.csv")
    try Self.check(CSVRenderer().text(report.winRateTable), "win-rates.csv")
    try Self.check(CSVRenderer().text(report.distributionTable), "distributions.csv")
  }

  @Test func sourcesTable() throws {
    var sources = SourceStatistics(unit: "words")
    sources.add(source: "own", input: 10, output: 20, candidates: 2)
    sources.add(source: "dolly", input: 3, output: 1)
    sources.add(source: "dolly", input: 4, output: nil, candidates: 3)
    sources.add(source: nil, input: 1, output: 1)
    try Self.check(TextRenderer(width: 80).text(sources.table), "sources.txt")
    #expect(sources.rows.map(\.source) == ["dolly", "own", "unknown", "Total"])
    #expect(sources.rows.last?.examples == 4)
    #expect(sources.json["sources"]?.array?.first?["candidates"] == 3)
  }

  @Test func jsonIsCompleteAndUnscaled() throws {
    let report = try Self.report()
    let json = report.json
    #expect(json["rows"]?.array?.count == report.rows.count)
    #expect(json["tie_policy"] == "reference")
    #expect(json["judges"]?.array?.count == 2)
    #expect(json["correlations"]?["PairRanker"]?["n"] == 23)
    #expect((json["rows"]?.array?[0]["metrics"]?["bertscore"]?["value"]?.number ?? 9) < 1)
    #expect(report.json.json() == json.json())
  }

  @Test func pageIsSelfContainedAndEscaped() throws {
    let page = HTMLRenderer().text(try Self.report())
    let again = HTMLRenderer().text(try Self.report())
    #expect(page == again)
    for forbidden in ["<script", "<i>\"", "src=", "href=", "http", "@import", "url(", "\u{1b}"] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    for expected in [
      "Tables &amp; &lt;charts&gt;", "a|b*_&lt;i&gt;", "comma, &quot;quoted&quot;",
      "judge &lt;1&gt;", "prefers-color-scheme: dark", "@media print", "<title id=\"pie-title\">",
      "scope=\"row\"", "通义千问-7b",
    ] { #expect(page.contains(expected), "\(expected)") }
    for element in ["section", "table", "tr", "td", "th", "svg", "div", "span", "tbody"] {
      #expect(
        page.split(separator: "<\(element)").count > 1
          && count("<\(element)>", page) + count("<\(element) ", page)
            == count("</\(element)>", page),
        "\(element)")
    }
  }

  private func count(_ part: String, _ text: String) -> Int {
    text.components(separatedBy: part).count - 1
  }

  @Test(arguments: [
    (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (2.675, 2, "2.67"), (0.125, 2, "0.12"),
    (0.375, 2, "0.38"), (-3.455, 2, "-3.46"), (1e20, 2, "1e+20"), (99.995, 2, "100.00"),
    (1.005, 2, "1.00"), (7, 0, "7"), (0.5, 0, "0"), (1.5, 0, "2"), (.infinity, 1, "inf"),
  ]) func numbersAreRoundedLikePrintf(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(FixedDecimal.text(value, decimals: decimals) == text)
  }

  @Test func wholeNumbersAreGrouped() {
    #expect(FixedDecimal.grouped(1_234_567) == "1,234,567")
    #expect(FixedDecimal.grouped(-999) == "-999")
    #expect(FixedDecimal.grouped(0) == "0")
  }
}
