internal import RandomNumbers
internal import RecordFiles
internal import Records

/// A mix in the making: the measurements of all records and what was decided so far.
struct MixState {
  /// Why a record was dropped.
  private struct Drop {
    /// The rule.
    var rule: String
    /// What was measured.
    var value: Double?
    /// What it was compared with.
    var threshold: Double?
    /// The phrase or licence found.
    var detail: String?
    /// The record kept instead, by row.
    var keptInstead: Int32?
  }

  /// Where a row went, in few bytes: the rest is derived from the row and the recipe.
  private enum Fate {
    /// Not known yet.
    case undecided
    /// Into a split.
    case selected(Split)
    /// Dropped by the filter that the row breaks first.
    case broken
    /// Dropped for an equal row.
    case duplicate(of: Int32)
    /// Dropped for a similar row.
    case similar(Double, to: Int32)
    /// Dropped since it stood at this place of its shuffled source, counted from 1.
    case overQuota(place: Int32)
    /// Dropped since the splits were full.
    case withoutRoom
  }

  /// The measurements, source by source, in the supply's order.
  private(set) var rows: [Measurement] = []
  /// The rows that are still in, in order.
  private(set) var current: [Int32] = []

  private let recipe: Recipe
  private var fates: [Fate] = []
  /// How many records each source was cut to.
  private var sourceSizes: [Int]
  private var similarities: [Int32: Float64] = [:]
  private var keys: [UInt32] = []
  private var licenses: [String] = []
  private var licensePlaces: [[UInt8]: Int16] = [:]
  private var selected: [Split: [Int32]] = [:]
  private var togetherEdges: [(Int32, Int32)] = []

  /// An empty state.
  ///
  /// - Parameter recipe: the recipe.
  init(recipe: Recipe) {
    self.recipe = recipe
    sourceSizes = Array(repeating: .max, count: recipe.sources.count)
  }

  /// A generator with the recipe's seed.
  func random() throws -> PythonRandom {
    guard let random = PythonRandom(decimalSeed: recipe.seed) else {
      throw RecipeError(
        recipe: recipe.name, path: "$.seed", problem: "\(recipe.seed), expected a whole number")
    }
    return random
  }

  /// The signatures for near duplicates, when the recipe asks for them.
  func minHash() throws -> MinHash? {
    guard let settings = recipe.nearDuplicates else { return nil }
    var random = try random()
    return MinHash(bands: settings.bands, rows: settings.rows, random: &random)
  }

  /// Adds measured records.
  mutating func add(_ results: [Measurer.Result]) {
    for result in results {
      var row = result.measurement
      let key = Array(result.license.utf8)
      if let place = licensePlaces[key] {
        row.license = place
      } else {
        row.license = Int16(clamping: licenses.count)
        licensePlaces[key] = row.license
        if licenses.count <= Int(Int16.max) { licenses.append(result.license) }
      }
      rows.append(row)
      fates.append(.undecided)
      keys += result.keys
    }
  }

  // MARK: - Sources

  private func rows(of source: Int) -> Range<Int> {
    let start = rows.firstIndex { Int($0.source) == source } ?? rows.count
    let end = rows[start...].firstIndex { Int($0.source) != source } ?? rows.count
    return start..<end
  }

  /// Applies the sources' own filters, cuts them when the recipe says so, and joins them.
  mutating func startWithSources() throws {
    for (source, rule) in recipe.sources.enumerated() {
      var list: [Int32] = []
      for index in rows(of: source) {
        if let place = rows[index].brokenFilter, place < rule.filters.count {
          fates[index] = .broken
        } else {
          list.append(Int32(index))
        }
      }
      if recipe.quotaStage == .beforeFilters {
        var random = try random()
        random.shuffle(&list)
        if case .quota(let quota) = rule.share { cut(&list, of: source, to: quota) }
      }
      current += list
    }
  }

  private mutating func cut(_ list: inout [Int32], of source: Int, to size: Int) {
    sourceSizes[source] = size
    guard list.count > size else { return }
    for (offset, index) in list.enumerated().dropFirst(size) {
      fates[Int(index)] = .overQuota(place: Int32(offset + 1))
    }
    list.removeSubrange(size...)
  }

  /// Cuts each source to its quota, or to its part of the splits by weight.
  mutating func cutToShares() throws {
    var lists = [[Int32]](repeating: [], count: recipe.sources.count)
    for index in current { lists[Int(rows[Int(index)].source)].append(index) }
    let sizes = Shares.sizes(of: recipe, available: lists.map(\.count))
    for source in lists.indices {
      var random = try random()
      random.shuffle(&lists[source])
      cut(&lists[source], of: source, to: sizes[source])
    }
    current = lists.flatMap { $0 }
  }

