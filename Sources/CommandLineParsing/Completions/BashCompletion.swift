/// The completion script for bash; needs no other package.
///
/// Source: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
struct BashCompletion {
  let program: ProgramDefinition

  var script: String {
    let name = ShellText.functionName(program)
    let contexts = CompletionContext.all(program)
    let paths = contexts.filter { !$0.isRoot }.map {
      ShellText.quoted(" " + $0.path.joined(separator: " "))
    }
    return """
      # bash completion for \(program.versionLine); made by '\(program.name) completions bash'.

      # Offers words; nothing else, such as file names, is offered beside them.
      \(name)_words() {
        compopt +o default +o bashdefault 2> /dev/null
        mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
      }

      # Offers words for the last value of a list with commas.
      \(name)_list() {
        local before=''
        [[ $current == *,* ]] && before="${current%,*},"
        compopt +o default +o bashdefault 2> /dev/null
        compopt -o nospace 2> /dev/null
        mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${current##*,}")
      }

      \(name)_folders() {
        compopt +o default +o bashdefault 2> /dev/null
        compopt -o filenames 2> /dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
      }

      \(name)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
        local path='' topic='' word
        COMPREPLY=()
        # Bash splits '--name=value' into three words.
        if [[ $current == '=' ]]; then
          current=''
        elif [[ $previous == '=' ]]; then
          previous=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
          case "$path $word" in
            ' help') [[ -z $topic ]] || break; topic=yes ;;
            \(paths.joined(separator: " | ")))
              path+=" $word" ;;
            *) break ;;
          esac
        done
        case "$path" in
      \(contexts.map { cases($0, name) }.joined(separator: "\n"))
        esac
      }

      complete -o default -o bashdefault -F \(name) \(program.name)

      """
  }

  private func cases(_ context: CompletionContext, _ name: String) -> String {
    let path = context.path.map { " " + $0 }.joined()
    let verbs = context.verbs.map(\.name).joined(separator: " ")
    let options = context.options.flatMap(\.spellings) + ["--help"]
    let offered = context.isRoot ? ["--help", "--version"] : options
    var lines = ["    \(ShellText.quoted(path)))"]
    lines.append("      [[ -n $topic ]] && { \(name)_words '\(verbs)'; return; }")
    let values = context.options.filter(\.takesValue).map { option in
      "        \(option.spellings.joined(separator: " | "))) \(value(option, name))return ;;"
    }
    if !values.isEmpty { lines += ["      case $previous in"] + values + ["      esac"] }
    lines.append("      if [[ $current == -* ]]; then")
    lines.append("        \(name)_words '\(offered.joined(separator: " "))'")
    let words = ([verbs] + context.argumentWords).filter { !$0.isEmpty }.joined(separator: " ")
    if !words.isEmpty {
      lines += ["      else", "        \(name)_words '\(words)'"]
      // Without a match among the words, bash goes on to file names.
      if context.takesFiles { lines.append("        compopt -o default 2> /dev/null") }
    } else if context.takesFolders {
      lines += ["      else", "        \(name)_folders"]
    } else if !context.takesFiles {
      lines += ["      else", "        \(name)_words ''"]
    }
    return (lines + ["      fi ;;"]).joined(separator: "\n")
  }

  private func value(_ option: OptionDefinition, _ name: String) -> String {
    switch option.completion {
    case .none: "\(name)_words ''; "
    // An empty answer makes bash complete file names itself, with ~ and quotes.
    case .files: ""
    case .folders: "\(name)_folders; "
    case .values(let words):
      "\(name)_\(option.repetition == .commaSeparated ? "list" : "words") "
        + ShellText.quoted(words.joined(separator: " ")) + "; "
    }
  }
}
