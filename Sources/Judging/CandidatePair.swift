/// Two candidates of one example in canonical order: as they stand in the record.
package struct CandidatePair: Sendable, Hashable {
  /// The example's identifier.
  package let exampleID: String
  /// The model of the candidate that stands first in the record.
  package let modelA: String
  /// The model of the candidate that stands second.
  package let modelB: String
  /// The first candidate's place in the record.
  package let indexA: Int
  /// The second candidate's place in the record.
  package let indexB: Int

  /// A pair.
  package init(exampleID: String, modelA: String, modelB: String, indexA: Int, indexB: Int) {
    self.exampleID = exampleID
    self.modelA = modelA
    self.modelB = modelB
    self.indexA = indexA
    self.indexB = indexB
  }
}
