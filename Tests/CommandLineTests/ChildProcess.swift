import Foundation

/// The program as a process of its own, for what cannot be seen in process: kills, signals, streams.
final class ChildProcess {
  /// The program, beside the test bundle.
  static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "mixinstruct")
  /// Whether the program was built.
  static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: program.path) }

  /// How a process ended.
  struct Ending {
    /// The exit status, or 128 and the signal's number, as a shell tells it.
    let status: Int32
    let output: String
    let errorOutput: String
    /// The time from the start to the end.
    let seconds: Double
  }

  private let process = Process()
  private let folder: TemporaryFolder
  private let start = ContinuousClock.now

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - words: its arguments.
  ///   - launcher: a command that runs the command given as its further arguments.
  ///   - input: standard input; nothing unless given.
  ///   - environment: variables beside those of the test.
  /// - Throws: when it cannot be started.
  init(
    _ words: [String], launcher: [String] = [], input: FileHandle = .nullDevice,
    environment: [String: String] = [:]
  ) throws {
    folder = try TemporaryFolder()
    let command = launcher + [Self.program.path] + words
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input
    process.standardOutput = try Self.file(folder.path("out"))
    process.standardError = try Self.file(folder.path("err"))
    try process.run()
  }

  private static func file(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(filePath: path))
    return try FileHandle(forWritingTo: URL(filePath: path))
  }

  var isRunning: Bool { process.isRunning }

  /// What it has written to standard error so far.
  var errorOutput: String {
    (try? String(contentsOfFile: folder.path("err"), encoding: .utf8)) ?? ""
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for something that the process does; says whether it came about in time.
  func waits(seconds: Double = 20, until isTrue: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while try !isTrue() {
      if !isRunning || ContinuousClock.now > end { return try isTrue() }
      usleep(2000)
    }
    return true
  }

  /// Waits for its end; a process that does not end in time is killed, which its status shows.
  func end(within seconds: Double = 60) throws -> Ending {
    let end = ContinuousClock.now + .seconds(seconds)
    while process.isRunning {
      if ContinuousClock.now > end { send(SIGKILL) }
      usleep(1000)
    }
    let time = (ContinuousClock.now - start) / .seconds(1)
    let status = process.terminationStatus
    return Ending(
      status: process.terminationReason == .exit ? status : 128 + status,
      output: try String(contentsOfFile: folder.path("out"), encoding: .utf8),
      errorOutput: errorOutput, seconds: time)
  }

  /// Runs the program to its end.
  static func run(
    _ words: [String], launcher: [String] = [], input: FileHandle = .nullDevice,
    environment: [String: String] = [:]
  ) throws -> Ending {
    try ChildProcess(words, launcher: launcher, input: input, environment: environment).end()
  }

  /// A launcher that runs a line of shell, in which `"$@"` is the command.
  static func shell(_ line: String) -> [String] { ["/bin/sh", "-c", line, "sh"] }
}
