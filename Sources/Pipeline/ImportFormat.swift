internal import JSON
internal import RecordFiles
package import VerdictImport

/// What a file to be imported holds.
package enum ImportFormat: Sendable, Equatable {
  /// MixInstruct records.
  case mixInstruct
  /// Verdicts in a field of records whose examples are there already.
  case comparisons
  /// Outputs of AlpacaEval.
  case outputs
  /// Verdicts of other tools.
  case verdicts(VerdictFormat)

  /// All names on the command line.
  package static let names =
    ["mixinstruct", "comparisons", "alpacaeval-outputs"] + VerdictFormat.allCases.map(\.rawValue)

  /// A format by its name.
  ///
  /// - Parameter name: one of ``names``; `nil` comes of any other one.
  package init?(name: String) {
    switch name {
    case "mixinstruct": self = .mixInstruct
    case "comparisons": self = .comparisons
    case "alpacaeval-outputs": self = .outputs
    default:
      guard let format = VerdictFormat(rawValue: name) else { return nil }
      self = .verdicts(format)
    }
  }

  /// The format of a file, told from its first record; MixInstruct when nothing else is told, and for
  /// standard input and pipes, which can be read only once.
  ///
  /// - Parameter path: the file.
  /// - Returns: the format; `comparisons` is never told.
  /// - Throws: `RecordFileError` when the file cannot be read.
  package static func detect(_ path: String) throws -> ImportFormat {
    guard path != "-", FileFingerprint.isRegularFile(path) else { return .mixInstruct }
    struct Found: Error {}
    var format = ImportFormat.mixInstruct
    let reader = try RecordFileReader(path: path)
    do {
      _ = try reader.forEachPythonRecord { element, _ in
        format = detect(element)
        throw Found()
      } broken: { _ in
      }
    } catch is Found {
    }
    return format
  }

  private static func detect(_ element: JSONElement) -> ImportFormat {
    if element["candidates"] != nil || element["cmp_results"] != nil { return .mixInstruct }
    if let format = VerdictFormat.detect(element) { return .verdicts(format) }
    if element["generator"] != nil, element["output"] != nil { return .outputs }
    return .mixInstruct
  }
}
