/// Writes a command line so that it can be pasted into a shell.
enum ShellWords {
  /// The words in one line.
  ///
  /// - Parameter words: the command and its arguments.
  /// - Returns: the line, with quotes where a shell needs them.
  static func line(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let needsNoQuotes = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "%+,-./:=@_".unicodeScalars.contains($0)
    }
    if needsNoQuotes, !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}
