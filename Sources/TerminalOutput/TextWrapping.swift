/// Text broken into lines of a width.
package enum TextWrapping {
  /// Breaks a text at spaces so that no line is wider than `width`, where words allow it.
  ///
  /// A line break in the text stays; a line that starts with a space is an example and is kept
  /// as it is. A word wider than the line gets a line of its own.
  ///
  /// - Parameters:
  ///   - text: paragraphs, one a line.
  ///   - width: the columns that a line may take.
  /// - Returns: the lines without line ends.
  package static func lines(_ text: String, width: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
      paragraph.hasPrefix(" ") || paragraph.isEmpty
        ? [String(paragraph)] : wrapped(paragraph, width: width)
    }
  }

  private static func wrapped(_ paragraph: Substring, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in paragraph.split(separator: " ") {
      let columns = DisplayWidth.columns(word)
      if line.isEmpty {
        line = String(word)
        used = columns
      } else if used + 1 + columns <= width {
        line += " " + word
        used += 1 + columns
      } else {
        lines.append(line)
        line = String(word)
        used = columns
      }
    }
    lines.append(line)
    return lines
  }
}
