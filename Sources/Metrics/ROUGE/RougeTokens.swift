/// A text's ROUGE tokens: runs of `[a-z0-9]` after lower-casing, stemmed if asked for.
///
/// Source: rouge-score 0.1.2, `tokenize.tokenize`. Of all scalars outside ASCII only U+212A (Kelvin
/// sign) and U+0130 (I with dot above) have a lower case with an ASCII letter in it.
struct RougeTokens: Sendable {
  /// The shortest word that is stemmed.
  private static let shortestStemmedWord = 4

  /// The tokens' bytes, followed by readable zeros.
  private(set) var letters: [UInt8] = []
  /// The tokens in order.
  private(set) var slices: [TokenSlice] = []
  /// For each line that has tokens the number of tokens up to its end.
  private(set) var lineEnds: [Int] = []

  /// Replaces the tokens by those of a text.
  ///
  /// - Parameters:
  ///   - text: the text; lines end at "\n".
  ///   - cache: stems the words; `nil` leaves them as they are.
  mutating func load(_ text: borrowing TextBuffer, stems cache: inout StemCache?) {
    slices.removeAll(keepingCapacity: true)
    lineEnds.removeAll(keepingCapacity: true)
    let needed = text.count + TextBuffer.padding
    if letters.count < needed {
      letters.append(contentsOf: repeatElement(0, count: needed - letters.count))
    }
    Self.split(text.bytes.span, count: text.count, &letters, &slices, &lineEnds)
    guard cache != nil else { return }
    for index in slices.indices where slices[index].length >= Self.shortestStemmedWord {
      slices[index].length = cache?.stem(&letters, slices[index]) ?? slices[index].length
    }
  }

  private static func split(
    _ bytes: Span<UInt8>, count: Int, _ letters: inout [UInt8], _ slices: inout [TokenSlice],
    _ lineEnds: inout [Int]
  ) {
    var output = letters.mutableSpan
    var write = 0
    var start = 0
    var index = 0
    while index < count {
      let byte = bytes[index]
      index += 1
      let lower = byte | 0x20
      if lower &- UInt8(ascii: "a") < 26 {
        output[write] = lower
        write += 1
      } else if byte &- UInt8(ascii: "0") < 10 {
        output[write] = byte
        write += 1
      } else if byte == 0xE2, bytes[index] == 0x84, bytes[index + 1] == 0xAA {
        output[write] = UInt8(ascii: "k")
        write += 1
        index += 2
      } else {
        if byte == 0xC4, bytes[index] == 0xB0 {
          // Lower case is an i and a combining dot, which separates.
          output[write] = UInt8(ascii: "i")
          write += 1
          index += 1
        }
        if write > start {
          slices.append(TokenSlice(start: start, length: write - start))
          start = write
        }
        if byte == UInt8(ascii: "\n"), slices.count > lineEnds.last ?? 0 {
          lineEnds.append(slices.count)
        }
      }
    }
    if write > start { slices.append(TokenSlice(start: start, length: write - start)) }
    if slices.count > lineEnds.last ?? 0 { lineEnds.append(slices.count) }
  }
}
