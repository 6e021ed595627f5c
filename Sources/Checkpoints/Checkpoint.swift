internal import Foundation
internal import JSON

/// The tensors of a model's files, found and checked when opened, read when asked for.
///
/// Read are `model.safetensors`, in one file or in shards with `model.safetensors.index.json`, and
/// `pytorch_model.bin` likewise. Elements stay in the file, mapped, until a tensor is asked for.
public final class Checkpoint: Sendable {
  /// The folder or file.
  public let path: String
  /// The tensors, sorted by the bytes of their names.
  public let entries: [CheckpointEntry]
  /// Where each tensor is in `entries`, by its name's bytes: Swift's strings compare by canonical
  /// equivalence.
  private let places: [[UInt8]: Int]

  /// The files looked for in a folder, the first ones first.
  static let candidates = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]

  /// Opens the weights of a model and checks what the files say of them.
  ///
  /// - Parameter path: the model's folder, a file of weights, or an index of shards.
  /// - Throws: ``CheckpointError``.
  public init(path: String) throws(CheckpointError) {
    self.path = path
    let files = try Self.files(at: path)
    var entries: [CheckpointEntry] = []
    var places: [[UInt8]: Int] = [:]
    for file in files {
      for entry in try Self.entries(of: file.file) {
        let key = Array(entry.name.utf8)
        if let other = places[key] {
          throw .malformedTensor(
            path: file.file.path, tensor: entry.name,
            reason: "it is also in \(entries[other].file.path)")
        }
        places[key] = entries.count
        entries.append(entry)
      }
    }
    for file in files {
      for name in file.promised {
        guard let place = places[Array(name.utf8)], entries[place].file === file.file else {
          throw .malformedTensor(
            path: file.file.path, tensor: name, reason: "the index promises it, the file lacks it")
        }
      }
    }
    entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.entries = entries
    self.places = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { (Array($1.name.utf8), $0) })
  }

  /// What the file says of a tensor, or nil when there is none of that name.
  ///
  /// - Parameter name: the tensor's name.
  public subscript(name: String) -> CheckpointEntry? {
    places[Array(name.utf8)].map { entries[$0] }
  }

  /// The files that the tensors are in, each once.
  public var filePaths: [String] {
    var seen: Set<[UInt8]> = []
    return entries.map(\.file.path).filter { seen.insert(Array($0.utf8)).inserted }
  }

  private struct File {
    var file: MappedFile
    /// The tensors that an index of shards promises in the file.
    var promised: [String]
  }

  private static func files(at path: String) throws(CheckpointError) -> [File] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .notFound(path: path, expected: [])
    }
    var file = path
    if isFolder.boolValue {
      let found = candidates.map { "\(path)/\($0)" }
        .first { FileManager.default.fileExists(atPath: $0) }
      guard let found else { throw .notFound(path: path, expected: candidates) }
      file = found
    }
    if file.hasSuffix(".index.json") { return try shards(of: file) }
    return [File(file: try MappedFile(path: file), promised: [])]
  }

  /// The files of an index: `{"weight_map": {tensor: file}}`.
  private static func shards(of index: String) throws(CheckpointError) -> [File] {
    let settings = try ModelConfiguration(path: index)
    let map = try settings.object("weight_map")
    guard !map.isEmpty else {
      throw .setting(
        path: index, key: "weight_map", got: "empty", expected: "the file of each tensor")
    }
    var promised: [String: [String]] = [:]
    for member in map.members {
      guard let name = member.value.string, isPlainFileName(name) else {
        throw .setting(
          path: index, key: "weight_map.\(member.key)",
          got: member.value.string.map(CheckpointError.quoted) ?? member.value.kindName,
          expected: "the name of a file in the same folder")
      }
      promised[name, default: []].append(member.key)
    }
    let folder = index.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    var files: [File] = []
    for name in promised.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let path = index.contains("/") ? "\(folder)/\(name)" : name
      files.append(File(file: try MappedFile(path: path), promised: promised[name] ?? []))
    }
    return files
  }

  private static func isPlainFileName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/"))
      && !name.utf8.contains(0)
  }

  private static func entries(of file: MappedFile) throws(CheckpointError) -> [CheckpointEntry] {
    file.path.hasSuffix(".safetensors")
      ? try SafetensorsFile.entries(of: file) : try TorchFile.entries(of: file)
  }
}
