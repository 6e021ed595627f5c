extension PromptTemplate {
  /// The names of the templates that come with the program.
  package static let builtInNames = builtInFiles.map(\.name)

  /// The text of a template file that comes with the program, to read, copy and change.
  ///
  /// - Parameter name: one of ``builtInNames``.
  /// - Returns: the file's text; `nil` for another name.
  package static func builtIn(_ name: String) -> String? {
    builtInFiles.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private static let builtInFiles: [(name: String, bytes: [UInt8])] = [
    ("alpaca", PackageResources.alpaca_txt),
    ("baize", PackageResources.baize_txt),
    ("chatglm", PackageResources.chatglm_txt),
    ("dolly-v2", PackageResources.dolly_v2_txt),
    ("flan-t5", PackageResources.flan_t5_txt),
    ("koala", PackageResources.koala_txt),
    ("moss", PackageResources.moss_txt),
    ("mpt", PackageResources.mpt_txt),
    ("oasst", PackageResources.oasst_txt),
    ("plain", PackageResources.plain_txt),
    ("stablelm", PackageResources.stablelm_txt),
    ("vicuna", PackageResources.vicuna_txt),
  ]
}
