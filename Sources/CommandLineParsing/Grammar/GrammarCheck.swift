/// Finds what is wrong with a grammar itself, for the tests of a program.
struct GrammarCheck {
  let program: ProgramDefinition

  /// One line for each fault.
  var faults: [String] {
    let all = program.allCommands
    let roots = program.examples.flatMap { exampleFaults($0, at: program.name) }
    return roots + duplicates(program.commands.map(\.name), in: program.name)
      + all.flatMap { path, command in
        let name = ([program.name] + path).joined(separator: " ")
        return commandFaults(command, at: name)
          + command.options.flatMap { optionFaults($0, at: name) }
          + command.examples.flatMap { exampleFaults($0, at: name) }
      }
  }

  private func commandFaults(_ command: CommandDefinition, at name: String) -> [String] {
    var faults = sentenceFault(command.abstract, "the abstract of '\(name)'")
    faults += duplicates(
      command.options.flatMap(\.spellings) + command.arguments.map(\.name)
        + ["--help", "-h"] + command.subcommands.map(\.name), in: name)
    if !command.subcommands.isEmpty, !command.options.isEmpty || !command.arguments.isEmpty {
      faults.append("'\(name)' has subcommands, so its options belong to them")
    }
    if let wanted = command.defaultSubcommand, command.subcommand(wanted) == nil {
      faults.append("'\(name)' has no subcommand '\(wanted)' to be the default")
    }
    let repeated = command.arguments.firstIndex(where: \.isRepeated)
    if let repeated, repeated < command.arguments.count - 1 {
      faults.append("'\(name)': an argument follows '\(command.arguments[repeated].label)'")
    }
    let optional = command.arguments.firstIndex { !$0.isRequired }
    if let optional, command.arguments[optional...].contains(where: \.isRequired) {
      faults.append(
        "'\(name)': a required argument follows '\(command.arguments[optional].label)'")
    }
    for argument in command.arguments {
      faults += phraseFault(argument.help, "'\(argument.label)' of '\(name)'")
    }
    return faults
  }

  private func optionFaults(_ option: OptionDefinition, at name: String) -> [String] {
    var faults: [String] = []
    let place = "'\(option.label)' of '\(name)'"
    faults += phraseFault(option.help, place)
    if !option.name.utf8.allSatisfy(Self.isNameByte) || option.name.hasPrefix("-") {
      faults.append("\(place): a name has letters, digits and '-' only")
    }
    if let short = option.short, !short.isASCII || !short.isLetter {
      faults.append("\(place): '-\(short)' is no letter")
    }
    // Values stand unquoted in the word lists of completion scripts.
    for value in option.allowedValues where !value.utf8.allSatisfy(Self.isNameByte) {
      faults.append("\(place): the value '\(value)' cannot be completed by a shell")
    }
    if case .value(let text) = option.defaultValue, !option.allowedValues.isEmpty {
      let values = option.repetition == .commaSeparated ? CommaSeparated.values(text) : [text]
      for value in values where !option.allowedValues.contains(value) {
        faults.append("\(place): the default '\(value)' is not among the allowed values")
      }
    }
    return faults
  }

  private func exampleFaults(_ example: CommandExample, at name: String) -> [String] {
    let place = "example '\(example.commandLine)' of '\(name)'"
    var faults = sentenceFault(example.caption, "the caption of \(place)")
    let commands = ShellWords.commands(example.commandLine)
    if !commands.contains(where: { $0.first == program.name }) {
      faults.append("\(place) does not call '\(program.name)'")
    }
    for words in commands where words.first == program.name {
      do { _ = try program.parse(Array(words.dropFirst())) } catch {
        faults.append("\(place): \(error)")
      }
    }
    return faults
  }

  private func sentenceFault(_ text: String, _ place: String) -> [String] {
    let isSentence = text.hasSuffix(".") && text.first.map { !$0.isLowercase } ?? false
    return isSentence ? [] : ["\(place) is no sentence: '\(text)'"]
  }

  /// Notes such as the default follow the phrase in brackets, so it has no full stop.
  private func phraseFault(_ help: String, _ place: String) -> [String] {
    if help.isEmpty { return ["\(place) has no help"] }
    let isPhrase = !help.hasSuffix(".") && help.first.map { !$0.isLowercase } ?? false
    return isPhrase ? [] : ["\(place): the help is no phrase with a capital: '\(help)'"]
  }

  private func duplicates(_ names: [String], in place: String) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }.map { "'\(place)' declares '\($0)' twice" }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "@"):
      true
    default: false
    }
  }
}

extension ProgramDefinition {
  /// What is wrong with the grammar: names declared twice, missing help, examples that do not parse.
  ///
  /// A program's tests expect none.
  package var faults: [String] { GrammarCheck(program: self).faults }
}
