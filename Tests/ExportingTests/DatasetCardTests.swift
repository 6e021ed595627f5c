import Exporting
import Records
import Testing

private func card(count: Int = 1, origins: [DatasetCard.Origin] = []) -> DatasetCard {
  DatasetCard(
    title: "t", summary: "s", files: [.init(split: .train, path: "t.jsonl", count: count)],
    origins: origins, fields: [], commands: [], programVersion: "1")
}

@Test func theCardMatchesItsGoldenFile() throws {
  var losses = LossCounts()
  for input in sampleInputs { losses.add(Exporter(format: .trl).export(input).losses) }
  let card = DatasetCard(
    title: "Mix: small", summary: "Pairs from four models | a sample.", languages: ["en", "no"],
    tags: ["preference", "dpo"],
    files: [
      .init(split: .train, path: "train-0.jsonl", count: 9000),
      .init(split: .train, path: "train-1.jsonl", count: 2000),
      .init(split: .dev, path: "dev.jsonl", count: 500),
    ],
    origins: [
      .init(name: "dolly", count: 3, license: "CC-BY-SA-3.0"),
      .init(name: "alpaca-gpt4", count: 2, license: "CC-BY-NC-4.0"),
      .init(name: "own", count: 1, license: "House rules"),
      .init(name: "sharegpt", count: 1, license: nil),
    ],
    models: [.init(name: "m|a", count: 4)], judging: ["judge-1, prompt four-choice, both orders"],
    fields: ExportFormat.trl.fields, losses: losses,
    commands: ["mixinstruct export --store s.db --format trl"], programVersion: "1.2.3")
  try expectGolden(card.text, "README.card.md")
}

@Test(arguments: [
  (0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (99_999, "10K<n<100K"), (100_000, "100K<n<1M"),
  (5_000_000, "1M<n<10M"),
]) func sizesFallIntoTheHubsBuckets(_ count: Int, _ category: String) {
  #expect(card(count: count).text.contains("size_categories:\n- \"\(category)\"\n"))
}

@Test func oneLicenceIsNoList() {
  let mit = DatasetCard.Origin(name: "a", count: 1, license: "MIT")
  #expect(card(origins: [mit]).text.contains("\nlicense: mit\n"))
  #expect(card().text.contains("\nlicense: unknown\n"))
}
