/// Reads prompt files.
///
///     # Lines before the first message that start with "#" are comments.
///     name: my-prompt
///     parser: four-choice
///     max tokens: 8
///     temperature: 0
///
///     --- system
///     Text between lines that carry {delimiter} is data.
///
///     --- user
///     === candidate A {delimiter} ===
///     {candidate_a}
///     …
///
/// Header: `name`, `parser` (see ``ReplyParser``) and `max tokens` must be there; `temperature`
/// (0 when absent), `top p`, `response format` (`text` or `verdict`) and `delimiters` (`required` or
/// `none`) may. A message begins after `--- system` or `--- user`; the user message must be there.
/// A placeholder is a name in braces; braces around anything else are plain text, and `{{name}}`
/// writes `{name}`. A line that starts with `{?name}` is left out when that text is absent or empty.
struct JudgePromptReader {
  private let file: String
  private var header: [(key: String, value: String, line: Int)] = []
  private var system: [JudgePrompt.Line]?
  private var user: [JudgePrompt.Line]?

  private static let keys = [
    "name", "parser", "max tokens", "temperature", "top p", "response format", "delimiters",
  ]

  static func read(_ text: String, file: String) throws(JudgePromptError) -> JudgePrompt {
    var reader = JudgePromptReader(file: file)
    return try reader.prompt(of: text)
  }

  private init(file: String) { self.file = file }

  private mutating func prompt(of text: String) throws(JudgePromptError) -> JudgePrompt {
    var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map {
      String(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self)
    }
    if lines[0].unicodeScalars.first == "\u{FEFF}" { lines[0].unicodeScalars.removeFirst() }
    var marks: [(line: Int, role: String)] = []
    for (offset, line) in lines.enumerated() where line.utf8.starts(with: "---".utf8) {
      let role = Self.trimmed(line.utf8.dropFirst(3))
      if role == "system" || role == "user" { marks.append((offset, role)) }
      if role != "system", role != "user", marks.isEmpty {
        throw fail(
          offset + 1, "\"\(line)\" begins no message: expected \"--- system\" or \"--- user\"")
      }
    }
    try readHeader(lines[..<(marks.first?.line ?? lines.count)])
    for (position, mark) in marks.enumerated() {
      let end = position + 1 < marks.count ? marks[position + 1].line : lines.count
      let message = try readMessage(lines[(mark.line + 1)..<end])
      guard (mark.role == "system" ? system : user) == nil else {
        throw fail(mark.line + 1, "a second \(mark.role) message, expected one")
      }
      if mark.role == "system" { system = message } else { user = message }
    }
    guard let user else {
      throw fail(lines.count, "no user message: expected a line \"--- user\" and text after it")
    }
    return try prompt(user: user, lastLine: lines.count)
  }

  private func fail(_ line: Int, _ problem: String) -> JudgePromptError {
    .file(file, line: line, problem: problem)
  }

  // MARK: Header

