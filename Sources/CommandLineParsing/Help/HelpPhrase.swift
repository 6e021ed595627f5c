/// What help says of an option or argument: its description, then what it takes and its default.
enum HelpPhrase {
  /// The description of an option with its notes.
  static func text(_ option: OptionDefinition) -> String {
    var notes = values(option.allowedValues)
    switch option.repetition {
    case .once: break
    case .repeated: notes.append("may be repeated")
    case .commaSeparated: notes.append("separated by commas")
    }
    switch option.defaultValue {
    case .none: break
    case .required: notes.append("required")
    case .value(let text): notes.append("default: \(text)")
    case .described(let text): notes.append("default: \(text)")
    }
    if case .invertibleFlag(let isOn) = option.kind {
      notes.append("default: \(isOn ? "on" : "off")")
    }
    return text(option.help, notes)
  }

  /// The description of an argument with its notes.
  static func text(_ argument: ArgumentDefinition) -> String {
    text(argument.help, values(argument.allowedValues))
  }

  private static func values(_ allowed: [String]) -> [String] {
    allowed.isEmpty ? [] : ["one of: \(allowed.joined(separator: ", "))"]
  }

  private static func text(_ help: String, _ notes: [String]) -> String {
    notes.isEmpty ? help : "\(help) (\(notes.joined(separator: "; ")))"
  }
}
