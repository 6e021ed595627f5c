/// Command lines taken apart as a shell does, for checking those that people are shown.
package enum ShellWords {
  /// The commands of a line, each as its words.
  ///
  /// Understands quotes, backslashes, `|`, `;`, `&`, redirections and comments; expands nothing.
  ///
  /// - Parameter line: a command line, with `\` at line ends where it goes on.
  /// - Returns: the words of each command; redirections and their files are left out.
  package static func commands(_ line: String) -> [[String]] {
    var scanner = Scanner(rest: line[...])
    return scanner.commands()
  }

  private struct Scanner {
    var rest: Substring
    var done: [[String]] = []
    var words: [String] = []
    var word: String?
    var isRedirected = false

    mutating func commands() -> [[String]] {
      while let character = rest.popFirst() {
        switch character {
        case "'": quoted(until: "'", escapes: false)
        case "\"": quoted(until: "\"", escapes: true)
        case "\\":
          let next = rest.popFirst()
          if let next, next != "\n" { append(next) }
        case "#" where word == nil: rest = rest.drop { $0 != "\n" }
        case " ", "\t": endWord()
        case "\n", "|", ";", "&": endCommand()
        case "<", ">": redirect()
        default: append(character)
        }
      }
      endCommand()
      return done
    }

    private mutating func append(_ character: Character) { word = (word ?? "") + String(character) }

    private mutating func quoted(until end: Character, escapes: Bool) {
      word = word ?? ""
      while let character = rest.popFirst(), character != end {
        if escapes, character == "\\", let next = rest.first, "\"\\$`".contains(next) {
          append(next)
          rest.removeFirst()
        } else {
          append(character)
        }
      }
    }

    private mutating func redirect() {
      // The number in '2>' names a stream.
      if let number = word, number.allSatisfy(\.isNumber) { word = nil }
      endWord()
      while let next = rest.first, next == ">" || next == "&" { rest.removeFirst() }
      isRedirected = true
    }

    private mutating func endWord() {
      guard let word else { return }
      if !isRedirected { words.append(word) }
      isRedirected = false
      self.word = nil
    }

    private mutating func endCommand() {
      endWord()
      if !words.isEmpty { done.append(words) }
      words = []
    }
  }
}