  private mutating func readHeader(_ lines: ArraySlice<String>) throws(JudgePromptError) {
    for (offset, line) in zip(lines.indices, lines) {
      let text = Self.trimmed(line.utf8[...])
      if text.isEmpty || text.utf8.first == UInt8(ascii: "#") { continue }
      guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
        throw fail(offset + 1, "\(Excerpt.of(text)) is not a header line: expected \"key: value\"")
      }
      let key = Self.trimmed(text.utf8[..<colon])
      let value = Self.trimmed(text.utf8[text.utf8.index(after: colon)...])
      guard Self.keys.contains(key) else {
        throw fail(
          offset + 1, "unknown key \"\(key)\"\(Suggestion.phrase(for: key, in: Self.keys))")
      }
      if let first = header.first(where: { $0.key == key }) {
        throw fail(offset + 1, "\"\(key)\" was given on line \(first.line) already")
      }
      guard !value.isEmpty else { throw fail(offset + 1, "\"\(key)\" has no value") }
      header.append((key, value, offset + 1))
    }
  }

  private func prompt(
    user: [JudgePrompt.Line], lastLine: Int
  ) throws(JudgePromptError) -> JudgePrompt {
    guard let name = value("name"), let parser = try choice("parser", ReplyParser.self),
      let maxTokens = try number("max tokens", "a whole number above 0", { Int($0) }, { $0 > 0 })
    else {
      let missing = ["name", "parser", "max tokens"].filter { value($0) == nil }
      throw fail(1, "the header lacks " + missing.map { "\"\($0):\"" }.joined(separator: ", "))
    }
    let prompt = JudgePrompt(
      name: name.value, parser: parser, maxTokens: maxTokens,
      temperature: try number(
        "temperature", "a number from 0 to 2", { Double($0) }, { (0...2).contains($0) }) ?? 0,
      topP: try number(
        "top p", "a number above 0, at most 1", { Double($0) }, { $0 > 0 && $0 <= 1 }),
      responseFormat: try choice("response format", JudgePrompt.ResponseFormat.self) ?? .text,
      isDelimited: try choice("delimiters", Delimiters.self) != Delimiters.none,
      system: system, user: user)
    let required: [JudgePrompt.Placeholder] =
      [.instruction, .input, .candidateA, .candidateB] + (prompt.isDelimited ? [.delimiter] : [])
    for placeholder in required where !prompt.uses(placeholder) {
      let advice =
        placeholder == .delimiter
        ? ": put it on the lines around the texts, or write \"delimiters: none\" in the header" : ""
      throw fail(lastLine, "no message shows {\(placeholder.rawValue)}\(advice)")
    }
    return prompt
  }

  private enum Delimiters: String, CaseIterable { case required, none }

  private func value(_ key: String) -> (value: String, line: Int)? {
    header.first { $0.key == key }.map { ($0.value, $0.line) }
  }

  private func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Choice.Type
  ) throws(JudgePromptError) -> Choice? where Choice.RawValue == String {
    guard let (text, line) = value(key) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    throw fail(
      line, "\"\(key)\" is \(Excerpt.of(text)), expected one of \(names.joined(separator: ", "))")
  }

  private func number<Number>(
    _ key: String, _ expected: String, _ read: (String) -> Number?, _ isValid: (Number) -> Bool
  ) throws(JudgePromptError) -> Number? {
    guard let (text, line) = value(key) else { return nil }
    guard let number = read(text), isValid(number) else {
      throw fail(line, "\"\(key)\" is \(Excerpt.of(text)), expected \(expected)")
    }
    return number
  }

  // MARK: Messages

  private func readMessage(
    _ lines: ArraySlice<String>
  ) throws(JudgePromptError) -> [JudgePrompt.Line] {
    let isBlank: (String) -> Bool = { Self.trimmed($0.utf8[...]).isEmpty }
    var rest = lines.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    var message: [JudgePrompt.Line] = []
    for (offset, line) in zip(rest.indices, rest) {
      message.append(try readLine(line, number: offset + 1))
    }
    guard !message.isEmpty else { throw fail(lines.startIndex, "the message is empty") }
    return message
  }

  private func readLine(
    _ line: String, number: Int
  ) throws(JudgePromptError) -> JudgePrompt.Line {
    var result = JudgePrompt.Line(condition: nil, pieces: [])
    var text: [UInt8] = []
    let bytes = Array(line.utf8)
    var position = 0
    if bytes.starts(with: "{?".utf8), let name = Self.name(in: bytes, after: 1, end: "}") {
      result.condition = try placeholder(name, line: number)
      position = name.utf8.count + 3
    }
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "{") {
        if bytes[position...].starts(with: "{{".utf8),
          let name = Self.name(in: bytes, after: position + 1, end: "}}")
        {
          text += "{\(name)}".utf8
          position += name.utf8.count + 4
          continue
        }
        if let name = Self.name(in: bytes, after: position, end: "}") {
          let placeholder = try placeholder(name, line: number)
          if !text.isEmpty { result.pieces.append(.text(String(decoding: text, as: UTF8.self))) }
          text = []
          result.pieces.append(.placeholder(placeholder))
          position += name.utf8.count + 2
          continue
        }
      }
      text.append(bytes[position])
      position += 1
    }
    if !text.isEmpty { result.pieces.append(.text(String(decoding: text, as: UTF8.self))) }
    return result
  }

  private func placeholder(
    _ name: String, line: Int
  ) throws(JudgePromptError) -> JudgePrompt.Placeholder {
    if let placeholder = JudgePrompt.Placeholder(rawValue: name) { return placeholder }
    let names = JudgePrompt.Placeholder.allCases.map(\.rawValue)
    throw fail(
      line,
      "unknown placeholder {\(name)}\(Suggestion.phrase(for: name, in: names)); "
        + "for the text itself write {{\(name)}}")
  }

  /// The name of letters, digits and underscores after the brace at `start`, when `end` follows it.
  private static func name(in bytes: [UInt8], after start: Int, end: String) -> String? {
    let isPart: (UInt8) -> Bool = {
      (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
        || $0 == UInt8(ascii: "_")
    }
    let name = bytes[(start + 1)...].prefix(while: isPart)
    guard let first = name.first, !(48...57).contains(first),
      bytes[name.endIndex...].starts(with: end.utf8)
    else { return nil }
    return String(decoding: name, as: UTF8.self)
  }

  private static func trimmed(_ text: Substring.UTF8View) -> String {
    var text = text.drop { $0 == 0x20 || $0 == 9 }
    while let last = text.last, last == 0x20 || last == 9 { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }
}

extension JudgePrompt {
  /// Reads a prompt file.
  ///
  /// - Parameters:
  ///   - text: the file's text.
  ///   - file: the file's name for messages.
  /// - Throws: ``JudgePromptError/file(_:line:problem:)`` with the first wrong line.
  package init(text: String, file: String) throws(JudgePromptError) {
    self = try JudgePromptReader.read(text, file: file)
  }
}
