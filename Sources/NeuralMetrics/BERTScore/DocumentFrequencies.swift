internal import Glibc
internal import RecordFiles

/// In how many references each token is: rare tokens count more.
///
/// Source: Zhang et al., "BERTScore", 2020, https://arxiv.org/abs/1904.09675, section 3; bert-score
/// 0.3.13, `utils.py`, `get_idf_dict`: a reference of several pairs counts as often as it is given.
struct DocumentFrequencies {
  /// The number of references.
  private(set) var documents = 0
  /// By token.
  private var counts: [Int] = []

  /// Takes a reference in.
  mutating func add(_ ids: [Int]) {
    documents += 1
    for id in Set(ids) {
      if id >= counts.count {
        counts.append(contentsOf: repeatElement(0, count: id + 1 - counts.count))
      }
      counts[id] += 1
    }
  }

  /// The weight of a token; one that no reference has weighs most.
  func weight(of id: Int) -> Double {
    let count = id < counts.count ? counts[id] : 0
    return log(Double(documents + 1) / Double(count + 1))
  }

  /// Names the references by their counts, for the signature.
  var hash: String {
    var hasher = ContentHasher()
    unsafe counts.withUnsafeBytes { unsafe hasher.combine($0) }
    return "\(hasher.finish())"
  }
}
