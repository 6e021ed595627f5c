/// The completion script for fish.
///
/// Source: https://fishshell.com/docs/current/cmds/complete.html
struct FishCompletion {
  let program: ProgramDefinition

  var script: String {
    let name = "__" + ShellText.functionName(program).dropFirst()
    let contexts = CompletionContext.all(program)
    let paths = contexts.filter { !$0.isRoot }.map {
      ShellText.quotedForFish(" " + $0.path.joined(separator: " "))
    }
    let lines = contexts.flatMap { completions($0, function: name) }
    return """
      # fish completion for \(program.versionLine); made by '\(program.name) completions fish'.

      # Prints the verbs that were typed; 'help' first when help was asked for.
      function \(name)_verbs
          set -l verbs ''
          set -l topic ''
          for word in (commandline -opc)[2..]
              switch "$verbs $word"
                  case ' help'
                      test -z "$topic"; or break
                      set topic help
                  case \(paths.joined(separator: " "))
                      set verbs "$verbs $word"
                  case '*'
                      break
              end
          end
          echo "$topic$verbs"
      end

      complete -c \(program.name) -f
      \(lines.joined(separator: "\n"))

      """
  }

  private func completions(_ context: CompletionContext, function: String) -> [String] {
    let path = context.path.map { " " + $0 }.joined()
    let start = start("\(function)_verbs", is: path)
    var lines: [String] = []
    for verb in context.verbs {
      let what = "-a \(verb.name) -d \(ShellText.quotedForFish(verb.abstract))"
      lines.append("\(start) \(what)")
      if verb.name != "help" {
        lines.append("\(self.start("\(function)_verbs", is: "help" + path)) \(what)")
      }
    }
    if context.isRoot { lines.append("\(start) -l version -d 'Show the version'") }
    lines.append("\(start) -s h -l help -d 'Show help'")
    for option in context.options {
      let short = option.short.map { " -s \($0)" } ?? ""
      let help = " -d \(ShellText.quotedForFish(option.summary))"
      let value = option.takesValue ? value(option) : ""
      lines.append("\(start)\(short) -l \(option.name)\(value)\(help)")
      if case .invertibleFlag = option.kind {
        lines.append("\(start) -l no-\(option.name)\(help)")
      }
    }
    if !context.argumentWords.isEmpty {
      let words = context.argumentWords.joined(separator: " ")
      lines.append("\(start) -a \(ShellText.quotedForFish(words))")
    }
    if context.takesFiles { lines.append("\(start) -F") }
    if context.takesFolders { lines.append("\(start) -a '(__fish_complete_directories)'") }
    return lines
  }

  private func start(_ function: String, is path: String) -> String {
    "complete -c \(program.name) -n 'test (\(function)) = \"\(path)\"'"
  }

  private func value(_ option: OptionDefinition) -> String {
    switch option.completion {
    case .none: return " -x"
    case .files: return " -r -F"
    case .folders: return " -x -a '(__fish_complete_directories)'"
    case .values(let words):
      let list = words.joined(separator: " ")
      return option.repetition == .commaSeparated
        ? " -x -a '(__fish_append , \(list))'" : " -x -a \(ShellText.quotedForFish(list))"
    }
  }
}
