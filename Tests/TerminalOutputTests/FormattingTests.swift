import TerminalOutput
import Testing

@Test(arguments: [
  (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
  (-999, "-999"), (Int.min, "-9,223,372,036,854,775,808"),
])
func counts(value: Int, text: String) {
  #expect(QuantityFormat.count(value) == text)
}

@Test(arguments: [
  (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_300_000, "12.3 MB"), (999_949, "999.9 kB"),
  (999_950, "1.0 MB"), (-1500, "-1.5 kB"), (Int.max, "9.2 EB"),
])
func sizes(value: Int, text: String) {
  #expect(QuantityFormat.bytes(value) == text)
}

@Test(arguments: [
  (0, "0.0s"), (0.44, "0.4s"), (9.94, "9.9s"), (9.96, "10s"), (59.4, "59s"), (59.6, "1m 00s"),
  (200, "3m 20s"), (3599.6, "1h 00m"), (7500, "2h 05m"), (86399, "1d 00h"), (273_600, "3d 04h"),
  (-5, "0.0s"), (.infinity, "?"), (.nan, "?"),
])
func durations(seconds: Double, text: String) {
  #expect(QuantityFormat.duration(seconds) == text)
}

@Test(arguments: [
  (0.875, 3, "0.875"), (0.0005, 3, "0.001"), (-0.0004, 3, "0.000"), (-1.5, 1, "-1.5"),
  (2.5, 0, "3"), (1, 2, "1.00"), (12.05, 2, "12.05"), (.nan, 2, "nan"), (-.infinity, 2, "-inf"),
])
func fixedDecimals(value: Double, digits: Int, text: String) {
  #expect(QuantityFormat.fixed(value, digits: digits) == text)
}

@Test func sharesAndRates() {
  #expect(QuantityFormat.percent(1, of: 8) == "12.5%")
  #expect(QuantityFormat.percent(1, of: 0) == "-")
  #expect(
    [0, 0.456, 9.994, 12.34, 99.96, 12_345.6].map(QuantityFormat.rate) == [
      "0.0", "0.46", "9.99", "12.3", "100", "12,346",
    ])
}

@Test(arguments: [
  ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
  ("😀", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("❤", 1), ("ｶ", 1), ("Ｋ", 2), ("", 0), ("…", 1),
])
func columns(text: String, width: Int) {
  #expect(DisplayWidth.columns(text) == width)
}

@Test func textsAreCutToAWidth() {
  #expect(DisplayWidth.fitted("abcdef", to: 6) == "abcdef")
  #expect(DisplayWidth.fitted("abcdef", to: 5) == "abcd…")
  #expect(DisplayWidth.fitted("日本語", to: 4) == "日…")
  #expect(DisplayWidth.fitted("日本語", to: 5) == "日本…")
  #expect(DisplayWidth.fitted("abc", to: 0) == "")
}

@Test func controlCharactersAreWrittenOut() {
  #expect(
    DisplayWidth.printable("a\tb\r\n\u{1B}[0m\u{202E}x\u{9B}é")
      == "a\\tb\\r\\n\\u{1B}[0m\\u{202E}x\\u{9B}é")
}

@Test func textsAreBrokenAtSpaces() {
  #expect(TextWrapping.lines("aaa bb  c dddd", width: 6) == ["aaa bb", "c dddd"])
  #expect(TextWrapping.lines("toolongword a", width: 4) == ["toolongword", "a"])
  #expect(
    TextWrapping.lines("a\n\n  kept as it is\nb", width: 3) == ["a", "", "  kept as it is", "b"])
  #expect(TextWrapping.lines("", width: 3) == [""])
  #expect(TextWrapping.lines("日本 日本", width: 8) == ["日本", "日本"])
}

@Test func tablesAlignWideCharacters() {
  var table = TextTable([.text("model"), .number("wins"), .text("note")])
  table.append(["日本", "7", "ok"])
  table.append(["vicuna-7b", "1,200", ""])
  table.append(["a\nb", "", "x"])
  #expect(
    table.lines(indent: 2) == [
      "  model       wins  note",
      "  日本           7  ok",
      "  vicuna-7b  1,200",
      "  a\\nb              x",
    ])
  #expect(
    table.lines(style: TerminalStyle(isDecorated: true))[0].hasPrefix("\u{1B}[1mmodel\u{1B}[0m "))
}

@Test(arguments: [
  (true, ["TERM": "xterm"], true), (false, ["TERM": "xterm"], false),
  (true, ["TERM": "dumb"], false), (true, [:], false),
  (true, ["TERM": "xterm", "NO_COLOR": "1"], false),
  (true, ["TERM": "xterm", "NO_COLOR": ""], true),
])
func decorationFollowsTheEnvironment(
  isTerminal: Bool, environment: [String: String], isDecorated: Bool
) {
  let style = TerminalStyle(isTerminal: isTerminal) { environment[$0] }
  #expect(style.isDecorated == isDecorated)
}
