internal import Synchronization

/// What a command was given, read by name; remembers what was read.
///
/// Names are those of the grammar: `store` for `--store`, `FILE` for a positional argument.
/// Reading a name that the command does not declare is a mistake of the caller and traps.
package final class ParsedArguments: Sendable {
  /// The program's name and the verbs.
  package let commandPath: [String]

  private let command: CommandDefinition
  private let values: [String: [String]]
  private let flags: [String: Bool]
  private let readNames = Mutex<Set<String>>([])

  init(
    command: CommandDefinition, commandPath: [String], values: [String: [String]],
    flags: [String: Bool]
  ) {
    self.command = command
    self.commandPath = commandPath
    self.values = values
    self.flags = flags
  }

  // MARK: Flags

  /// Whether a flag is on.
  ///
  /// - Parameter name: the flag's name.
  /// - Returns: true when it was given, or when it is on by default and was not switched off.
  package func flag(_ name: String) -> Bool {
    switch option(name)?.kind {
    case .flag: return flags[name] ?? false
    case .invertibleFlag(let isOnByDefault): return flags[name] ?? isOnByDefault
    case .value, nil: preconditionFailure("'\(name)' is no flag of \(commandPath)")
    }
  }

  // MARK: Texts

  /// Whether an option or argument was given on the command line, whatever its default.
  ///
  /// - Parameter name: the name of the option or argument.
  /// - Returns: true when it was given.
  package func isGiven(_ name: String) -> Bool {
    _ = definition(name)
    return values[name] != nil || flags[name] != nil
  }

  /// A value.
  ///
  /// - Parameter name: the name of the option or argument.
  /// - Returns: the value given, else the default, else nil.
  package func string(_ name: String) -> String? {
    let definition = definition(name)
    precondition(!definition.isList, "'\(name)' of \(commandPath) is read with list(_:)")
    return values[name]?.first ?? definition.fallback.first
  }

  /// A value that there must be.
  ///
  /// - Parameter name: the name of the option or argument.
  /// - Returns: the value given, else the default.
  /// - Throws: ``UsageError`` when there is neither.
  package func requiredString(_ name: String) throws(UsageError) -> String {
    guard let value = string(name) else { throw missing(name) }
    return value
  }

  /// All values of an option or argument that takes several.
  ///
  /// - Parameter name: the name of the option or argument.
  /// - Returns: the values given in their order, else the default, else none.
  package func list(_ name: String) -> [String] {
    let definition = definition(name)
    precondition(definition.isList, "'\(name)' of \(commandPath) is read with string(_:)")
    return values[name] ?? definition.fallback
  }

  /// All values of an option or argument of which there must be one.
  ///
  /// - Parameter name: the name of the option or argument.
  /// - Returns: one value or more.
  /// - Throws: ``UsageError`` when there is none.
  package func requiredList(_ name: String) throws(UsageError) -> [String] {
    let values = list(name)
    if values.isEmpty { throw missing(name) }
    return values
  }

  // MARK: Numbers

  /// A whole number.
  ///
  /// - Parameters:
  ///   - name: the name of the option or argument.
  ///   - range: the numbers that are taken.
  /// - Returns: the number given, else the default, else nil.
  /// - Throws: ``UsageError`` when the value is no whole number or out of bounds.
  package func int(
    _ name: String, in range: some RangeExpression<Int> & Sendable = Int.min...Int.max
  ) throws(UsageError) -> Int? {
    guard let text = string(name) else { return nil }
    guard let value = Int(text) else {
      // A whole number beyond 64 bits is told from a word.
      let label = definition(name).label
      let digits = text.drop { $0 == "-" || $0 == "+" }
      let isNumber = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
      throw error(
        isNumber
          ? .outOfBounds(label: label, value: text, bounds: BoundsText.words(range))
          : .notANumber(label: label, value: text, isWhole: true))
    }
    return try check(value, text, name, range)
  }

  /// A whole number that there must be.
  ///
  /// - Parameters:
  ///   - name: the name of the option or argument.
  ///   - range: the numbers that are taken.
  /// - Returns: the number given, else the default.
  /// - Throws: ``UsageError`` when there is none, or when it is no whole number or out of bounds.
  package func requiredInt(
    _ name: String, in range: some RangeExpression<Int> & Sendable = Int.min...Int.max
  ) throws(UsageError) -> Int {
    guard let value = try int(name, in: range) else { throw missing(name) }
    return value
  }

  /// A number.
  ///
  /// - Parameters:
  ///   - name: the name of the option or argument.
  ///   - range: the numbers that are taken; `.leastNonzeroMagnitude...` means more than 0.
  /// - Returns: the number given, else the default, else nil.
  /// - Throws: ``UsageError`` when the value is no number or out of bounds.
  package func double(
    _ name: String,
    in range: some RangeExpression<Double> & Sendable = -Double.infinity...Double.infinity
  ) throws(UsageError) -> Double? {
    guard let text = string(name) else { return nil }
    guard let value = DecimalNumber(text)?.value else {
      throw error(.notANumber(label: definition(name).label, value: text, isWhole: false))
    }
    return try check(value, text, name, range)
  }

  /// A number that there must be.
  ///
  /// - Parameters:
  ///   - name: the name of the option or argument.
  ///   - range: the numbers that are taken; `.leastNonzeroMagnitude...` means more than 0.
  /// - Returns: the number given, else the default.
  /// - Throws: ``UsageError`` when there is none, or when it is no number or out of bounds.
  package func requiredDouble(
    _ name: String,
    in range: some RangeExpression<Double> & Sendable = -Double.infinity...Double.infinity
  ) throws(UsageError) -> Double {
    guard let value = try double(name, in: range) else { throw missing(name) }
    return value
  }

  // MARK: For commands and their tests

  /// An error about options that do not go together or name what is not there.
  ///
  /// - Parameter sentence: what is wrong and what to do, as one sentence.
  /// - Returns: the error, for the command to throw.
  package func refusal(_ sentence: String) -> UsageError { error(.refused(sentence)) }

  /// The declared options and arguments that nothing has read yet, in the grammar's order.
  package var unreadNames: [String] {
    let read = readNames.withLock { $0 }
    return (command.options.map(\.name) + command.arguments.map(\.name)).filter {
      !read.contains($0)
    }
  }

  // MARK: Shared

  private func option(_ name: String) -> OptionDefinition? {
    _ = readNames.withLock { $0.insert(name) }
    return command.options.first { $0.name == name }
  }

  private func definition(_ name: String) -> (label: String, isList: Bool, fallback: [String]) {
    if let option = option(name) {
      return (option.label, option.repetition != .once, option.fallback)
    }
    guard let argument = command.arguments.first(where: { $0.name == name }) else {
      preconditionFailure("\(commandPath) declares no option or argument '\(name)'")
    }
    return (argument.name, argument.isRepeated, [])
  }

  private func check<Value>(
    _ value: Value, _ text: String, _ name: String, _ range: some RangeExpression<Value>
  ) throws(UsageError) -> Value {
    guard range.contains(value) else {
      throw error(
        .outOfBounds(
          label: definition(name).label, value: text, bounds: BoundsText.words(range)))
    }
    return value
  }

  private func missing(_ name: String) -> UsageError {
    let label = definition(name).label
    return error(
      option(name) == nil ? .missingArgument(label: label) : .missingOptions(labels: [label]))
  }

  private func error(_ fact: UsageError.Fact) -> UsageError {
    UsageError(commandPath: commandPath, fact: fact)
  }
}

extension OptionDefinition {
  /// The values that hold when the option is not given.
  fileprivate var fallback: [String] {
    guard case .value(let text) = defaultValue else { return [] }
    return repetition == .commaSeparated ? CommaSeparated.values(text) : [text]
  }
}
