/// A model's answer from an outputs file of AlpacaEval.
package struct ImportedOutput: Sendable, Equatable {
  /// The whole instruction.
  package var instruction: String
  /// The model.
  package var model: String
  /// The answer.
  package var text: String
  /// The collection the instruction comes from, when the file says.
  package var dataset: String?

  /// An answer.
  package init(instruction: String, model: String, text: String, dataset: String? = nil) {
    self.instruction = instruction
    self.model = model
    self.text = text
    self.dataset = dataset
  }
}
