internal import RecordFiles
internal import Records
internal import Tokenizers

/// Measures records one by one: everything about a record that needs its text and no other record.
struct Measurer: Sendable {
  /// A filter that looks at one record, with its place in the order of the record's source.
  private struct Check: Sendable {
    let place: Int
    let filter: Filter
    let matcher: PhraseMatcher?
  }

  /// What measuring one record gives.
  struct Result {
    /// The measurement.
    var measurement: Measurement
    /// The licence as the record has it.
    var license: String
    /// One key for each band, or none.
    var keys: [UInt32]
  }

  /// The signatures that near duplicates are found by.
  let minHash: MinHash?

  private let counter: any TokenCounter
  private let checks: [[Check]]
  private let sourceFilterCounts: [Int]
  private let shingleWords: Int
  private let needsLengths: Bool
  private let comparesRecords: Bool
  private let comparesTexts: Bool
  private let bonds: [Recipe.Bond]

  /// A measurer for a recipe.
  ///
  /// - Parameters:
  ///   - recipe: the recipe.
  ///   - counter: what counts lengths.
  ///   - minHash: the signatures, when the recipe asks for near duplicates.
  init(recipe: Recipe, counter: any TokenCounter, minHash: MinHash?) {
    self.counter = counter
    self.minHash = minHash
    checks = recipe.sources.map { source in
      (source.filters + recipe.filters).enumerated().compactMap { place, filter in
        switch filter {
        case .exactDuplicates, .nearDuplicates: nil
        case .bannedSubstrings(let phrases):
          Check(
            place: place, filter: filter, matcher: PhraseMatcher(phrases, foldsText: false))
        case .refusals(let phrases, _):
          Check(place: place, filter: filter, matcher: PhraseMatcher(phrases, foldsText: true))
        case .length, .licenses, .unknownRoles: Check(place: place, filter: filter, matcher: nil)
        }
      }
    }
    sourceFilterCounts = recipe.sources.map(\.filters.count)
    let all = recipe.filters + recipe.sources.flatMap(\.filters)
    needsLengths = all.contains { if case .length = $0 { true } else { false } }
    comparesRecords = all.contains(.exactDuplicates(.record))
    comparesTexts = all.contains(.exactDuplicates(.text))
    bonds = recipe.keepTogether
    shingleWords = recipe.nearDuplicates?.shingleWords ?? 1
  }

  /// Measures a batch of records.
  ///
  /// - Parameters:
  ///   - batch: records with their references.
  ///   - source: the place of their source in the recipe.
  ///   - threads: how many threads share the work.
  /// - Returns: one result for each record, in the batch's order.
  /// - Throws: what the tokenizer throws.
  func measure(
    _ batch: [(reference: Int64, record: SourceRecord)], source: Int, threads: Int
  ) throws -> [Result] {
    try Parallel.map(batch, threads: threads) {
      try measure($0.record, reference: $0.reference, source: source)
    }
  }

  private func measure(_ record: SourceRecord, reference: Int64, source: Int) throws -> Result {
    var measurement = Measurement(reference: reference, source: UInt8(source))
    for check in checks[source] where check.place < sourceFilterCounts[source] {
      if try isBroken(check, by: record, &measurement) { break }
    }
    let license = record.license ?? "unknown"
    var keys: [UInt32] = []
    // What a source's own filters drop takes part in nothing that follows.
    guard measurement.brokenFilter == nil else {
      minHash?.appendKeys(of: Shingles.none, to: &keys)
      return Result(measurement: measurement, license: license, keys: keys)
    }
    if needsLengths { try measureLengths(record, &measurement) }
    for check in checks[source] where check.place >= sourceFilterCounts[source] {
      if try isBroken(check, by: record, &measurement) { break }
    }
    addHashes(of: record, to: &measurement)
    if let minHash {
      minHash.appendKeys(of: Shingles(record, words: shingleWords), to: &keys)
    }
    return Result(measurement: measurement, license: license, keys: keys)
  }

  private func measureLengths(_ record: SourceRecord, _ measurement: inout Measurement) throws {
    guard measurement.outputLength == nil else { return }
    measurement.outputLength = Int32(clamping: try counter.count(record.output))
    measurement.inputLength = Int32(
      clamping: try counter.count(record.instruction + record.input))
  }

  private func isBroken(
    _ check: Check, by record: SourceRecord, _ measurement: inout Measurement
  ) throws -> Bool {
    var isBroken = false
    switch check.filter {
    case .length(let field, let bounds):
      try measureLengths(record, &measurement)
      let length = field == .output ? measurement.outputLength : measurement.inputLength
      isBroken = !bounds.contains(Int(length ?? 0))
    case .bannedSubstrings:
      let phrase = check.matcher?.firstSubstring(in: record.output)
      measurement.phrase = phrase.map { Int16(clamping: $0) }
      isBroken = phrase != nil
    case .refusals(_, let count):
      let phrase = check.matcher?.firstPhrase(in: record.output, withinCharacters: count)
      measurement.phrase = phrase.map { Int16(clamping: $0) }
      isBroken = phrase != nil
    case .licenses(let allow, let deny):
      let license = NormalizedText.folded(record.license ?? "unknown")
      let names = { (list: [String]) in list.contains { NormalizedText.folded($0) == license } }
      isBroken = names(deny) || !(allow.map(names) ?? true)
    case .unknownRoles: isBroken = !record.isKnownToReference
    case .exactDuplicates, .nearDuplicates: break
    }
    if isBroken { measurement.brokenFilter = Int16(check.place) }
    return isBroken
  }

  private func addHashes(of record: SourceRecord, to measurement: inout Measurement) {
    var hasher = ContentHasher()
    if comparesRecords {
      hasher.combine(record.id)
      hasher.combine(record.instruction)
      hasher.combine(record.input)
      hasher.combine(record.output)
      measurement.recordHash = hasher.finish()
    }
    if comparesTexts {
      hasher.combine(NormalizedText.folded(record.instruction))
      hasher.combine(NormalizedText.folded(record.input))
      hasher.combine(NormalizedText.folded(record.output))
      measurement.textHash = hasher.finish()
    }
    if bonds.contains(.prompt) {
      let prompt = NormalizedText.folded(record.instruction + " " + record.input)
      if !prompt.isEmpty { measurement.promptHash = ContentHash(prompt).low | 1 }
    }
    if bonds.contains(.group), let group = record.group {
      hasher.combine(record.source.rawValue)
      hasher.combine(group)
      measurement.groupHash = hasher.finish().low | 1
    }
  }
}

extension Recipe {
  /// The settings of the rule `near-duplicates`, when the recipe has it.
  var nearDuplicates: Filter.NearDuplicates? {
    for case .nearDuplicates(let settings) in filters { return settings }
    return nil
  }
}

extension Shingles {
  /// The empty set.
  static let none = Shingles(hashes: [])
}
