import Foundation

/// A command that a shell runs in a folder, with both outputs in one.
///
/// It is stopped by `SIGKILL`: a process that a test starts inherits that the test's thread blocks
/// most other signals.
final class ShellCommand {
  private let process = Process()
  private let pipe = Pipe()
  private var rest: [UInt8] = []

  /// The folder of the test bundle, where the program is built as well.
  private static let built = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

  /// Whether the program was built.
  static var isPossible: Bool {
    FileManager.default.isExecutableFile(atPath: built.appending(path: "mixinstruct").path)
  }

  /// Starts a command; without a limit in seconds it goes on until it is stopped.
  init(_ command: String, in folder: URL, limit: String? = "60") throws {
    // Without a limit the shell's process becomes the command's own.
    let words = ["/bin/bash", "-c", command]
    process.executableURL = URL(filePath: limit == nil ? words[0] : "/usr/bin/timeout")
    process.arguments = limit.map { ["--signal=KILL", $0] + words } ?? Array(words.dropFirst())
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = Self.built.path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
  }

  /// The exit status, once all lines were read.
  var status: Int32 { process.terminationStatus }

  /// All lines up to the end; waits for it.
  func allLines() -> [String] {
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  /// So many lines, or fewer when it ends before.
  func firstLines(_ count: Int) -> [String] {
    var lines: [String] = []
    while lines.count < count {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      rest += data
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")), lines.count < count {
        lines.append(String(decoding: rest[..<end], as: UTF8.self))
        rest.removeFirst(end + 1)
      }
    }
    return lines
  }

  /// Ends a command without a limit.
  func stop() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
