package import TerminalOutput

/// A command line that does not follow the grammar: the facts, and the one place of their texts.
package struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was wrong. Options and arguments appear by their labels, such as `--store FILE`.
  package enum Fact: Sendable, Equatable {
    /// There is no such verb.
    case unknownCommand(String, suggestion: String?)
    /// There is no such option here.
    case unknownOption(String, suggestion: String?)
    /// An option stands before the verb it belongs to.
    case optionBeforeCommand(String)
    /// A word that no positional argument takes.
    case unexpectedArgument(String, suggestion: String?)
    /// An option without its value; `next` is the option-like word that follows, if any.
    case missingValue(label: String, next: String?)
    /// A flag that was given a value with `=`.
    case unexpectedValue(label: String, value: String)
    /// An option that takes one value was given two.
    case conflictingValues(label: String, first: String, second: String)
    /// Options that must be given.
    case missingOptions(labels: [String])
    /// A positional argument that must be given.
    case missingArgument(label: String)
    /// A value that is not in the list.
    case notAllowed(label: String, value: String, allowed: [String], suggestion: String?)
    /// A value that is not a number of the kind.
    case notANumber(label: String, value: String, isWhole: Bool)
    /// A number outside its bounds, such as `0 or more`.
    case outOfBounds(label: String, value: String, bounds: String)
    /// What a command has against its options, as one clear sentence.
    case refused(String)
  }

  /// The exit status of wrong usage: `EX_USAGE` of sysexits.h.
  package static let exitStatus: Int32 = 64

  /// The program's name and the verbs that were understood.
  package let commandPath: [String]
  /// What was wrong.
  package let fact: Fact

  /// An error in a command line.
  ///
  /// - Parameters:
  ///   - commandPath: the program's name and the verbs that were understood.
  ///   - fact: what was wrong.
  package init(commandPath: [String], fact: Fact) {
    self.commandPath = commandPath
    self.fact = fact
  }

  /// The line that says where help is.
  package var hint: String { "See '\(commandPath.joined(separator: " ")) --help'." }

  /// One line for people.
  package var description: String {
    switch fact {
    case .unknownCommand(let name, let suggestion):
      return "Unknown command \(quoted(name)).\(question(suggestion))"
    case .unknownOption(let name, let suggestion):
      return "Unknown option \(quoted(name)).\(question(suggestion))"
    case .optionBeforeCommand(let name):
      return "Option \(quoted(name)) stands before the command: write it after the command's name."
    case .unexpectedArgument(let word, let suggestion):
      return "Unexpected argument \(quoted(word)).\(question(suggestion))"
    case .missingValue(let label, let next):
      guard let next else { return "Missing value for '\(label)'." }
      let name = label.prefix { $0 != " " }
      return "Missing value for '\(label)'. If the value is \(quoted(next)), "
        + "write \(quoted("\(name)=\(next)"))."
    case .unexpectedValue(let label, let value):
      return "Option '\(label)' takes no value, but was given \(quoted(value))."
    case .conflictingValues(let label, let first, let second):
      return "Option '\(label)' takes one value, but was given \(quoted(first)) and "
        + "\(quoted(second))."
    case .missingOptions(let labels):
      let list = labels.map { "'\($0)'" }.joined(separator: ", ")
      return labels.count == 1 ? "Missing option \(list)." : "Missing options \(list)."
    case .missingArgument(let label):
      return "Missing argument '\(label)'."
    case .notAllowed(let label, let value, let allowed, let suggestion):
      return "The value \(quoted(value)) is not one of those for '\(label)': "
        + "\(allowed.joined(separator: ", ")).\(question(suggestion))"
    case .notANumber(let label, let value, let isWhole):
      return "The value \(quoted(value)) for '\(label)' is not a "
        + (isWhole ? "whole number." : "number.")
    case .outOfBounds(let label, let value, let bounds):
      return "The value \(quoted(value)) for '\(label)' is out of bounds: expected \(bounds)."
    case .refused(let sentence):
      return sentence
    }
  }

  /// What standard error shows: the error and where help is, with a line end each.
  ///
  /// - Parameter style: how the word `Error` is decorated.
  /// - Returns: two lines.
  package func report(style: TerminalStyle) -> String {
    "\(style.failure("Error:")) \(description)\n\(hint)\n"
  }

  private func quoted(_ text: String) -> String { "'\(DisplayWidth.printable(text))'" }

  private func question(_ suggestion: String?) -> String {
    suggestion.map { " Did you mean '\($0)'?" } ?? ""
  }
}
