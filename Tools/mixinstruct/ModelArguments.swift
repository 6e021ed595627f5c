import CommandLineParsing
import ModelHub

extension ParsedArguments {
  /// The folder of an option that takes a model: a folder, or the name of a pulled model.
  ///
  /// - Parameter name: the option's name.
  /// - Returns: the folder; nil when the option is not given.
  /// - Throws: `HubError`, which says how to pull the model.
  func modelFolder(_ name: String) throws -> String? {
    try string(name).map { try ModelFolder.resolve($0) }
  }

  /// The folder of an option or argument that must name a model.
  ///
  /// - Parameter name: the option's name.
  /// - Returns: the folder.
  /// - Throws: `UsageError` when it is not given, `HubError`.
  func requiredModelFolder(_ name: String) throws -> String {
    try ModelFolder.resolve(try requiredString(name))
  }
}
