import CommandLineParsing
import TerminalOutput
import Testing

@Test(arguments: [
  ([], "help.txt"), (["ingest"], "help-ingest.txt"), (["metrics"], "help-metrics.txt"),
  (["collect"], "help-collect.txt"), (["collect", "plan"], "help-collect-plan.txt"),
])
func helpScreens(path: [String], file: String) throws {
  let screen = HelpScreen(program: sample, width: 80, style: .plain)
  let text = try #require(screen.text(path: path))
  for line in text.split(separator: "\n") where !line.hasPrefix("  cat ") {
    #expect(DisplayWidth.columns(line) <= 80)
    #expect(!line.hasSuffix(" "))
  }
  try expectGolden(text, file)
}

@Test func narrowAndWideScreens() throws {
  let narrow = HelpScreen(program: sample, width: 20, style: .plain)
  try expectGolden(try #require(narrow.text(path: ["metrics"])), "help-metrics-narrow.txt")
  let wide = HelpScreen(program: sample, width: 400, style: .plain)
  let text = try #require(wide.text(path: ["metrics"]))
  #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
}

@Test func headingsAreBoldOnlyWhereTheStyleSaysSo() throws {
  let plain = try #require(
    HelpScreen(program: sample, width: 80, style: .plain).text(path: ["metrics"]))
  let bold = try #require(
    HelpScreen(program: sample, width: 80, style: TerminalStyle(isDecorated: true))
      .text(path: ["metrics"]))
  #expect(!plain.contains("\u{1B}"))
  #expect(bold.contains("\u{1B}[1mUSAGE\u{1B}[0m\n"))
  let undecorated = bold.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "")
  #expect(undecorated == plain)
}

@Test func thereIsNoHelpForWhatThereIsNot() {
  let screen = HelpScreen(program: sample, width: 80, style: .plain)
  #expect(screen.text(path: ["nothing"]) == nil)
}

@Test func theManualPage() throws {
  try expectGolden(ManualPage(program: sample).text, "sampler.1")
}

@Test(arguments: CompletionShell.allCases)
func completionScripts(shell: CompletionShell) throws {
  let script = shell.script(for: sample)
  #expect(!script.contains("trace"), "hidden options are not offered")
  try expectGolden(script, "completion.\(shell.rawValue)")
}
