/// Decompositions, compositions and combining classes as unicode-normalization-alignments 0.1.12
/// has them (Unicode 12).
struct NormalizationTables: Sendable {
  /// The tables.
  static let shared = NormalizationTables()

  /// The canonical combining class of every scalar.
  let combiningClass: TwoStageTable<UInt8>
  private let canonicalPlaces: TwoStageTable<UInt16>
  private let compatiblePlaces: TwoStageTable<UInt16>
  /// Full decompositions: the length, then the scalars; place 0 stands for none.
  private let decompositions: [UInt32]
  private let compositions: [UInt64: UInt32]

  private init() {
    combiningClass = TwoStageTable(common: 0) { flat in
      for value in UnicodeTables.combiningClasses {
        UnicodeTables.forEachRange(of: "class-\(value)") { range in
          for scalar in range { flat[scalar] = value }
        }
      }
    }
    var decompositions: [UInt32] = [0]
    func places(_ section: String, _ flat: inout [UInt16]) {
      UnicodeTables.forEachMapping(of: section) { scalar, mapped in
        flat[Int(scalar[0])] = UInt16(decompositions.count)
        decompositions.append(UInt32(mapped.count))
        decompositions += mapped
      }
    }
    canonicalPlaces = TwoStageTable(common: 0) { places("canonical", &$0) }
    compatiblePlaces = TwoStageTable(common: 0) { flat in
      places("canonical", &flat)
      places("compatible", &flat)
    }
    self.decompositions = decompositions
    var compositions: [UInt64: UInt32] = [:]
    UnicodeTables.forEachMapping(of: "composition") { pair, composed in
      compositions[UInt64(pair[0]) << 32 | UInt64(pair[1])] = composed[0]
    }
    self.compositions = compositions
  }

  // Hangul syllables are composed and decomposed by arithmetic.
  // Source: The Unicode Standard, section 3.12.
  private static let syllables: UInt32 = 0xAC00
  private static let leads: UInt32 = 0x1100
  private static let vowels: UInt32 = 0x1161
  private static let tails: UInt32 = 0x11A7
  private static let leadCount: UInt32 = 19
  private static let vowelCount: UInt32 = 21
  private static let tailCount: UInt32 = 28
  private static let syllableCount = leadCount * vowelCount * tailCount

  /// Calls `body` with the scalars that a scalar stands for.
  @inline(__always) func decompose(
    _ scalar: UInt32, compatible: Bool, _ body: (UInt32) -> Void
  ) {
    if scalar &- Self.syllables < Self.syllableCount {
      let index = scalar - Self.syllables
      body(Self.leads + index / (Self.vowelCount * Self.tailCount))
      body(Self.vowels + index % (Self.vowelCount * Self.tailCount) / Self.tailCount)
      if index % Self.tailCount != 0 { body(Self.tails + index % Self.tailCount) }
      return
    }
    let place = Int(compatible ? compatiblePlaces[scalar] : canonicalPlaces[scalar])
    if place == 0 { return body(scalar) }
    for index in (place + 1)...(place + Int(decompositions[place])) {
      body(decompositions[index])
    }
  }

  /// The scalar that a pair composes to, or `nil`.
  func compose(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first &- Self.leads < Self.leadCount, second &- Self.vowels < Self.vowelCount {
      let index = (first - Self.leads) * Self.vowelCount + (second - Self.vowels)
      return Self.syllables + index * Self.tailCount
    }
    if first &- Self.syllables < Self.syllableCount,
      (first - Self.syllables) % Self.tailCount == 0,
      second > Self.tails, second < Self.tails + Self.tailCount
    {
      return first + (second - Self.tails)
    }
    return compositions[UInt64(first) << 32 | UInt64(second)]
  }
}
