/// Why a mix could not be made.
package enum MixingError: Error, Equatable, CustomStringConvertible {
  /// The supply gave another number of records than asked for.
  case missingRecords(asked: Int, got: Int)
  /// A recipe has more sources, or more filters, than can be told apart.
  case tooMany(what: String, count: Int, limit: Int)

  /// One line: what failed, the value got, what was expected.
  package var description: String {
    switch self {
    case .missingRecords(let asked, let got):
      "the records changed while the mix was made: \(got) of \(asked) could be read again"
    case .tooMany(let what, let count, let limit):
      "the recipe has \(count) \(what), expected at most \(limit)"
    }
  }
}
