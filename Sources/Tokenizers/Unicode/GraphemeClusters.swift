/// Cuts a text into what people see as characters.
///
/// Source: Unicode Standard Annex 29, extended grapheme clusters, with the tables of
/// unicode-segmentation 1.12.0 (Unicode 16).
struct GraphemeClusters {
  private enum Class: UInt8 {
    case any, carriageReturn, lineFeed, control, extend, joiner, prepend, spacingMark
    case regionalIndicator, pictographic, consonant, lead, vowel, tail, syllable, closedSyllable
  }

  /// How a conjunct of an Indic script may go on.
  private static let conjunctExtend: UInt8 = 1 << 6
  private static let conjunctLinker: UInt8 = 1 << 7

  /// A class and the conjunct bits for every scalar.
  private static let table = TwoStageTable(common: UInt8(0)) { flat in
    let sections: [(String, Class)] = [
      ("cr", .carriageReturn), ("lf", .lineFeed), ("control", .control), ("extend", .extend),
      ("zwj", .joiner), ("prepend", .prepend), ("spacingmark", .spacingMark),
      ("regional-indicator", .regionalIndicator), ("extended-pictographic", .pictographic),
      ("incb-consonant", .consonant), ("l", .lead), ("v", .vowel), ("t", .tail),
    ]
    for (section, value) in sections {
      UnicodeTables.forEachRange(of: "grapheme-" + section) { range in
        for scalar in range { flat[scalar] = value.rawValue }
      }
    }
    for scalar in 0xAC00...0xD7A3 {
      let isOpen = (scalar - 0xAC00) % 28 == 0
      flat[scalar] = (isOpen ? Class.syllable : .closedSyllable).rawValue
    }
    UnicodeTables.forEachRange(of: "conjunct-extend") { range in
      for scalar in range { flat[scalar] |= conjunctExtend }
    }
    UnicodeTables.forEachRange(of: "conjunct-linker") { range in
      for scalar in range { flat[scalar] |= conjunctLinker }
    }
  }

  private let text: ByteView
  private var position = 0
  private var before = Class.any
  private var hasOddIndicators = false
  /// 1 after a pictograph and extenders, 2 after a joiner that follows them.
  private var pictographState = 0
  /// 1 after a consonant, 2 when a linker followed.
  private var conjunctState = 0

  /// A cutter at the start of a text.
  init(_ text: ByteView) { self.text = text }

  /// The range of the next cluster, or `nil` at the end.
  mutating func next() -> Range<Int>? {
    guard position < text.count else { return nil }
    let start = position
    position += advance(isFirst: true) ?? 0
    while position < text.count, let length = advance(isFirst: false) { position += length }
    return start..<position
  }

  /// Takes in the scalar at the position, when it belongs to the cluster.
  private mutating func advance(isFirst: Bool) -> Int? {
    let (scalar, length) = text.scalar(at: position)
    let entry = Self.table[scalar]
    let current = Class(rawValue: entry & 0x3F) ?? .any
    guard isFirst || !isBoundary(before: current) else { return nil }
    hasOddIndicators = current == .regionalIndicator && !hasOddIndicators
    switch current {
    case .pictographic: pictographState = 1
    case .extend: pictographState = pictographState == 1 ? 1 : 0
    case .joiner: pictographState = pictographState == 1 ? 2 : 0
    default: pictographState = 0
    }
    if entry & Self.conjunctLinker != 0 {
      conjunctState = conjunctState > 0 ? 2 : 0
    } else if current == .consonant {
      conjunctState = 1
    } else if entry & Self.conjunctExtend == 0 {
      conjunctState = 0
    }
    before = current
    return length
  }

  private func isBoundary(before current: Class) -> Bool {
    switch (before, current) {
    case (.carriageReturn, .lineFeed): false
    case (.control, _), (.carriageReturn, _), (.lineFeed, _): true
    case (_, .control), (_, .carriageReturn), (_, .lineFeed): true
    case (.lead, .lead), (.lead, .vowel), (.lead, .syllable), (.lead, .closedSyllable): false
    case (.syllable, .vowel), (.syllable, .tail), (.vowel, .vowel), (.vowel, .tail): false
    case (.closedSyllable, .tail), (.tail, .tail): false
    case (_, .extend), (_, .joiner), (_, .spacingMark), (.prepend, _): false
    case (_, .consonant): conjunctState != 2
    case (.joiner, .pictographic): pictographState != 2
    case (.regionalIndicator, .regionalIndicator): !hasOddIndicators
    default: true
    }
  }
}
