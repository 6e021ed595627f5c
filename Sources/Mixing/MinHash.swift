internal import RandomNumbers

/// Signatures by which records with similar sets of shingles are found without comparing all.
///
/// Source: Broder, "On the resemblance and containment of documents", 1997,
/// doi:10.1109/SEQUEN.1997.666900; bands of rows as in Leskovec, Rajaraman, Ullman, "Mining of
/// Massive Datasets", section 3.4. Two sets of Jaccard index s share a band with the probability
/// 1 - (1 - s^rows)^bands.
struct MinHash: Sendable {
  /// The number of bands.
  let bands: Int
  private let rows: Int
  private let factors: [SIMD8<UInt32>]
  private let offsets: [SIMD8<UInt32>]

  /// A family of hash functions.
  ///
  /// - Parameters:
  ///   - bands: the number of bands.
  ///   - rows: the hash functions of a band.
  ///   - random: where the functions' parameters come from.
  init(bands: Int, rows: Int, random: inout PythonRandom) {
    self.bands = bands
    self.rows = rows
    var factors: [SIMD8<UInt32>] = []
    var offsets: [SIMD8<UInt32>] = []
    for _ in 0..<((bands * rows + 7) / 8) {
      var factor = SIMD8<UInt32>()
      var offset = SIMD8<UInt32>()
      for lane in 0..<8 {
        // Odd factors make x -> factor * x + offset a permutation of the 32-bit words.
        factor[lane] = UInt32(random.randomBits(32)) | 1
        offset[lane] = UInt32(random.randomBits(32))
      }
      factors.append(factor)
      offsets.append(offset)
    }
    self.factors = factors
    self.offsets = offsets
  }

  /// Appends one key for each band of a set.
  ///
  /// Keys are 32-bit hashes: that two different bands meet costs a comparison, never a wrong answer.
  ///
  /// - Parameters:
  ///   - shingles: the set.
  ///   - keys: receives the keys.
  func appendKeys(of shingles: Shingles, to keys: inout [UInt32]) {
    var minima = [SIMD8<UInt32>](repeating: .init(repeating: .max), count: factors.count)
    for shingle in shingles.hashes {
      let word = SIMD8<UInt32>(repeating: UInt32(truncatingIfNeeded: shingle ^ (shingle >> 32)))
      for index in minima.indices {
        let hashed = word &* factors[index] &+ offsets[index]
        minima[index].replace(with: hashed, where: hashed .< minima[index])
      }
    }
    for band in 0..<bands {
      var key: UInt64 = 0x9E37_79B9_7F4A_7C15
      for row in (band * rows)..<((band + 1) * rows) {
        key = (key ^ UInt64(minima[row / 8][row % 8])) &* 0xD6E8_FEB8_6659_FD93
        key ^= key >> 32
      }
      keys.append(UInt32(truncatingIfNeeded: key))
    }
  }
}
