internal import Records

/// Finds pairs of similar records and decides which of them are dropped.
///
/// Records that share a band of their signatures are candidates; the Jaccard index of each pair of
/// candidates is then computed from the texts. Pairs are merged from the most similar one on
/// (Kruskal's algorithm), so that each merge ends one cluster: the number of records that a
/// threshold drops is the number of merges at or above it, for every threshold above the floor.
struct NearDuplicateFinder {
  /// A record to compare.
  struct Candidate {
    /// The supply's name for the record.
    let reference: Int64
    /// The place of the record's keys among those of all records.
    let keys: Int
  }

  /// What was found.
  struct Clusters {
    /// By place: the similarity by which the record's cluster was merged into one with an earlier
    /// first record; `nil` when it never was.
    var similarities: [Double?]
    /// By place: the first record of the cluster that the record is dropped for; `nil`: kept.
    var representatives: [Int?]
    /// Clusters that a split must not separate.
    var together: DisjointSets
  }

  private struct Edge {
    let first: Int
    let second: Int
    let similarity: Double
  }

  /// A record is compared with this many earlier ones that share a band with it, at most: the
  /// nearest before it. It keeps the work linear when very many records share a band.
  private static let window = 32
  /// How many records' shingles are held at a time; more only for a larger group of candidates.
  private static let batchSize = 4096

  private let settings: Filter.NearDuplicates
  private let threads: Int

  /// A finder.
  ///
  /// - Parameters:
  ///   - settings: the recipe's settings.
  ///   - threads: how many threads make shingles.
  init(settings: Filter.NearDuplicates, threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  /// Finds clusters.
  ///
  /// - Parameters:
  ///   - candidates: the records, in order.
  ///   - keys: the keys of all records one after another, one for each band.
  ///   - supply: gives the candidates' texts.
  /// - Returns: the clusters.
  /// - Throws: what reading throws.
  func clusters(
    of candidates: [Candidate], keys: [UInt32], supply: some RecordSupply
  ) throws -> Clusters {
    var clusters = Clusters(
      similarities: Array(repeating: nil, count: candidates.count),
      representatives: Array(repeating: nil, count: candidates.count),
      together: DisjointSets(count: candidates.count))
    var dropping = DisjointSets(count: candidates.count)
    var absorbed: [Int] = []
    for batch in groups(of: candidates, keys: keys) {
      let shingles = try shingles(of: batch.flatMap { $0 }, candidates: candidates, supply: supply)
      for group in batch {
        for edge in edges(in: group, of: candidates, keys: keys, shingles: shingles) {
          guard let merge = clusters.together.merge(edge.first, edge.second) else { continue }
          clusters.similarities[merge.absorbed] = edge.similarity
          guard edge.similarity >= settings.threshold else { continue }
          dropping.merge(edge.first, edge.second)
          absorbed.append(merge.absorbed)
        }
      }
    }
    for place in absorbed { clusters.representatives[place] = dropping.root(of: place) }
    return clusters
  }

  /// Groups of records that are connected by shared bands, in batches for reading.
  private func groups(of candidates: [Candidate], keys: [UInt32]) -> [[[Int]]] {
    let count = candidates.count
    var sets = DisjointSets(count: count)
    for band in 0..<settings.bands {
      for run in runs(of: Array(0..<count), band: band, candidates: candidates, keys: keys) {
        for place in run.dropFirst() { sets.merge(run[0], place) }
      }
    }
    var groups: [Int: [Int]] = [:]
    var order: [Int] = []
    for place in 0..<count {
      let root = sets.root(of: place)
      if root != place {
        if groups[root] == nil { order.append(root) }
        groups[root, default: [root]].append(place)
      }
    }
    var batches: [[[Int]]] = []
    var size = Self.batchSize
    for group in order.compactMap({ groups[$0] }) {
      if size + group.count > Self.batchSize {
        batches.append([])
        size = 0
      }
      batches[batches.count - 1].append(group)
      size += group.count
    }
    return batches
  }

  /// Runs of at least two places whose keys of a band are equal, in ascending order.
  private func runs(
    of places: [Int], band: Int, candidates: [Candidate], keys: [UInt32]
  ) -> [[Int]] {
    // One number for key and place: sorting numbers is several times faster than sorting pairs.
    let sorted = places.map { place in
      UInt64(keys[candidates[place].keys * settings.bands + band]) << 32 | UInt64(place)
    }.sorted()
    var runs: [[Int]] = []
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count && sorted[end] >> 32 == sorted[start] >> 32 { end += 1 }
      if end - start > 1 { runs.append(sorted[start..<end].map { Int($0 & 0xFFFF_FFFF) }) }
      start = end
    }
    return runs
  }

  private func shingles(
    of places: [Int], candidates: [Candidate], supply: some RecordSupply
  ) throws -> [Int: Shingles] {
    let sorted = places.sorted { candidates[$0].reference < candidates[$1].reference }
    var result: [Int: Shingles] = [:]
    for start in stride(from: 0, to: sorted.count, by: 1024) {
      let part = Array(sorted[start..<min(start + 1024, sorted.count)])
      let records = try supply.records(at: part.map { candidates[$0].reference })
      guard records.count == part.count else {
        throw MixingError.missingRecords(asked: part.count, got: records.count)
      }
      let words = settings.shingleWords
      let sets = try Parallel.map(records, threads: threads) { Shingles($0, words: words) }
      for (place, set) in zip(part, sets) { result[place] = set }
    }
    return result
  }

  /// The pairs of a group that are similar enough, the most similar first.
  private func edges(
    in group: [Int], of candidates: [Candidate], keys: [UInt32], shingles: [Int: Shingles]
  ) -> [Edge] {
    var compared: Set<UInt64> = []
    var edges: [Edge] = []
    for band in 0..<settings.bands {
      for run in runs(of: group, band: band, candidates: candidates, keys: keys) {
        for index in run.indices {
          for earlier in max(0, index - Self.window)..<index {
            let (first, second) = (run[earlier], run[index])
            guard compared.insert(UInt64(first) << 32 | UInt64(second)).inserted else { continue }
            guard let a = shingles[first], let b = shingles[second] else { continue }
            let similarity = a.similarity(to: b)
            if similarity >= settings.floor {
              edges.append(Edge(first: first, second: second, similarity: similarity))
            }
          }
        }
      }
    }
    edges.sort {
      ($1.similarity, $0.first, $0.second) < ($0.similarity, $1.first, $1.second)
    }
    return edges
  }
}
