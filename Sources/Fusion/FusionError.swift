/// Why nothing can be fused.
package enum FusionError: Error, Equatable, CustomStringConvertible {
  /// There is no answer to fuse.
  case noCandidates
  /// The ranks of a record do not fit its candidates.
  case ranks(got: String, candidates: Int)
  /// The model wrote no sequence.
  case noSequence
  /// The prompt cannot be read, or nothing can be written after it.
  case unreadable(String)

  /// One line for people.
  package var description: String {
    switch self {
    case .noCandidates: "no candidate: expected at least one to fuse"
    case .ranks(let got, let candidates):
      "ranks is \(got): expected \(candidates) whole numbers from 1, one for each candidate"
    case .noSequence: "the fuser wrote no sequence"
    case .unreadable(let reason): reason
    }
  }
}