  // MARK: - Filters

  /// Drops the records that break a filter which looks at one record at a time.
  ///
  /// - Parameter place: the filter's place in the recipe's filters.
  mutating func dropBroken(place: Int) {
    current = current.filter { index in
      let row = rows[Int(index)]
      let first = recipe.sources[Int(row.source)].filters.count
      guard row.brokenFilter.map({ Int($0) }) == first + place else { return true }
      fates[Int(index)] = .broken
      return false
    }
  }

  /// Drops all but one of equal records.
  mutating func dropExactDuplicates(_ comparison: Filter.Comparison) {
    let hash = comparison == .record ? \Measurement.recordHash : \Measurement.textHash
    var places: [ContentHash: Int] = [:]
    places.reserveCapacity(current.count)
    var kept: [Int32] = []
    var duplicates: [(row: Int32, place: Int)] = []
    for index in current {
      if let place = places[rows[Int(index)][keyPath: hash]] {
        // Python's dictionaries keep a key's first place and its last value.
        let loser = comparison == .record ? kept[place] : index
        if comparison == .record { kept[place] = index }
        duplicates.append((loser, place))
      } else {
        places[rows[Int(index)][keyPath: hash]] = kept.count
        kept.append(index)
      }
    }
    for (row, place) in duplicates {
      fates[Int(row)] = .duplicate(of: kept[place])
    }
    current = kept
  }

  /// Drops records that are similar to an earlier one.
  mutating func dropNearDuplicates(
    with finder: NearDuplicateFinder, from supply: some RecordSupply
  ) throws {
    let candidates = current.map {
      NearDuplicateFinder.Candidate(reference: rows[Int($0)].reference, keys: Int($0))
    }
    var clusters = try finder.clusters(of: candidates, keys: keys, supply: supply)
    keys = []
    var kept: [Int32] = []
    for (place, index) in current.enumerated() {
      if let similarity = clusters.similarities[place] { similarities[index] = similarity }
      let root = clusters.together.root(of: place)
      if root != place { togetherEdges.append((index, current[root])) }
      if let representative = clusters.representatives[place] {
        fates[Int(index)] = .similar(
          clusters.similarities[place] ?? 1, to: current[representative])
      } else {
        kept.append(index)
      }
    }
    current = kept
  }

  // MARK: - Splits

  /// Shuffles what is left and fills the splits: development first, then test, then training.
  ///
  /// Records that belong together are one unit of the shuffle. A unit that finds no room as a whole
  /// goes to the training split as far as there is room.
  mutating func split() throws {
    var units = units()
    var random = try random()
    random.shuffle(&units)
    for unit in units {
      let order: [Split] = [.dev, .test, .train]
      let whole = order.first { room(in: $0) >= unit.count }
      let taken = whole == nil ? min(room(in: .train), unit.count) : unit.count
      for index in unit.prefix(taken) {
        selected[whole ?? .train, default: []].append(index)
        fates[Int(index)] = .selected(whole ?? .train)
      }
      for index in unit.dropFirst(taken) {
        fates[Int(index)] = .withoutRoom
      }
    }
  }

  private func room(in split: Split) -> Int {
    recipe.size(of: split) - (selected[split]?.count ?? 0)
  }

  /// The records that are left, in groups that must not be separated.
  private func units() -> [[Int32]] {
    guard !recipe.keepTogether.isEmpty else { return current.map { [$0] } }
    var sets = DisjointSets(count: rows.count)
    for bond in recipe.keepTogether {
      switch bond {
      case .group: join(\.groupHash, in: &sets)
      case .prompt: join(\.promptHash, in: &sets)
      case .nearDuplicates: for (a, b) in togetherEdges { sets.merge(Int(a), Int(b)) }
      }
    }
    var places: [Int: Int] = [:]
    var units: [[Int32]] = []
    for index in current {
      let root = sets.root(of: Int(index))
      if let place = places[root] {
        units[place].append(index)
      } else {
        places[root] = units.count
        units.append([index])
      }
    }
    return units
  }

  private func join(_ hash: KeyPath<Measurement, UInt64>, in sets: inout DisjointSets) {
    var first: [UInt64: Int] = [:]
    // Dropped duplicates count as well: they may be what two kept records have in common.
    for index in rows.indices {
      let value = rows[index][keyPath: hash]
      guard value != 0 else { continue }
      if let other = first[value] { sets.merge(other, index) } else { first[value] = index }
    }
  }

