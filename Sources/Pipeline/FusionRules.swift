/// Under which rules fusions that are not kept are recorded.
struct FusionRules {
  /// The fuser wrote nothing.
  let empty: String
  /// A ranker does not prefer the fusion to its best parent; `nil` when all are kept.
  let notBetter: String?

  init(_ identity: FuserIdentity, ranker: FusionRanker?) {
    let fuser = "\(identity.name) \(identity.signature.prefix(16))"
    empty = "empty: \(fuser)"
    notBetter = ranker.map { "not better: \(fuser) by \($0.identity.name)" }
  }

  /// Both.
  var all: [String] { [empty] + (notBetter.map { [$0] } ?? []) }
}
