internal import JSON
internal import Records

extension Candidate {
  /// Whether it was made of other candidates: such a candidate names its fuser or its parents.
  var isFusion: Bool {
    ["fuser", "fusion", "parents"].contains { name in
      additionalFields[name].map { $0 != .null } ?? false
    }
  }
}
