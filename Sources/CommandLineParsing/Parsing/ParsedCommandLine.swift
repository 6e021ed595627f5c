/// What a command line asks for.
package enum ParsedCommandLine: Sendable {
  /// Run the command at this path of verbs with these arguments.
  case run(path: [String], arguments: ParsedArguments)
  /// Show help about the command at this path; the empty path is the program itself.
  case help(path: [String])
  /// Show the version.
  case version
}
