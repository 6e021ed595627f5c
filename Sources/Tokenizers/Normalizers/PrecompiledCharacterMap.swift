/// SentencePiece's compiled rules of normalisation: a double-array trie and the texts it points to.
///
/// Source: sentencepiece 0.1.97, `normalizer.cc`, as spm_precompiled 0.1.4 follows it: the text is
/// replaced cluster by cluster, and of a cluster below six bytes the shortest rule that its start
/// fits replaces the whole.
final class PrecompiledCharacterMap: Sendable {
  private let units: [UInt32]
  private let texts: [UInt8]
  /// For ASCII: -1 when the character stays, else the place of its text.
  private let asciiPlaces: [Int32]

  /// Reads a map; `nil` results when the blob is shorter than it says, or its texts are not UTF-8.
  ///
  /// - Parameter blob: the trie's size in bytes, the trie, and texts that end with NUL.
  init?(_ blob: [UInt8]) {
    guard blob.count >= 4 else { return nil }
    func unit(_ index: Int) -> UInt32 {
      UInt32(blob[index]) | UInt32(blob[index + 1]) << 8 | UInt32(blob[index + 2]) << 16
        | UInt32(blob[index + 3]) << 24
    }
    let size = Int(unit(0)) / 4 * 4
    guard size > 0, blob.count >= 4 + size else { return nil }
    let units = stride(from: 4, to: 4 + size, by: 4).map(unit)
    let texts = Array(blob[(4 + size)...])
    guard String(validating: texts, as: UTF8.self) != nil else { return nil }
    var places = [Int32](repeating: -1, count: 128)
    for byte in UInt8(0)..<128 {
      guard let place = [byte].withView({ Self.place(of: $0, units: units, texts: texts) })
      else { continue }
      let isSame =
        place < texts.count && texts[place] == byte
        && (place + 1 == texts.count || texts[place + 1] == 0)
      if !isSame { places[Int(byte)] = Int32(place) }
    }
    self.units = units
    self.texts = texts
    asciiPlaces = places
  }

  /// Replaces what the rules say.
  func apply(to text: inout NormalizedText) {
    text.rewrite { source, result, head in
      var newHead = head == 0 ? 0 : -1
      var index = 0
      while index < source.count {
        if newHead < 0, index >= head { newHead = result.count }
        // A character of ASCII that another one follows is a cluster, unless both end a line.
        let byte = source[index]
        if byte < 0x80, index + 1 == source.count || source[index + 1] < 0x80, byte != 0x0D {
          let place = asciiPlaces[Int(byte)]
          if place < 0 { result.append(byte) } else { appendText(at: Int(place), to: &result) }
          index += 1
          continue
        }
        index = appendClusters(source, from: index, &result, &newHead, head)
      }
      return newHead < 0 ? result.count : newHead
    }
  }

  /// Replaces clusters until plain ASCII follows.
  private func appendClusters(
    _ source: ByteView, from start: Int, _ result: inout ByteBuffer, _ newHead: inout Int,
    _ head: Int
  ) -> Int {
    var clusters = GraphemeClusters(source[start..<source.count])
    while let range = clusters.next() {
      let first = start + range.lowerBound
      let next = start + range.upperBound
      if newHead < 0, first >= head { newHead = result.count }
      appendCluster(source[first..<next], to: &result)
      let isPlain =
        next + 1 < source.count && source[next] < 0x80 && source[next + 1] < 0x80
        && source[next] != 0x0D
      if isPlain { return next }
    }
    return source.count
  }

  private func appendCluster(_ cluster: ByteView, to result: inout ByteBuffer) {
    if cluster.count < 6, let place = Self.place(of: cluster, units: units, texts: texts) {
      return appendText(at: place, to: &result)
    }
    var index = 0
    while index < cluster.count {
      let length = ByteView.length(startingWith: cluster[index])
      let part = cluster[index..<(index + length)]
      if let place = Self.place(of: part, units: units, texts: texts) {
        appendText(at: place, to: &result)
      } else {
        result.append(part)
      }
      index += length
    }
  }

  private func appendText(at place: Int, to result: inout ByteBuffer) {
    var index = place
    while index < texts.count, texts[index] != 0 {
      result.append(texts[index])
      index += 1
    }
  }

  /// Where the text of the shortest rule starts that the bytes begin with, or `nil`.
  private static func place(of bytes: ByteView, units: [UInt32], texts: [UInt8]) -> Int? {
    // Source: Darts-clone, units of 32 bits: bit 31 marks a value, bits 0-7 are the label, bit 8
    // says that a value follows, bit 9 scales the offset in bits 10-30.
    func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 1 << 9) >> 6) }
    var node = offset(units[0])
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if byte == 0 { return nil }
      node ^= Int(byte)
      guard node < units.count else { return nil }
      let unit = units[node]
      guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
      node ^= offset(unit)
      guard node < units.count else { return nil }
      if unit >> 8 & 1 == 1 {
        let place = Int(units[node] & (1 << 31 - 1))
        // A rule may not start inside a character of the texts.
        guard place <= texts.count, place == texts.count || texts[place] & 0xC0 != 0x80 else {
          return nil
        }
        return place
      }
    }
    return nil
  }
}
