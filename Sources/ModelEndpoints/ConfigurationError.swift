/// What is wrong with a configuration of endpoints and models.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, when the configuration comes from one.
  package var file: String?
  /// The place in the JSON, such as `endpoints[0].url`; empty for the whole.
  package let path: String
  /// What is there.
  package let got: String
  /// What should be there.
  package let expected: String

  /// A finding.
  package init(file: String? = nil, path: String, got: String, expected: String) {
    self.file = file
    self.path = path
    self.got = got
    self.expected = expected
  }

  /// `models.json, endpoints[0].url: got …; expected …`.
  package var description: String {
    let place = [file, path.isEmpty ? nil : path].compactMap(\.self).joined(separator: ", ")
    return (place.isEmpty ? "" : place + ": ") + "got \(got); expected \(expected)"
  }
}
