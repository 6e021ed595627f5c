/// The recipes that are shipped with the program, as the text of their files.
package enum BundledRecipe: String, CaseIterable, Sendable {
  /// Duplicates and refusals removed, splits free of leaks.
  case clean
  /// The published recipe of MixInstruct, reproduced with its quirks.
  case reference

  /// The recipe's JSON text, as bytes.
  package var json: [UInt8] {
    switch self {
    case .clean: PackageResources.clean_json
    case .reference: PackageResources.reference_json
    }
  }
}
