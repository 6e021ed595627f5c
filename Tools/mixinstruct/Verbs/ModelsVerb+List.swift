import CommandLineParsing
import Foundation
import JSON
import ModelHub
import TerminalOutput

extension ModelsVerb {
  /// Lists the models of the cache.
  static func list(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let cache = ModelCache(folder: HubSettings.cacheFolder())
    let models = try cache.models()
    let size = models.reduce(0) { $0 + $1.size }
    if arguments.flag("json") {
      let summary: JSONObject = [
        "cache": .string(cache.folder), "bytes": .integer(Int64(size)),
        "models": .array(models.map(json)),
      ]
      session.write(summary.json() + "\n")
      return
    }
    var table = TextTable([
      .text("Model"), .text("Revision"), .text("Commit"), .number("Files"), .number("Size"),
      .text("Last used"),
    ])
    for model in models {
      for revision in model.revisions {
        table.append([
          model.name.text, revision.references.joined(separator: ", "),
          String(revision.commit.prefix(12)), QuantityFormat.count(revision.files.count),
          QuantityFormat.bytes(revision.size), revision.lastUsed.map(day) ?? "",
        ])
      }
    }
    if models.contains(where: { !$0.revisions.isEmpty }) {
      for line in table.lines() { session.write(line + "\n") }
    }
    for model in models { notes(on: model).forEach(session.message) }
    session.message(
      "\(QuantityFormat.count(models.count)) models, \(QuantityFormat.bytes(size)) in \(cache.folder)"
    )
  }

  /// Tells what a model is.
  static func info(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let folder = try arguments.requiredModelFolder("MODEL")
    let model = try ModelDescription(path: folder)
    if arguments.flag("json") {
      session.write(json(model).json() + "\n")
      return
    }
    for (name, value) in rows(model) {
      let gap = String(repeating: " ", count: max(1, 16 - name.count))
      session.write("\(name)\(gap)\(DisplayWidth.printable(value))\n")
    }
  }

  // MARK: - Texts

  private static func notes(on model: CachedModel) -> [String] {
    var notes: [String] = []
    if !model.incomplete.isEmpty {
      let size = QuantityFormat.bytes(model.incomplete.reduce(0) { $0 + $1.size })
      notes.append(
        "\(model.name): a download was not finished, \(size) are there; to go on: "
          + "mixinstruct models pull \(model.name)")
    }
    if model.revisions.flatMap(\.files).contains(where: \.isBroken) {
      notes.append(
        "\(model.name): some files are missing; to see which: mixinstruct models verify \(model.name)"
      )
    }
    return notes
  }

  private static func rows(_ model: ModelDescription) -> [(String, String)] {
    var rows = [("Folder", model.path)]
    var parts = model.architectures
    if let type = model.modelType { parts.append("(\(type))") }
    rows.append(("Architecture", parts.isEmpty ? "unknown" : parts.joined(separator: " ")))
    let sizes = [
      model.layers.map { "\(QuantityFormat.count($0)) layers" },
      model.hiddenSize.map { "hidden size \(QuantityFormat.count($0))" },
      model.vocabularySize.map { "\(QuantityFormat.count($0)) tokens" },
    ].compactMap { $0 }
    if !sizes.isEmpty { rows.append(("Sizes", sizes.joined(separator: ", "))) }
    if model.tensors == 0 {
      rows.append(("Weights", "none that are read here"))
    } else {
      let types = model.elementCounts.map {
        model.elementCounts.count == 1
          ? $0.elementType : "\(QuantityFormat.count($0.parameters)) \($0.elementType)"
      }
      rows.append(
        (
          "Parameters",
          "\(QuantityFormat.count(model.parameters)) in \(QuantityFormat.count(model.tensors)) "
            + "tensors, \(types.joined(separator: ", "))"
        ))
      let memory = model.memory.map { "\($0.precision) \(QuantityFormat.bytes($0.bytes))" }
      rows.append(("Weights in memory", memory.joined(separator: ", ")))
    }
    rows.append(("Tokenizer", model.tokenizer ?? "none"))
    if let length = model.maximumLength {
      rows.append(("Longest input", "\(QuantityFormat.count(length)) tokens"))
    }
    return rows
  }

  private static func day(_ seconds: Double) -> String { String(time(seconds).prefix(10)) }

  private static func time(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds.rounded(.down)).ISO8601Format()
  }

  // MARK: - JSON

  private static func json(_ model: CachedModel) -> JSONValue {
    [
      "model": .string(model.name.text), "path": .string(model.path),
      "bytes": .integer(Int64(model.size)),
      "incomplete_bytes": .integer(Int64(model.incomplete.reduce(0) { $0 + $1.size })),
      "revisions": .array(
        model.revisions.map { revision in
          [
            "commit": .string(revision.commit),
            "references": .array(revision.references.map { .string($0) }),
            "path": .string(revision.path), "files": .integer(Int64(revision.files.count)),
            "missing_files": .integer(Int64(revision.files.count(where: \.isBroken))),
            "bytes": .integer(Int64(revision.size)),
            "last_used": revision.lastUsed.map { .string(time($0)) } ?? .null,
          ]
        }),
    ]
  }

  private static func json(_ model: ModelDescription) -> JSONObject {
    func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    var types: JSONObject = [:]
    for count in model.elementCounts {
      types[count.elementType] = .integer(Int64(count.parameters))
    }
    var memory: JSONObject = [:]
    for item in model.memory { memory[item.precision] = .integer(Int64(item.bytes)) }
    return [
      "path": .string(model.path),
      "architectures": .array(model.architectures.map { .string($0) }),
      "model_type": model.modelType.map { .string($0) } ?? .null,
      "layers": number(model.layers), "hidden_size": number(model.hiddenSize),
      "vocabulary_size": number(model.vocabularySize),
      "parameters": number(model.parameters), "tensors": number(model.tensors),
      "parameters_by_type": .object(types), "weights_bytes": .object(memory),
      "tokenizer": model.tokenizer.map { .string($0) } ?? .null,
      "maximum_length": number(model.maximumLength),
    ]
  }
}
