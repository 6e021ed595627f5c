package import Records

/// What a fuser reads: a task, and answers to it, the best one first.
package struct FusionInput: Sendable, Equatable {
  /// What is to be done.
  package var instruction: String
  /// What it is to be done with.
  package var input: String
  /// The answers, the best one first.
  package var candidates: [String]

  /// An input.
  ///
  /// - Parameters:
  ///   - instruction: what is to be done.
  ///   - input: what it is to be done with.
  ///   - candidates: the answers, the best one first.
  package init(instruction: String, input: String, candidates: [String]) {
    self.instruction = instruction
    self.input = input
    self.candidates = candidates
  }

  /// The input of a record.
  ///
  /// - Parameters:
  ///   - example: the record.
  ///   - parents: the places of the candidates to fuse, the best one first.
  package init(_ example: Example, parents: [Int]) {
    self.init(
      instruction: example.instruction, input: example.input,
      candidates: parents.map { example.candidates[$0].text })
  }
}
