import Synchronization
import TerminalOutput
import Testing

/// A terminal that keeps what is written, and a clock that is moved by hand.
private final class TestTerminal: Sendable {
  private let state = Mutex((time: 0.0, written: [String]()))

  func output(isDrawn: Bool = true, width: Int = 120) -> ProgressOutput {
    ProgressOutput(
      isDrawn: isDrawn, width: { width }, now: { self.state.withLock { $0.time } },
      write: { text in self.state.withLock { $0.written.append(text) } })
  }
  func wait(_ seconds: Double) { state.withLock { $0.time += seconds } }
  var written: [String] { state.withLock { $0.written } }
  var last: String { written.last ?? "" }
}

@Test func theLineSaysHowFarWorkHasCome() {
  let terminal = TestTerminal()
  let bar = ProgressBar(
    title: "score", total: 10_000, unit: .items("records"), output: terminal.output())
  terminal.wait(10)
  bar.set(done: 4500, counts: "failed 3")
  #expect(
    terminal.written == [
      "\r"
        + "score  [#########-----------]  45%  4,500/10,000 records  450/s  12s left  failed 3"
        + "\u{1B}[K"
    ])
  bar.finish()
  #expect(terminal.last == "\r\u{1B}[K")
  terminal.wait(1)
  bar.advance()
  #expect(terminal.written.count == 2)
}

@Test func theLineIsDrawnTenTimesASecondAtMost() {
  let terminal = TestTerminal()
  let bar = ProgressBar(title: "a", total: nil, unit: .items("records"), output: terminal.output())
  for _ in 0..<1000 {
    terminal.wait(0.001)
    bar.advance()
  }
  #expect((9...11).contains(terminal.written.count))
  #expect(terminal.last.hasPrefix("\ra  9"))
}

@Test func unknownTotalsAndBytes() {
  let terminal = TestTerminal()
  let read = ProgressBar(title: "read", total: nil, unit: .bytes, output: terminal.output())
  terminal.wait(2)
  read.set(done: 3_000_000)
  #expect(terminal.last == "\rread  3.0 MB  1.5 MB/s\u{1B}[K")
  let copy = ProgressBar(title: "copy", total: 4_000_000, unit: .bytes, output: terminal.output())
  terminal.wait(1)
  copy.set(done: 1_000_000)
  #expect(
    terminal.last
      == "\rcopy  [#####---------------]  25%  1.0 MB of 4.0 MB  1.0 MB/s  3.0s left\u{1B}[K")
  let empty = ProgressBar(title: "e", total: 0, unit: .items("x"), output: terminal.output())
  empty.advance(by: 0)
  #expect(terminal.last == "\re  0/0 x\u{1B}[K")
}

@Test func workOfAnEarlierRunIsNoSpeed() {
  let terminal = TestTerminal()
  let bar = ProgressBar(
    title: "a", total: 1000, startingAt: 900, unit: .items("r"), output: terminal.output())
  terminal.wait(5)
  bar.advance(by: 50)
  #expect(
    terminal.last == "\ra  [###################-]  95%  950/1,000 r  10.0/s  5.0s left\u{1B}[K")
}

@Test func theSpeedIsTheRecentOne() {
  let terminal = TestTerminal()
  let bar = ProgressBar(title: "a", total: nil, unit: .items("r"), output: terminal.output())
  for amount in [1000, 10] {
    for _ in 0..<60 {
      terminal.wait(1)
      bar.advance(by: amount)
    }
  }
  // The first minute's 1,000 a second would still make an overall average of 505.
  #expect(
    terminal.last.contains("  12.") || terminal.last.contains("  11.")
      || terminal.last.contains("  13."))
}

@Test func whatComesInOneGoIsNoSpeed() {
  let terminal = TestTerminal()
  let bar = ProgressBar(title: "a", total: 100, unit: .items("r"), output: terminal.output())
  terminal.wait(0.000_01)
  bar.set(done: 80)
  #expect(terminal.last == "\ra  [################----]  80%  80/100 r\u{1B}[K")
}

@Test func theLineFitsTheTerminal() {
  let terminal = TestTerminal()
  let bar = ProgressBar(
    title: "score", total: 10, unit: .items("records"), output: terminal.output(width: 20))
  bar.advance(counts: "\u{1B}[31m")
  #expect(terminal.last == "\rscore  [##--------…\u{1B}[K")
}

@Test func nothingIsDrawnWhereItIsNotWanted() {
  let terminal = TestTerminal()
  let bar = ProgressBar(
    title: "a", total: 10, unit: .items("r"), output: terminal.output(isDrawn: false))
  terminal.wait(1)
  bar.advance()
  bar.finish()
  #expect(terminal.written == [])
  bar.writeLine("line 3: no text")
  #expect(terminal.written == ["line 3: no text\n"])
}

@Test func messagesStandAboveTheLine() {
  let terminal = TestTerminal()
  let bar = ProgressBar(title: "a", total: nil, unit: .items("r"), output: terminal.output())
  bar.advance()
  bar.writeLine("line 3: no text")
  #expect(
    terminal.written == [
      "\ra  1 r\u{1B}[K", "\r\u{1B}[Kline 3: no text\n", "\ra  1 r\u{1B}[K",
    ])
}
