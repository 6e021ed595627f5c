import Foundation

/// The commands of a Markdown text's `console` blocks with what they are said to print.
///
/// A line that starts with `$ ` is a command, with `&` at its end one that stays in the background;
/// what follows is its output. A line `…` stands for any lines that were left out.
struct ReadmeTour {
  /// A command of the tour.
  struct Step: Sendable {
    /// The command line, without `$ ` and `&`.
    let command: String
    /// Whether it goes on while the others run.
    let isInBackground: Bool
    /// The lines that the text shows.
    var output: [String] = []
    /// Where the command stands, counted from 1.
    let line: Int

    /// Place and command, for messages.
    var description: String { "line \(line): \(command)" }
  }

  /// What may differ between the text and a run.
  enum Variation: CaseIterable {
    /// The port of an address of this machine.
    case port
    /// A time that was taken, such as `1.2 s`.
    case duration

    private var pattern: (expression: String, replacement: String) {
      switch self {
      case .port: (#"(127\.0\.0\.1|localhost):[0-9]+"#, "$1:PORT")
      case .duration: (#"\b[0-9]+(\.[0-9]+)? ?(ms|s|min|h)\b"#, "DURATION")
      }
    }

    /// A line without what may differ.
    func removed(from line: String) -> String {
      let (expression, replacement) = pattern
      return line.replacingOccurrences(
        of: expression, with: replacement, options: .regularExpression)
    }
  }

  /// The steps in their order.
  private(set) var steps: [Step] = []

  /// Reads the blocks of a text.
  init(markdown: String) {
    var isInside = false
    for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      if line.hasPrefix("```") {
        isInside = !isInside && line == "```console"
      } else if isInside, line.hasPrefix("$ ") {
        let isInBackground = line.hasSuffix(" &")
        steps.append(
          Step(
            command: String(line.dropFirst(2).dropLast(isInBackground ? 2 : 0)),
            isInBackground: isInBackground, line: index + 1))
      } else if isInside, !steps.isEmpty {
        steps[steps.count - 1].output.append(String(line))
      }
    }
    for index in steps.indices {
      while steps[index].output.last?.isEmpty == true { steps[index].output.removeLast() }
    }
  }

  /// Whether lines are what a step shows, but for omissions and variations.
  static func matches(_ printed: [String], _ shown: [String]) -> Bool {
    let plain = { (line: String) in
      Variation.allCases.reduce(line) { $1.removed(from: $0) }
    }
    return matches(printed.map(plain)[...], shown.map(plain)[...])
  }

  private static func matches(_ printed: ArraySlice<String>, _ shown: ArraySlice<String>) -> Bool {
    guard let line = shown.first else { return printed.isEmpty }
    let rest = shown.dropFirst()
    if line == "…" {
      return (printed.startIndex...printed.endIndex).contains { matches(printed[$0...], rest) }
    }
    return printed.first == line && matches(printed.dropFirst(), rest)
  }
}
