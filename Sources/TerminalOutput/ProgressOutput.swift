/// Where a ``ProgressBar`` draws, how wide that is, and the clock it goes by.
package struct ProgressOutput: Sendable {
  /// Whether bars are drawn; messages are written either way.
  package let isDrawn: Bool
  let width: @Sendable () -> Int
  let now: @Sendable () -> Double
  let write: @Sendable (String) -> Void

  /// An output made of its parts, as tests need it.
  ///
  /// - Parameters:
  ///   - isDrawn: whether bars are drawn.
  ///   - width: the columns of the terminal, asked again for every drawing.
  ///   - now: seconds of a clock that never goes back.
  ///   - write: takes what is to appear.
  package init(
    isDrawn: Bool, width: @escaping @Sendable () -> Int, now: @escaping @Sendable () -> Double,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.isDrawn = isDrawn
    self.width = width
    self.now = now
    self.write = write
  }

  /// Standard error: bars are drawn on a terminal that is not dumb, unless they are not wanted.
  ///
  /// - Parameter quiet: whether no bars are wanted.
  /// - Returns: the output.
  package static func standardError(quiet: Bool) -> ProgressOutput {
    let canRedraw = Terminal.isTerminal(2) && Terminal.environment("TERM") ?? "dumb" != "dumb"
    let start = ContinuousClock.now
    return ProgressOutput(
      isDrawn: canRedraw && !quiet, width: { Terminal.width(2) },
      now: {
        let parts = start.duration(to: .now).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
      },
      write: { Terminal.write($0, to: 2) })
  }
}
