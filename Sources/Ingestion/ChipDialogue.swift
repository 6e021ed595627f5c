/// The first question and answer of a chip2 text, in the markup of OIG or of its training text.
struct ChipDialogue: Equatable {
  let question: String
  let answer: String
  /// The number of turns in the text; what is after the second one is left out.
  let turns: Int

  private static let markups: [(person: String, model: String, end: String)] = [
    ("<human>:", "\n<bot>:", "\n<human>:"),
    ("User:", "\n\nJoi:", "\n\nUser:"),
  ]

  /// Takes a text apart; `nil` when it is in neither markup.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    for markup in Self.markups {
      let start = bytes.firstIndex { !Self.isWhiteSpace($0) } ?? bytes.count
      guard bytes[start...].starts(with: markup.person.utf8) else { continue }
      let questionStart = start + markup.person.utf8.count
      guard let answerMark = Self.find(markup.model, in: bytes, from: questionStart) else {
        return nil
      }
      let answerStart = answerMark + markup.model.utf8.count
      let answerEnd = Self.find(markup.end, in: bytes, from: answerStart) ?? bytes.count
      question = Self.trimmed(bytes[questionStart..<answerMark])
      answer = Self.trimmed(bytes[answerStart..<answerEnd])
      turns =
        2 + Self.count(markup.end, in: bytes, from: answerEnd)
        + Self.count(markup.model, in: bytes, from: answerEnd)
      return
    }
    return nil
  }

  private static func find(_ mark: String, in bytes: [UInt8], from start: Int) -> Int? {
    let mark = Array(mark.utf8)
    guard let first = mark.first else { return nil }
    var place = start
    while let next = bytes[place...].firstIndex(of: first) {
      if bytes[next...].starts(with: mark) { return next }
      place = next + 1
    }
    return nil
  }

  private static func count(_ mark: String, in bytes: [UInt8], from start: Int) -> Int {
    var count = 0
    var place = start
    while let next = find(mark, in: bytes, from: place) {
      count += 1
      place = next + 1
    }
    return count
  }

  private static func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  /// The text without white space around it and without the mark of its end.
  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    var rest = bytes
    func trim() {
      while let first = rest.first, isWhiteSpace(first) { rest.removeFirst() }
      while let last = rest.last, isWhiteSpace(last) { rest.removeLast() }
    }
    trim()
    let end = Array("<|endoftext|>".utf8)
    if rest.suffix(end.count).elementsEqual(end) {
      rest.removeLast(end.count)
      trim()
    }
    return String(decoding: rest, as: UTF8.self)
  }
}
