/// One option of a command as a value: its spelling, what it takes, what help says about it.
package struct OptionDefinition: Sendable, Equatable {
  /// What follows the name.
  package enum Kind: Sendable, Equatable {
    /// Nothing: the option is there or not.
    case flag
    /// Nothing, and `--no-NAME` says the opposite.
    case invertibleFlag(isOnByDefault: Bool)
    /// A value, called by this name in help, such as `FILE`.
    case value(String)
  }

  /// What holds when the option is not given.
  package enum Default: Sendable, Equatable {
    /// There is no value.
    case none
    /// The option must be given.
    case required
    /// This value holds, as if it had been given.
    case value(String)
    /// The command decides; help says how, such as `number of cores`.
    case described(String)
  }

  /// How often a value may be given.
  package enum Repetition: Sendable, Equatable {
    /// Once; two different values are an error.
    case once
    /// Any number of times, one value each.
    case repeated
    /// Values with commas between them; the option may also be repeated.
    case commaSeparated
  }

  /// The name without its dashes.
  package let name: String
  /// The one-letter name, if there is one.
  package let short: Character?
  /// What follows the name.
  package let kind: Kind
  /// What help says: a phrase with a capital, without a full stop at its end.
  package let help: String
  /// What holds when the option is not given.
  package let defaultValue: Default
  /// How often a value may be given.
  package let repetition: Repetition
  /// The values that are taken; empty when any value is.
  package let allowedValues: [String]
  /// What a shell offers for the value.
  package let completion: Completion
  /// The heading that help shows the option under; nil for the general one.
  package private(set) var group: String?
  /// Whether help, the manual and completion leave the option out.
  package let isHidden: Bool

  /// An option that is there or not.
  ///
  /// - Parameters:
  ///   - name: the name without dashes.
  ///   - help: what help says.
  ///   - short: the one-letter name.
  ///   - hidden: whether help leaves it out.
  /// - Returns: the definition.
  package static func flag(
    _ name: String, help: String, short: Character? = nil, hidden: Bool = false
  ) -> OptionDefinition {
    OptionDefinition(
      name: name, short: short, kind: .flag, help: help, defaultValue: .none, repetition: .once,
      allowedValues: [], completion: .none, group: nil, isHidden: hidden)
  }

  /// A pair of flags, `--NAME` and `--no-NAME`; the last one given counts.
  ///
  /// - Parameters:
  ///   - name: the name without dashes and without `no-`.
  ///   - isOnByDefault: what holds when neither is given.
  ///   - help: what help says.
  ///   - hidden: whether help leaves it out.
  /// - Returns: the definition.
  package static func invertibleFlag(
    _ name: String, isOnByDefault: Bool, help: String, hidden: Bool = false
  ) -> OptionDefinition {
    OptionDefinition(
      name: name, short: nil, kind: .invertibleFlag(isOnByDefault: isOnByDefault), help: help,
      defaultValue: .none, repetition: .once, allowedValues: [], completion: .none, group: nil,
      isHidden: hidden)
  }

  /// An option with a value.
  ///
  /// - Parameters:
  ///   - name: the name without dashes.
  ///   - valueName: what the value is called, in capitals.
  ///   - help: what help says.
  ///   - short: the one-letter name.
  ///   - default: what holds when the option is not given.
  ///   - repetition: how often a value may be given.
  ///   - allowed: the values that are taken; empty when any value is.
  ///   - completion: what a shell offers; the allowed values are offered by themselves.
  ///   - hidden: whether help leaves it out.
  /// - Returns: the definition.
  package static func value(
    _ name: String, _ valueName: String, help: String, short: Character? = nil,
    default: Default = .none, repetition: Repetition = .once, allowed: [String] = [],
    completion: Completion = .none, hidden: Bool = false
  ) -> OptionDefinition {
    OptionDefinition(
      name: name, short: short, kind: .value(valueName), help: help, defaultValue: `default`,
      repetition: repetition, allowedValues: allowed,
      completion: allowed.isEmpty ? completion : .values(allowed), group: nil, isHidden: hidden)
  }

  /// The option under a heading of its own in help.
  ///
  /// - Parameter heading: the heading.
  /// - Returns: the same option with the heading.
  package func inGroup(_ heading: String) -> OptionDefinition {
    var copy = self
    copy.group = heading
    return copy
  }

  /// The option as it is written in messages: `--store FILE`, `--quiet`.
  package var label: String {
    if case .value(let valueName) = kind { "--\(name) \(valueName)" } else { "--\(name)" }
  }

  /// Whether the option takes a value.
  package var takesValue: Bool {
    if case .value = kind { true } else { false }
  }

  /// Every spelling: long names with `--`, the short one with `-`.
  var spellings: [String] {
    var result = short.map { ["-\($0)"] } ?? []
    result.append("--\(name)")
    if case .invertibleFlag = kind { result.append("--no-\(name)") }
    return result
  }
}

extension [OptionDefinition] {
  /// The options under one heading in help.
  ///
  /// - Parameter heading: the heading.
  /// - Returns: the same options with the heading.
  package func inGroup(_ heading: String) -> [OptionDefinition] {
    map { $0.inGroup(heading) }
  }
}
