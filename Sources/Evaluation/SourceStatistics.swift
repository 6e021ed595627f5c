/// Examples and mean lengths per source: the published table of the mix.
package struct SourceStatistics: Sendable {
  /// One line of the table.
  package struct Row: Sendable, Equatable {
    /// The source; `Total` for the last line.
    package let source: String
    /// The number of examples.
    package let examples: Int
    /// The mean length of instruction and input.
    package let meanInput: Double?
    /// The mean length of the reference answer, over the examples that have one.
    package let meanOutput: Double?
  }

  /// What lengths are counted in: `tokens` or `words`.
  package let unit: String
  private var index = ModelIndex()
  private var inputs: [Tally] = []
  private var outputs: [Tally] = []

  /// No examples yet.
  ///
  /// - Parameter unit: what lengths are counted in.
  package init(unit: String) { self.unit = unit }

  /// Counts one example.
  ///
  /// - Parameters:
  ///   - source: the source's name.
  ///   - input: the length of instruction and input.
  ///   - output: the length of the reference answer; `nil` when there is none.
  package mutating func add(source: String, input: Int, output: Int?) {
    let number = index.number(adding: source)
    if number == inputs.count {
      inputs.append(Tally())
      outputs.append(Tally())
    }
    inputs[number].add(Double(input))
    if let output { outputs[number].add(Double(output)) }
  }

  /// The sources in the order they were first seen, then the total.
  package var rows: [Row] {
    var total = (input: Tally(), output: Tally())
    for number in inputs.indices {
      total.input.add(inputs[number].sum, count: inputs[number].count)
      total.output.add(outputs[number].sum, count: outputs[number].count)
    }
    let sources = index.names.indices.map { number in
      Self.row(index.names[number], inputs[number], outputs[number])
    }
    return sources + [Self.row("Total", total.input, total.output)]
  }

  private static func row(_ source: String, _ input: Tally, _ output: Tally) -> Row {
    Row(
      source: source, examples: Int(input.count), meanInput: input.mean().value,
      meanOutput: output.mean().value)
  }

  /// The number of words of a text: runs of scalars that are not white space.
  ///
  /// - Parameter text: the text.
  /// - Returns: the number of words.
  package static func wordCount(_ text: String) -> Int {
    var words = 0
    var isInside = false
    for scalar in text.unicodeScalars {
      let isSpace = scalar.properties.isWhitespace
      if !isSpace && !isInside { words += 1 }
      isInside = !isSpace
    }
    return words
  }
}
