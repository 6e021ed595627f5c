/// One line of the rubric that answers are rated by.
package struct RatingCriterion: Sendable, Equatable {
  /// Its name.
  package let name: String
  /// What it asks.
  package let description: String

  /// A criterion.
  package init(name: String, description: String) {
    self.name = name
    self.description = description
  }
}
