/// The completion script for zsh, for a file `_NAME` in a folder of `fpath`.
///
/// Source: https://zsh.sourceforge.io/Doc/Release/Completion-System.html, `_arguments`.
struct ZshCompletion {
  let program: ProgramDefinition

  var script: String {
    let name = ShellText.functionName(program)
    let contexts = CompletionContext.all(program)
    let paths = contexts.filter { !$0.isRoot }.map {
      ShellText.quoted(" " + $0.path.joined(separator: " "))
    }
    return """
      #compdef \(program.name)
      # zsh completion for \(program.versionLine); made by '\(program.name) completions zsh'.

      \(name)() {
        local verb_path='' topic='' word
        local -i used=0
        local -a verbs
        for word in "${(@)words[2,CURRENT-1]}"; do
          case "$verb_path $word" in
            ' help') [[ -z $topic ]] || break; topic=yes ;;
            \(paths.joined(separator: "|")))
              verb_path+=" $word" ;;
            *) break ;;
          esac
          (( used += 1 ))
        done
        # The verbs take the place of the program's name.
        (( used > 0 )) && shift $used words
        (( CURRENT -= used ))
        case "$verb_path" in
      \(contexts.map(cases).joined(separator: "\n"))
        esac
      }

      \(name) "$@"

      """
  }

  private func cases(_ context: CompletionContext) -> String {
    let path = context.path.map { " " + $0 }.joined()
    var lines = ["    \(ShellText.quoted(path)))"]
    if !context.verbs.isEmpty {
      lines.append("      verbs=(")
      lines += context.verbs.map { verb in
        "        "
          + ShellText.quoted("\(verb.name):\(ShellText.escaped(verb.abstract, [":", "\\"]))")
      }
      lines.append("      )")
      lines.append("      if [[ -n $topic ]]; then")
      lines.append("        (( CURRENT == 2 )) && _describe -t commands command verbs")
      lines.append("        return")
      lines.append("      fi")
    } else {
      lines.append("      [[ -n $topic ]] && return")
    }
    var specifications = context.options.flatMap(specification)
    specifications.append("'(- *)'{-h,--help}'[Show help]'")
    if context.isRoot { specifications.append("'(- *)--version[Show the version]'") }
    if !context.verbs.isEmpty {
      specifications.append("'1:command:{ _describe -t commands command verbs }'")
    }
    for argument in context.arguments {
      let action = action(argument.completion, name: argument.name, isList: false)
      let position = argument.isRepeated ? "*" : argument.count == .optional ? ":" : ""
      specifications.append(
        ShellText.quoted("\(position):\(escaped(argument.name)):\(action)"))
    }
    lines.append("      _arguments -s -S : \\")
    lines.append(
      specifications.map { "        \($0)" }.joined(separator: " \\\n") + " ;;")
    return lines.joined(separator: "\n")
  }

  private func specification(_ option: OptionDefinition) -> [String] {
    let help = "[\(escaped(option.summary))]"
    guard case .value(let valueName) = option.kind else {
      let exclusive = option.spellings.joined(separator: " ")
      return option.spellings.map { ShellText.quoted("(\(exclusive))\($0)\(help)") }
    }
    let action = action(
      option.completion, name: valueName, isList: option.repetition == .commaSeparated)
    let value = ":\(escaped(valueName)):\(action)"
    let isRepeated = option.repetition != .once
    let exclusive = isRepeated ? "*" : "(\(option.spellings.joined(separator: " ")))"
    return option.spellings.map { spelling in
      let joined = spelling.hasPrefix("--") ? "=" : "+"
      return ShellText.quoted("\(exclusive)\(spelling)\(joined)\(help)\(value)")
    }
  }

  private func action(_ completion: Completion, name: String, isList: Bool) -> String {
    switch completion {
    case .none: " "
    case .files: "_files"
    case .folders: "_files -/"
    case .values(let words):
      isList
        ? "_values -s , \(escaped(name)) \(words.joined(separator: " "))"
        : "(\(words.joined(separator: " ")))"
    }
  }

  /// A text inside a specification, where colons and brackets divide.
  private func escaped(_ text: String) -> String {
    ShellText.escaped(text, ["\\", ":", "[", "]"])
  }
}
