import CommandLineParsing
import Foundation
import Testing

/// Asks bash what the sample's script offers for a line whose last word is being typed.
private func offered(_ words: [String]) throws -> [String] {
  let call = """
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _sampler
    if (( ${#COMPREPLY[@]} > 0 )); then printf '%s\\n' "${COMPREPLY[@]}"; fi
    """
  let bash = Process()
  bash.executableURL = URL(filePath: "/bin/bash")
  bash.arguments =
    ["--noprofile", "--norc", "-c", CompletionShell.bash.script(for: sample) + call, "bash"] + words
  let output = Pipe()
  bash.standardOutput = output
  try bash.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  bash.waitUntilExit()
  #expect(bash.terminationStatus == 0)
  return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
}

@Test(
  .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")),
  arguments: [
    ([""], ["ingest", "metrics", "collect", "show", "help"]), (["m"], ["metrics"]),
    (["--v"], ["--version"]), (["help", "i"], ["ingest"]), (["help", "collect", "p"], ["plan"]),
    (["collect", ""], ["plan", "run"]), (["collect", "--s"], ["--store"]),
    (["ingest", "--no"], ["--no-copy"]), (["ingest", "--format", "a"], ["alpaca"]),
    (["ingest", "--format", "=", "sh"], ["sharegpt"]),
    (["ingest", "--format", "="], ["dolly", "alpaca", "sharegpt"]),
    (["metrics", "-m", "rouge1,b"], ["rouge1,bleu"]), (["metrics", "l"], ["low"]),
    (["metrics", "--seed", ""], []), (["metrics", "--seed", "1", "h"], ["high"]),
    (["ingest", "collect", "pl"], []),
  ])
func bashOffersWhatTheGrammarTakes(words: [String], expected: [String]) throws {
  #expect(try offered(["sampler"] + words) == expected)
}
