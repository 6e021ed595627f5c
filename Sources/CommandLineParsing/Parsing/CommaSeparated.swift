/// Values in one word with commas between them.
enum CommaSeparated {
  /// The values, without spaces around them; a comma at the end adds nothing.
  static func values(_ text: String) -> [String] {
    text.split(separator: ",").map { piece in
      let beginning = piece.drop { $0 == " " }
      let end = beginning.lastIndex { $0 != " " }
      return end.map { String(beginning[...$0]) } ?? ""
    }.filter { !$0.isEmpty }
  }
}
