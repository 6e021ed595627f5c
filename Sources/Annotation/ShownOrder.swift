internal import JSON
package import Records

/// The order in which one person sees the answers of a task: drawn at random, and stored.
package struct ShownOrder: Sendable, Equatable {
  /// The task's place of the answer that is shown as A, as B…
  package let places: [Int]

  /// Draws an order; all are equally likely.
  ///
  /// - Parameters:
  ///   - count: the number of answers.
  ///   - generator: where chance comes from.
  package init(count: Int, using generator: inout some RandomNumberGenerator) {
    places = Array(0..<count).shuffled(using: &generator)
  }

  /// Reads an order as it is stored.
  ///
  /// - Parameter json: `[1,0]`; `nil` is returned for what is no order of places.
  package init?(json: String) {
    guard let elements = try? JSONValue(json: json).array else { return nil }
    let places = elements.compactMap(\.int)
    guard places.count == elements.count, places.sorted() == Array(0..<places.count) else {
      return nil
    }
    self.places = places
  }

  /// The order as it is stored.
  package var json: String { "[" + places.map(String.init).joined(separator: ",") + "]" }

  /// The labels in use: `A`, `B`…
  package var labels: [String] { places.indices.map(AnnotationTask.label) }

  /// The label of the answer at a place of the task.
  func label(ofPlace place: Int) -> String {
    AnnotationTask.label(places.firstIndex(of: place) ?? place)
  }

  /// The place of the answer that is shown under a label.
  func place(ofLabel label: String) -> Int? {
    places.indices.first { AnnotationTask.label($0) == label }.map { places[$0] }
  }

  /// A verdict on a pair as shown, in the task's own order; and the other way round.
  package func exchanging(_ verdict: Verdict) -> Verdict {
    places == [1, 0] ? verdict.exchanged : verdict
  }
}
