internal import JSON

/// The index of weights that are split into files: `{"weight_map": {tensor: file}}`.
enum ShardIndex {
  private static let sizeLimit = 1 << 28

  /// The files that an index names, in its order, each once; none when it is no such index.
  static func files(_ path: String) throws(HubError) -> [String] {
    guard let bytes = try FileSystem.contents(path, limit: sizeLimit),
      let value = try? JSONParser().value(of: bytes), let map = value["weight_map"]?.object
    else { return [] }
    var names: [String] = []
    var seen: Set<[UInt8]> = []
    for member in map.members {
      guard let name = member.value.string, seen.insert(Array(name.utf8)).inserted else { continue }
      names.append(name)
    }
    return names
  }
}
