/// The head of the ranker that is shipped with the program.
package enum BundledRanker {
  /// Its JSON text, as bytes.
  package static var json: [UInt8] { PackageResources.default_json }
}
