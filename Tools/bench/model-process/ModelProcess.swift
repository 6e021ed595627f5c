internal import Foundation
internal import Glibc
package import JSON
package import PretrainedModels
package import Tensors

/// A program that loads a model and answers lines, for benchmarks in which contenders take turns.
///
/// It prints one line when the model is loaded, then one for each line of standard input, a JSON
/// object; each has the resident memory in bytes too, now and at its peak, pages of mapped files apart.
package struct ModelProcess {
  /// Answers a request with facts.
  package typealias Answer = (_ request: JSONObject) throws -> JSONObject

  /// The precision that was asked for.
  package let precision: Precision
  /// Threads and backend.
  package let compute: Compute
  /// Further whole numbers of the command line, by their names.
  package let numbers: [String: Int]

  /// Runs until standard input ends; ends the process with 64 or 70 when something is wrong.
  ///
  /// - Parameters:
  ///   - name: the program's name.
  ///   - options: names of further options, each with a whole number.
  ///   - load: loads the model of a folder and says how it answers.
  package static func run(
    _ name: String, options: [String] = [],
    load: (ModelFolder, ModelProcess) throws -> Answer
  ) {
    do {
      guard let (path, process) = read(options) else {
        let more = options.map { " [--\($0) N]" }.joined()
        end(64, "usage: \(name) MODEL [--precision P] [--threads N]\(more)")
      }
      let clock = ContinuousClock()
      let start = clock.now
      let answer = try load(ModelFolder(path: path), process)
      tell([
        "load_seconds": .double((clock.now - start) / .seconds(1)),
        "precision": .string(
          process.compute.backend.precision(for: process.precision).rawValue),
        "backend": .string(process.compute.backend.description),
      ])
      while let line = readLine() { tell(try answer(JSONValue(json: line).object ?? [:])) }
    } catch {
      end(70, "error: \(error)")
    }
  }

  /// The sequences of token ids in the file that a request names: a JSON array of arrays.
  ///
  /// - Parameter request: the request, with the member `sequences`.
  /// - Returns: the sequences.
  /// - Throws: `JSONError`, what Foundation throws.
  package static func sequences(of request: JSONObject) throws -> [[Int]] {
    let ids = try JSONParser().value(
      of: Data(contentsOf: URL(filePath: request["sequences"]?.string ?? "")))
    return (ids.array ?? []).map { ($0.array ?? []).compactMap(\.int) }
  }

  /// Measures some work.
  ///
  /// - Parameter work: the work.
  /// - Returns: its result, and `seconds` and `processor_seconds` that it took.
  /// - Throws: what `work` throws.
  package static func timed<Result>(
    _ work: () throws -> Result
  ) rethrows -> (result: Result, times: JSONObject) {
    let clock = ContinuousClock()
    let start = clock.now
    let used = Glibc.clock()
    let result = try work()
    let seconds = (clock.now - start) / .seconds(1)
    let processorSeconds = Double(Glibc.clock() - used) / Double(CLOCKS_PER_SEC)
    return (
      result, ["seconds": .double(seconds), "processor_seconds": .double(processorSeconds)]
    )
  }

  private static func read(_ options: [String]) -> (path: String, process: ModelProcess)? {
    var path: String?
    var precision = Precision.float32
    var numbers: [String: Int] = [:]
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      if argument == "--precision" {
        guard let chosen = arguments.popFirst().flatMap(Precision.init) else { return nil }
        precision = chosen
      } else if let name = (["threads"] + options).first(where: { argument == "--\($0)" }) {
        guard let number = arguments.popFirst().flatMap({ Int($0) }) else { return nil }
        numbers[name] = max(1, number)
      } else if path == nil, !argument.hasPrefix("--") {
        path = argument
      } else {
        return nil
      }
    }
    guard let path else { return nil }
    let pool = ThreadPool(count: numbers["threads"] ?? ThreadPool.processorCount)
    return (
      path, ModelProcess(precision: precision, compute: Compute(pool: pool), numbers: numbers)
    )
  }

  private static func end(_ status: Int32, _ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(status)
  }

  private static func tell(_ facts: JSONObject) {
    var facts = facts
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let names = ["VmRSS": "resident", "VmHWM": "peak", "RssAnon": "anonymous", "RssFile": "mapped"]
    for line in status.split(separator: "\n") {
      let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
      if words.count > 1, let name = names[String(words[0])], let size = Int64(words[1]) {
        facts[name] = .integer(1024 * size)
      }
    }
    FileHandle.standardOutput.write(Data("\(facts.json())\n".utf8))
  }
}
