import CommandLineParsing
import JSON
import ModelHub
import Pipeline
import ProcessSignals
import TerminalOutput

extension ModelsVerb {
  /// Checks a model.
  static func verify(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let reference = try reference(arguments)
    let cache = ModelCache(folder: HubSettings.cacheFolder())
    let verification = ModelVerification(reference, in: cache)
    let context = session.context(arguments)
    let result = try verification.run(
      report: { done, total in context.report(.init(done: done, total: total, isBytes: true)) },
      isCancelled: context.isCancelled)
    session.endProgress()
    let removed =
      arguments.flag("repair") ? try verification.repair(result.findings) : []
    if !result.isSound { session.exitStatus = Application.ExitStatus.badData }
    if arguments.flag("json") {
      let summary: JSONObject = [
        "model": .string("\(reference)"), "sound": .bool(result.isSound),
        "files": .integer(Int64(result.files)), "bytes": .integer(Int64(result.bytes)),
        "findings": .array(
          result.findings.map {
            [
              "severity": .string($0.severity.rawValue), "kind": .string($0.kind.rawValue),
              "path": .string($0.path), "message": .string($0.message),
            ]
          }),
        "removed": .array(removed.map { .string($0) }),
      ]
      session.write(summary.json() + "\n")
      return
    }
    for finding in result.findings {
      let path = DisplayWidth.printable(finding.path)
      session.write(
        "\(finding.severity.rawValue) \(finding.kind.rawValue) \(path): \(finding.message)\n")
    }
    let errors = result.findings.count { $0.severity == .error }
    session.message(
      """
      models verify: \(QuantityFormat.count(result.files)) files, \
      \(QuantityFormat.bytes(result.bytes)) hashed, \(errors) errors, \
      \(result.findings.count - errors) warnings
      """)
    if !removed.isEmpty {
      session.message(
        "\(removed.count) removed. To download them again: mixinstruct models pull \(reference)")
    } else if !result.isSound {
      session.message(
        "To repair: mixinstruct models verify --repair \(reference), then models pull \(reference)")
    }
  }

  /// Removes a model.
  static func remove(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let reference = try referenceWithRevision(arguments)
    let removal = try ModelRemoval(
      reference, in: ModelCache(folder: HubSettings.cacheFolder()))
    let asJSON = arguments.flag("json")
    if !asJSON { plan(removal).forEach(session.message) }
    if !arguments.flag("yes") {
      guard Terminal.isTerminal(0), Terminal.isTerminal(2), !asJSON else {
        throw arguments.refusal("Nobody can be asked here: give '--yes' to remove \(reference).")
      }
      Terminal.write("Remove \(reference)? [y/N] ", to: 2)
      let answer = readLine() ?? ""
      guard ["y", "yes"].contains(answer.lowercased()) else {
        session.message("Nothing was removed.")
        return
      }
    }
    try removal.remove()
    guard asJSON else {
      session.message("models rm: \(QuantityFormat.bytes(removal.freedBytes)) freed")
      return
    }
    let summary: JSONObject = [
      "model": .string(removal.name.text),
      "commits": .array(removal.commits.map { .string($0) }),
      "freed_bytes": .integer(Int64(removal.freedBytes)),
      "shared_bytes": .integer(Int64(removal.sharedBytes)),
      "kept_commits": .array(removal.kept.map { .string($0.commit) }),
      "sharing_models": .array(removal.sharingModels.map { .string($0.text) }),
    ]
    session.write(summary.json() + "\n")
  }

  /// What a removal removes, and what stays.
  private static func plan(_ removal: ModelRemoval) -> [String] {
    var lines = [
      """
      \(removal.name): \(removal.commits.count) revisions, \
      \(QuantityFormat.bytes(removal.freedBytes)) to be freed
      """
    ]
    if !removal.kept.isEmpty {
      let names = removal.kept.map { revision in
        ([String(revision.commit.prefix(12))] + revision.references).joined(separator: " ")
      }
      lines.append("stays: \(names.joined(separator: ", "))")
    }
    if removal.sharedBytes > 0 {
      let users =
        removal.sharingModels.isEmpty
        ? "what stays" : removal.sharingModels.map(\.text).joined(separator: ", ")
      lines.append("\(QuantityFormat.bytes(removal.sharedBytes)) stay: \(users) uses them too")
    }
    return lines
  }
}
