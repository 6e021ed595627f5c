internal import Fusion
internal import JSON
internal import Records

extension Candidate {
  /// Whether it was made of other candidates: `fuse` keeps how in the field `fusion`; records of other
  /// tools may name a `fuser`.
  var isFusion: Bool {
    Parents.isFusion(self) || additionalFields["fuser"]?.string != nil
  }
}
