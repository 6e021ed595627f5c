public import Checkpoints

extension Checkpoint {
  /// What stands before an architecture's own names in this checkpoint.
  ///
  /// - Parameters:
  ///   - name: a tensor that the architecture always has.
  ///   - candidates: the prefixes that files of the architecture have, such as none and `bert.`.
  /// - Returns: the first candidate with which the tensor is there; the first one when it is not, so
  ///   that messages have a name.
  public func prefix(of name: String, among candidates: [String]) -> String {
    candidates.first { self[$0 + name] != nil } ?? candidates.first ?? ""
  }
}
