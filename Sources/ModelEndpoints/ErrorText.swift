import JSON

/// Short one-line texts from the bodies of errors.
package enum ErrorText {
  private static let limit = 200

  /// The message in the body of an error, whatever its form.
  ///
  /// - Parameter body: JSON, HTML or text.
  /// - Returns: one line of at most 200 characters; empty when there is nothing.
  package static func message(inBody body: [UInt8]) -> String {
    let found = try? JSONParser().parse(body) { root in message(in: root) }
    if let found, !found.isEmpty { return found }
    return excerpt(of: body)
  }

  /// The message in an error object: OpenAI's, Anthropic's, llama.cpp's, TGI's, Ollama's, FastAPI's.
  static func message(in root: JSONElement) -> String {
    let error = root["error"]
    let places: [JSONElement?] = [
      error?["message"], error, root["message"], root["detail"], root["error_message"],
    ]
    for place in places {
      if let text = place?.string, !text.isEmpty { return oneLine(text) }
    }
    var details = ""
    root["detail"]?.forEachElement { part in
      if let text = part["msg"]?.string { details += (details.isEmpty ? "" : "; ") + text }
    }
    if !details.isEmpty { return oneLine(details) }
    guard let error, !error.isNull else { return "" }
    return oneLine(error.value.json())
  }

  /// The beginning of a body as a person would read it.
  ///
  /// - Parameter body: HTML, of which only the text counts, or anything else.
  /// - Returns: one line of at most 200 characters.
  package static func excerpt(of body: [UInt8]) -> String {
    let head = String(decoding: body.prefix(8192), as: UTF8.self)
    let lower = head.lowercased()
    guard lower.contains("<html") || lower.contains("<!doctype") || lower.contains("<body") else {
      return oneLine(head)
    }
    return oneLine(textOfHTML(head))
  }

  /// The text outside of tags, scripts and styles.
  private static func textOfHTML(_ html: String) -> String {
    var text = ""
    var rest = html[...]
    while let open = rest.firstIndex(of: "<") {
      text += rest[..<open] + " "
      rest = rest[open...]
      let name = rest.dropFirst().prefix { $0.isLetter }.lowercased()
      guard let close = rest.firstIndex(of: ">") else { return text }
      rest = rest[rest.index(after: close)...]
      guard name == "script" || name == "style" else { continue }
      while !rest.isEmpty, !rest.lowercased().hasPrefix("</" + name) {
        guard let next = rest.dropFirst().firstIndex(of: "<") else { return text }
        rest = rest[next...]
      }
    }
    return text + rest
  }

  /// The text with runs of white space and control characters as one space, cut at 200 characters.
  package static func oneLine(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    var hasSpace = true
    for scalar in text.unicodeScalars {
      let isSpace = scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
      if !isSpace { line.append(scalar) } else if !hasSpace { line.append(" ") }
      hasSpace = isSpace
      if line.count > limit { return String(line).prefix(limit - 1) + "…" }
    }
    if line.last == " " { line.removeLast() }
    return String(line)
  }
}
