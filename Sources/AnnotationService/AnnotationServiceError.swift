/// Why the annotation service cannot be set up.
package enum AnnotationServiceError: Error, Equatable, CustomStringConvertible {
  /// The public address is none that browsers could use.
  case badPublicURL(String)

  /// One line for people.
  package var description: String {
    switch self {
    case .badPublicURL(let text):
      "\"\(text)\" cannot be the public address: expected one like https://example.org/annotate, "
        + "without a query"
    }
  }
}
