internal import RandomNumbers
package import Records

/// Finds clusters of similar records outside of a mix, for checks of a finished dataset.
///
/// Memory grows with the number of records, not with their texts.
package struct NearDuplicateSearch {
  private let settings: Filter.NearDuplicates
  private let minHash: MinHash
  private var candidates: [NearDuplicateFinder.Candidate] = []
  private var keys: [UInt32] = []

  /// A search without records.
  ///
  /// - Parameter threshold: the least similarity (Jaccard, 0...1) of two records of one cluster.
  package init(threshold: Double) {
    settings = Filter.NearDuplicates(threshold: threshold)
    var random = PythonRandom(seed: 42)
    minHash = MinHash(bands: settings.bands, rows: settings.rows, random: &random)
  }

  /// Adds a record.
  ///
  /// - Parameters:
  ///   - record: the record.
  ///   - reference: what the supply knows it by, in ascending order.
  package mutating func add(_ record: SourceRecord, reference: Int64) {
    minHash.appendKeys(of: Shingles(record, words: settings.shingleWords), to: &keys)
    candidates.append(.init(reference: reference, keys: candidates.count))
  }

  /// The clusters of two records or more, in the order of their first records.
  ///
  /// - Parameter supply: gives the records again, to compare them.
  /// - Returns: the references of each cluster, in the order they were added.
  /// - Throws: what reading throws.
  package func clusters(supply: some RecordSupply) throws -> [[Int64]] {
    let finder = NearDuplicateFinder(settings: settings, threads: 2)
    var sets = try finder.clusters(of: candidates, keys: keys, supply: supply).together
    var members: [Int: [Int64]] = [:]
    var order: [Int] = []
    for place in candidates.indices {
      let root = sets.root(of: place)
      if members[root] == nil { order.append(root) }
      members[root, default: []].append(candidates[place].reference)
    }
    return order.compactMap { members[$0] }.filter { $0.count > 1 }
  }
}
