internal import Synchronization

/// One line on standard error that says how far long work has come; it clears itself at the end.
///
/// ```
/// score  [#########-----------]  45%  4,512/10,000 records  310/s  17.7s left  failed 3
/// ```
///
/// Any thread may report. The line is drawn at most ten times a second; where nothing can be
/// drawn, a report costs one addition.
package final class ProgressBar: Sendable {
  /// What is counted.
  package enum Unit: Sendable, Equatable {
    /// Things with a plural name, such as `records`.
    case items(String)
    /// Bytes, written as sizes.
    case bytes
  }

  private struct State {
    var done: Int
    var counts = ""
    var isVisible = false
    var isFinished = false
    var lastDraw: Double?
    var rate = RateEstimate()
  }

  private static let secondsBetweenDraws = 0.1

  private let title: String
  /// How much there is to do, or nil when that is not known.
  package let total: Int?
  private let unit: Unit
  private let output: ProgressOutput
  private let state: Mutex<State>

  /// A bar that is drawn with the first report.
  ///
  /// - Parameters:
  ///   - title: the stage's name.
  ///   - total: how much there is to do, or nil when that is not known.
  ///   - startingAt: how much an earlier run has done; it does not count towards the rate.
  ///   - unit: what is counted.
  ///   - output: where the line goes, and the clock.
  package init(
    title: String, total: Int?, startingAt: Int = 0, unit: Unit, output: ProgressOutput
  ) {
    self.title = title
    self.total = total
    self.unit = unit
    self.output = output
    var state = State(done: startingAt)
    state.rate.add(done: startingAt, at: output.now())
    self.state = Mutex(state)
  }

  /// Reports work that was done.
  ///
  /// - Parameters:
  ///   - amount: how much more is done.
  ///   - counts: what else to show, such as `failed 3`; nil leaves it as it was.
  package func advance(by amount: Int = 1, counts: String? = nil) {
    update { state in
      state.done += amount
      if let counts { state.counts = counts }
    }
  }

  /// Reports how much is done in all.
  ///
  /// - Parameters:
  ///   - done: how much is done, with what was done before the start.
  ///   - counts: what else to show; nil leaves it as it was.
  package func set(done: Int, counts: String? = nil) {
    update { state in
      state.done = done
      if let counts { state.counts = counts }
    }
  }

  /// Writes a message on a line of its own, above the bar; also where no bar is drawn.
  ///
  /// - Parameter message: one line without its line end.
  package func writeLine(_ message: String) {
    state.withLock { state in
      output.write(state.isVisible ? "\r\u{1B}[K\(message)\n" : "\(message)\n")
      if state.isVisible { draw(state) }
    }
  }

  /// Takes the line away; later reports draw nothing.
  package func finish() {
    state.withLock { state in
      if state.isVisible { output.write("\r\u{1B}[K") }
      state.isVisible = false
      state.isFinished = true
    }
  }

  private func update(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      guard output.isDrawn, !state.isFinished else { return }
      let now = output.now()
      if let last = state.lastDraw, now - last < Self.secondsBetweenDraws { return }
      state.lastDraw = now
      state.rate.add(done: state.done, at: now)
      state.isVisible = true
      draw(state)
    }
  }

  private func draw(_ state: State) {
    // One column stays free: some terminals wrap when the last one is written.
    let line = DisplayWidth.fitted(text(state), to: output.width() - 1)
    output.write("\r\(line)\u{1B}[K")
  }

  private func text(_ state: State) -> String {
    var parts = [title]
    if let total, total > 0 {
      let share = min(1, max(0, Double(state.done) / Double(total)))
      let filled = Int(share * 20)
      let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 20 - filled)
      let percent = QuantityFormat.fixed((share * 100).rounded(.down), digits: 0)
      parts.append("[\(bar)] \(DisplayWidth.spaces(3 - percent.count))\(percent)%")
    }
    parts.append(amount(state.done))
    if let rate = state.rate.perSecond {
      parts.append(rateText(rate))
      if let total, total > state.done, rate > 0 {
        parts.append("\(QuantityFormat.duration(Double(total - state.done) / rate)) left")
      }
    }
    if !state.counts.isEmpty { parts.append(state.counts) }
    return DisplayWidth.printable(parts.joined(separator: "  "))
  }

  private func amount(_ done: Int) -> String {
    switch unit {
    case .items(let name):
      let all = total.map { "/\(QuantityFormat.count($0))" } ?? ""
      return "\(QuantityFormat.count(done))\(all) \(name)"
    case .bytes:
      let all = total.map { " of \(QuantityFormat.bytes($0))" } ?? ""
      return "\(QuantityFormat.bytes(done))\(all)"
    }
  }

  private func rateText(_ perSecond: Double) -> String {
    switch unit {
    case .items: "\(QuantityFormat.rate(perSecond))/s"
    case .bytes: "\(QuantityFormat.bytes(Int(min(perSecond, 1e18))))/s"
    }
  }
}