  // MARK: - Reports

  private func drop(of index: Int) -> Drop? {
    let row = rows[index]
    let source = recipe.sources[Int(row.source)]
    switch fates[index] {
    case .undecided, .selected: return nil
    case .broken:
      let place = Int(row.brokenFilter ?? 0)
      let own = source.filters.count
      return drop(of: row, by: place < own ? source.filters[place] : recipe.filters[place - own])
    case .duplicate(let other):
      return Drop(rule: Filter.exactDuplicates(.record).rule, keptInstead: other)
    case .similar(let similarity, let other):
      return Drop(
        rule: "near-duplicates", value: similarity, threshold: recipe.nearDuplicates?.threshold,
        keptInstead: other)
    case .overQuota(let place):
      return Drop(
        rule: Decision.MixRule.quota, value: Double(place),
        threshold: Double(sourceSizes[Int(row.source)]))
    case .withoutRoom:
      let sizes = recipe.trainSize + recipe.devSize + recipe.testSize
      return Drop(rule: Decision.MixRule.splitSizes, threshold: Double(sizes))
    }
  }

  private func drop(of row: Measurement, by filter: Filter) -> Drop {
    var drop = Drop(rule: filter.rule)
    switch filter {
    case .length(let field, let bounds):
      let length = Int((field == .output ? row.outputLength : row.inputLength) ?? 0)
      drop.value = Double(length)
      drop.threshold = bounds.brokenBound(by: length).map { Double($0) }
    case .bannedSubstrings(let phrases), .refusals(let phrases, _):
      drop.detail = row.phrase.map { phrases[Int($0)] }
    case .licenses: drop.detail = licenses[Int(row.license)]
    case .unknownRoles, .exactDuplicates, .nearDuplicates: break
    }
    return drop
  }

  /// Passes on the decision on every record.
  func report(to sink: (Decision) throws -> Void) throws {
    for (index, row) in rows.enumerated() {
      let fate: Decision.Fate
      let drop = drop(of: index)
      switch (fates[index], drop) {
      case (.selected(let split), _): fate = .selected(split)
      case (_, let drop?): fate = .dropped(rule: drop.rule)
      case (_, nil): preconditionFailure("row \(index) of \(rows.count) was left undecided")
      }
      try sink(
        Decision(
          reference: row.reference, source: recipe.sources[Int(row.source)].source, fate: fate,
          value: drop?.value, threshold: drop?.threshold, detail: drop?.detail,
          keptInstead: drop?.keptInstead.map { rows[Int($0)].reference },
          outputLength: row.outputLength.map { Int($0) },
          inputLength: row.inputLength.map { Int($0) }, similarity: similarities[Int32(index)]))
    }
  }

  /// The selection with its counts.
  func outcome(stages: [MixOutcome.Stage]) -> MixOutcome {
    var counts = recipe.sources.map { MixOutcome.SourceCounts(source: $0.source) }
    var drops = [[String: Int]](repeating: [:], count: counts.count)
    var licenseCounts = [Int](repeating: 0, count: licenses.count)
    for (index, row) in rows.enumerated() {
      counts[Int(row.source)].read += 1
      if let drop = drop(of: index) {
        drops[Int(row.source)][drop.rule, default: 0] += 1
      } else {
        counts[Int(row.source)].kept += 1
        licenseCounts[Int(row.license)] += 1
      }
    }
    let rules = recipe.filters.map(\.rule) + [Decision.MixRule.splitSizes]
    for source in counts.indices {
      // In the order of application, each rule once.
      let own = recipe.sources[source].filters.map(\.rule)
      let quota = [Decision.MixRule.quota]
      let order =
        recipe.quotaStage == .beforeFilters
        ? own + quota + rules : own + rules.dropLast() + quota + rules.suffix(1)
      for rule in order {
        guard let count = drops[source].removeValue(forKey: rule) else { continue }
        counts[source].drops.append(.init(rule: rule, count: count))
      }
    }
    let used = licenses.indices.filter { licenseCounts[$0] > 0 }
      .sorted { (licenseCounts[$1], $0) < (licenseCounts[$0], $1) }
    func references(_ split: Split) -> [Int64] {
      (selected[split] ?? []).map { rows[Int($0)].reference }
    }
    return MixOutcome(
      train: references(.train), dev: references(.dev), test: references(.test), counts: counts,
      stages: stages,
      licenses: used.map { .init(license: licenses[$0], count: licenseCounts[$0]) })
  }
}
