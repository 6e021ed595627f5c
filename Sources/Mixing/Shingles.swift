internal import Records

/// The set of a record's shingles: runs of words, as hashes of 64 bits.
///
/// Words are runs of letters, digits and marks in lower case; ideographs and kana, which are written
/// without spaces, are words of their own.
struct Shingles {
  /// The hashes, each once, in ascending order.
  let hashes: [UInt64]

  /// The shingles of a record's instruction, input and output.
  ///
  /// - Parameters:
  ///   - record: the record.
  ///   - words: the number of words in a shingle; a shorter text is one shingle.
  init(_ record: SourceRecord, words: Int) {
    var collected = WordHashes()
    for text in [record.instruction, record.input, record.output] { collected.add(text) }
    let list = collected.words
    guard !list.isEmpty else {
      hashes = []
      return
    }
    let last = max(0, list.count - words)
    var shingles: [UInt64] = []
    shingles.reserveCapacity(last + 1)
    for start in 0...last {
      let run = list[start..<min(start + words, list.count)]
      shingles.append(run.reduce(0x51ED_270B) { Self.mix($0 ^ $1) })
    }
    shingles.sort()
    var unique: [UInt64] = []
    unique.reserveCapacity(shingles.count)
    for shingle in shingles where shingle != unique.last { unique.append(shingle) }
    hashes = unique
  }

  /// A set of hashes.
  ///
  /// - Parameter hashes: each once, in ascending order.
  init(hashes: [UInt64]) { self.hashes = hashes }

  /// The Jaccard index of two sets: the size of the intersection over that of the union.
  ///
  /// - Parameter other: the other set.
  /// - Returns: 0...1; 0 when both are empty.
  func similarity(to other: Shingles) -> Double {
    var common = 0
    var i = 0
    var j = 0
    while i < hashes.count && j < other.hashes.count {
      let (a, b) = (hashes[i], other.hashes[j])
      if a == b { common += 1 }
      if a <= b { i += 1 }
      if b <= a { j += 1 }
    }
    let union = hashes.count + other.hashes.count - common
    return union == 0 ? 0 : Double(common) / Double(union)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    // The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, doi:10.1145/2660193.2660195).
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Collects the hashes of words, byte by byte (FNV-1a).
  private struct WordHashes {
    private static let offset: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The words that were ended.
    var words: [UInt64] = []
    private var hash = WordHashes.offset
    private var isInWord = false

    /// Adds a byte to the current word.
    mutating func add(_ byte: UInt8) {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      isInWord = true
    }

    /// Ends the current word, if there is one.
    mutating func endWord() {
      guard isInWord else { return }
      words.append(Shingles.mix(hash))
      hash = Self.offset
      isInWord = false
    }

    /// Adds a text's words.
    mutating func add(_ text: String) {
      let bytes = NormalizedText.lowercased(text)
      if bytes.allSatisfy({ $0 < 0x80 }) {
        for byte in bytes {
          if Shingles.isOfWord(Unicode.Scalar(byte)) { add(byte) } else { endWord() }
        }
      } else {
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars { add(scalar) }
      }
      endWord()
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
      guard Shingles.isOfWord(scalar) else { return endWord() }
      let isAlone =
        scalar.value >= 0x2E80
        && (scalar.properties.isIdeographic || (0x3040...0x30FF) ~= scalar.value)
      if isAlone { endWord() }
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { add(byte) }
      if isAlone { endWord() }
    }
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 {
      return (0x61...0x7A) ~= scalar.value || (0x30...0x39) ~= scalar.value
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber: return true
    default: return properties.isAlphabetic
    }
  }
}
