/// How a model family expects a prompt as text, and where its answer ends.
///
/// A template file has header lines (`# remark`, `stop: TEXT`, `system: TEXT`, where `\n` stands for
/// a line feed), a line `---`, and then the text with `{prompt}` and, optionally, `{system}`. One
/// line feed at the end of the file does not count. A file without `---` is all text.
package struct PromptTemplate: Sendable, Equatable {
  /// The name, or the file.
  package let name: String
  /// The text with its places.
  package let text: String
  /// Texts at which an answer ends.
  package let stop: [String]
  /// The system prompt when the model has none of its own.
  package let defaultSystem: String

  /// Whether there is a place for a system prompt.
  package var takesSystemPrompt: Bool { text.contains("{system}") }

  /// The prompt alone.
  package static let plain = PromptTemplate(
    name: "plain", text: "{prompt}", stop: [], defaultSystem: "")

  private init(name: String, text: String, stop: [String], defaultSystem: String) {
    self.name = name
    self.text = text
    self.stop = stop
    self.defaultSystem = defaultSystem
  }

  /// Reads the text of a template file.
  ///
  /// - Parameters:
  ///   - name: the name, for errors.
  ///   - file: the text of the file.
  /// - Throws: ``ConfigurationError`` when `{prompt}` is missing or a header line is not known.
  package init(name: String, file: String) throws(ConfigurationError) {
    var lines = file.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var stop: [String] = []
    var system = ""
    if let border = lines.firstIndex(of: "---") {
      for line in lines[..<border] where !line.isEmpty && !line.hasPrefix("#") {
        if line.hasPrefix("stop: ") {
          stop.append(Self.unescaped(line.dropFirst(6)))
        } else if line.hasPrefix("system: ") {
          system = Self.unescaped(line.dropFirst(8))
        } else {
          throw ConfigurationError(
            path: "template \(name)", got: "the header line \"\(line.prefix(60))\"",
            expected: "\"stop: TEXT\", \"system: TEXT\" or \"# remark\" before \"---\"")
        }
      }
      lines = lines[(border + 1)...]
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    let text = lines.joined(separator: "\n")
    guard text.contains("{prompt}") else {
      throw ConfigurationError(
        path: "template \(name)", got: "a text without {prompt}", expected: "{prompt} in it")
    }
    self.init(name: name, text: text, stop: stop, defaultSystem: system)
  }

  /// A template by name, or from the user's own file.
  ///
  /// - Parameters:
  ///   - name: one of ``builtInNames``, or a path, which has a `/` or a `.` in it.
  ///   - readFile: gives the text of a file; `nil` when it cannot be read.
  /// - Throws: ``ConfigurationError`` when there is no such template.
  package init(named name: String, readFile: (String) -> String?) throws(ConfigurationError) {
    if let text = Self.builtIn(name) {
      try self.init(name: name, file: text)
    } else if name.contains("/") || name.contains(".") {
      guard let text = readFile(name) else {
        throw ConfigurationError(
          path: "prompt_template", got: "no readable file \(name)", expected: "a template file")
      }
      try self.init(name: name, file: text)
    } else {
      let hint = SpellingSuggestion.closest(to: name, in: Self.builtInNames)
      throw ConfigurationError(
        path: "prompt_template", got: "the unknown template \"\(name)\"",
        expected: hint.map { "\"\($0)\"" }
          ?? "a file or one of \(Self.builtInNames.joined(separator: ", "))")
    }
  }

  /// The text that is sent.
  ///
  /// - Parameters:
  ///   - prompt: what the model is asked; places in it stay as they are.
  ///   - system: the system prompt; `nil` takes the template's own.
  /// - Returns: the text.
  package func fill(prompt: String, system: String?) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[open...]
      if rest.hasPrefix("{prompt}") {
        result += prompt
        rest = rest.dropFirst(8)
      } else if rest.hasPrefix("{system}") {
        result += system ?? defaultSystem
        rest = rest.dropFirst(8)
      } else {
        result += "{"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var isEscape = false
    for scalar in text.unicodeScalars {
      if !isEscape, scalar == "\\" {
        isEscape = true
      } else {
        result.unicodeScalars.append(isEscape && scalar == "n" ? "\n" : scalar)
        isEscape = false
      }
    }
    return result
  }
}
