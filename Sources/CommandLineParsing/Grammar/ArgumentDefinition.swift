/// One positional argument of a command.
package struct ArgumentDefinition: Sendable, Equatable {
  /// How many words it takes.
  package enum Count: Sendable, Equatable {
    /// Exactly one.
    case one
    /// One or none.
    case optional
    /// All that follow, at least one.
    case oneOrMore
    /// All that follow, if any.
    case any
  }

  /// The name in capitals, as help shows it; also the name it is read by.
  package let name: String
  /// What help says: a phrase with a capital, without a full stop at its end.
  package let help: String
  /// How many words it takes.
  package let count: Count
  /// The values that are taken; empty when any value is.
  package let allowedValues: [String]
  /// What a shell offers.
  package let completion: Completion

  /// A positional argument.
  ///
  /// - Parameters:
  ///   - name: the name in capitals.
  ///   - count: how many words it takes; only the last argument can take several.
  ///   - help: what help says.
  ///   - allowed: the values that are taken; empty when any value is.
  ///   - completion: what a shell offers; the allowed values are offered by themselves.
  package init(
    _ name: String, _ count: Count = .one, help: String, allowed: [String] = [],
    completion: Completion = .none
  ) {
    self.name = name
    self.help = help
    self.count = count
    allowedValues = allowed
    self.completion = allowed.isEmpty ? completion : .values(allowed)
  }

  var isRequired: Bool { count == .one || count == .oneOrMore }
  var isRepeated: Bool { count == .any || count == .oneOrMore }

  /// The argument as a usage line shows it: `FILE`, `[FILE]`, `FILE...`, `[FILE...]`.
  package var label: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .oneOrMore: "\(name)..."
    case .any: "[\(name)...]"
    }
  }
}
