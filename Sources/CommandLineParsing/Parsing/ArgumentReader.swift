/// Reads the options and positional arguments of one command.
struct ArgumentReader {
  let command: CommandDefinition
  let commandPath: [String]

  private var values: [String: [String]] = [:]
  private var flags: [String: Bool] = [:]
  private var positionals: [String] = []

  init(command: CommandDefinition, commandPath: [String]) {
    self.command = command
    self.commandPath = commandPath
  }

  /// Reads the words after the command's name.
  mutating func read(_ words: ArraySlice<String>) throws(UsageError) -> ParsedArguments {
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        break
      }
      if word.hasPrefix("--") {
        try readLong(word, &rest)
      } else if Self.looksLikeOption(word) {
        try readShort(word, &rest)
      } else {
        positionals.append(word)
      }
    }
    try assignPositionals()
    try checkAllowedValues()
    try checkRequired()
    return ParsedArguments(
      command: command, commandPath: commandPath, values: values, flags: flags)
  }

  /// Whether a word is an option: negative numbers, `-` and texts such as `- a` are not.
  private static func looksLikeOption(_ word: String) -> Bool {
    guard word.utf8.count > 1, word.hasPrefix("-") else { return false }
    guard let second = word.dropFirst().first else { return false }
    return second == "-" || (second.isLetter && DecimalNumber(word) == nil)
  }

  private mutating func readLong(
    _ word: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    let name = String(word.prefix { $0 != "=" })
    let attached = name.count < word.count ? String(word.dropFirst(name.count + 1)) : nil
    guard let option = command.options.first(where: { $0.spellings.contains(name) }) else {
      throw error(.unknownOption(name, suggestion: suggestion(for: name)))
    }
    try take(option, isInverted: name != "--\(option.name)", attached: attached, &rest)
  }

  /// The long option that was probably meant; `--stemmer` is close to `--no-stemmer`.
  private func suggestion(for name: String) -> String? {
    let spellings = command.visibleOptions.flatMap(\.spellings) + ["--help"]
    let long = spellings.filter { $0.hasPrefix("--") }
    let opposite = name.hasPrefix("--no-") ? "--\(name.dropFirst(5))" : "--no-\(name.dropFirst(2))"
    return long.contains(opposite)
      ? opposite : SpellingSuggestion.closest(to: name, among: long)
  }

  /// `-n value`, `-nvalue`, `-n=value`, and flags together as in `-qf`.
  private mutating func readShort(
    _ word: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = command.options.first(where: { $0.short == letter }) else {
        // A word after one dash is most often a long name with a dash forgotten.
        let long = command.options.first { "-\($0.name)" == word }
        let spelling = long.map { "--\($0.name)" }
        throw error(.unknownOption(spelling == nil ? "-\(letter)" : word, suggestion: spelling))
      }
      if option.takesValue {
        let attached = letters.first == "=" ? letters.dropFirst() : letters
        return try take(
          option, isInverted: false, attached: letters.isEmpty ? nil : String(attached), &rest)
      }
      if letters.first == "=" {
        throw error(.unexpectedValue(label: option.label, value: String(letters.dropFirst())))
      }
      flags[option.name] = true
    }
  }

  private mutating func take(
    _ option: OptionDefinition, isInverted: Bool, attached: String?,
    _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    guard option.takesValue else {
      if let attached {
        let label = isInverted ? "--no-\(option.name)" : option.label
        throw error(.unexpectedValue(label: label, value: attached))
      }
      flags[option.name] = !isInverted
      return
    }
    let value: String
    if let attached {
      value = attached
    } else {
      if let next = rest.first, Self.looksLikeOption(next) {
        throw error(.missingValue(label: option.label, next: next))
      }
      guard let next = rest.popFirst() else {
        throw error(.missingValue(label: option.label, next: nil))
      }
      value = next
    }
    try store(value, for: option)
  }

  private mutating func store(
    _ value: String, for option: OptionDefinition
  ) throws(UsageError) {
    switch option.repetition {
    case .once:
      if let first = values[option.name]?.first, !first.utf8.elementsEqual(value.utf8) {
        throw error(.conflictingValues(label: option.label, first: first, second: value))
      }
      values[option.name] = [value]
    case .repeated:
      values[option.name, default: []].append(value)
    case .commaSeparated:
      values[option.name, default: []] += CommaSeparated.values(value)
    }
  }

  private mutating func assignPositionals() throws(UsageError) {
    var rest = positionals[...]
    for argument in command.arguments {
      if argument.isRepeated {
        if !rest.isEmpty { values[argument.name] = Array(rest) }
        rest = []
      } else if let word = rest.popFirst() {
        values[argument.name] = [word]
      }
    }
    if let extra = rest.first { throw error(.unexpectedArgument(extra, suggestion: nil)) }
  }

  private func checkAllowedValues() throws(UsageError) {
    for option in command.options where !option.allowedValues.isEmpty {
      try check(values[option.name], option.allowedValues, label: option.label)
    }
    for argument in command.arguments where !argument.allowedValues.isEmpty {
      try check(values[argument.name], argument.allowedValues, label: argument.name)
    }
  }

  private func check(
    _ given: [String]?, _ allowed: [String], label: String
  ) throws(UsageError) {
    for value in given ?? [] where !allowed.contains(where: { $0.utf8.elementsEqual(value.utf8) }) {
      let suggestion = SpellingSuggestion.closest(to: value, among: allowed)
      throw error(
        .notAllowed(label: label, value: value, allowed: allowed, suggestion: suggestion))
    }
  }

  private func checkRequired() throws(UsageError) {
    let missing = command.options.filter {
      $0.defaultValue == .required && values[$0.name] == nil
    }
    if !missing.isEmpty { throw error(.missingOptions(labels: missing.map(\.label))) }
    for argument in command.arguments where argument.isRequired && values[argument.name] == nil {
      throw error(.missingArgument(label: argument.label))
    }
  }

  private func error(_ fact: UsageError.Fact) -> UsageError {
    UsageError(commandPath: commandPath, fact: fact)
  }
}
