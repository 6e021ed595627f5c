extension JudgePrompt {
  /// The names of the prompts that come with the program.
  package static let builtinNames = ["four-choice", "structured-json"]

  /// The file of a prompt that comes with the program, to read, copy and change.
  ///
  /// - Parameter name: one of ``builtinNames``.
  /// - Returns: the file's text; `nil` for another name.
  package static func builtinFile(_ name: String) -> String? {
    switch name {
    case "four-choice": String(decoding: PackageResources.four_choice_txt, as: UTF8.self)
    case "structured-json": String(decoding: PackageResources.structured_json_txt, as: UTF8.self)
    default: nil
    }
  }

  /// A prompt that comes with the program.
  ///
  /// - Parameter name: one of ``builtinNames``.
  /// - Returns: the prompt; `nil` for another name.
  /// - Throws: ``JudgePromptError`` when the embedded file is wrong, which the tests rule out.
  package static func builtin(_ name: String) throws(JudgePromptError) -> JudgePrompt? {
    guard let text = builtinFile(name) else { return nil }
    return try JudgePromptReader.read(text, file: "\(name).txt")
  }
}
