/// Which files of a model are pulled.
package struct FileSelection: Sendable {
  /// Patterns of files to pull; empty for the usual choice.
  package var included: [String]
  /// Patterns of files to leave out.
  package var excluded: [String]

  /// The usual choice, or that of patterns.
  package init(included: [String] = [], excluded: [String] = []) {
    self.included = included
    self.excluded = excluded
  }

  private static let weights = "model.safetensors"
  private static let torchWeights = "pytorch_model.bin"
  /// Folders of exports to other run times, and of originals beside a conversion.
  private static let foreignFolders: Set<String> = [
    "coreml", "flax", "gguf", "mlx", "onnx", "openvino", "original", "rust", "tensorflow", "tf",
  ]

  /// The index of shards that the usual choice needs to name the weights; nil when it needs none.
  ///
  /// - Parameter paths: the paths of the model's files.
  /// - Returns: the path of the index.
  package func index(among paths: [String]) -> String? {
    guard included.isEmpty else { return nil }
    let all = Set(paths)
    if all.contains(Self.weights) { return nil }
    let safetensorsIndex = "\(Self.weights).index.json"
    if all.contains(safetensorsIndex) { return safetensorsIndex }
    if Self.hasSafetensors(paths) || all.contains(Self.torchWeights) { return nil }
    let torchIndex = "\(Self.torchWeights).index.json"
    return all.contains(torchIndex) ? torchIndex : nil
  }

  /// The files to pull, in the order of the listing.
  ///
  /// - Parameters:
  ///   - paths: the paths of the model's files.
  ///   - shards: the files that the index of ``index(among:)`` names.
  /// - Returns: the paths chosen.
  package func choose(from paths: [String], shards: [String] = []) -> [String] {
    let isWanted = included.isEmpty ? usual(paths, shards) : Self.matcher(included)
    let isUnwanted = Self.matcher(excluded)
    return paths.filter { isWanted($0) && !isUnwanted($0) }
  }

  private static func matcher(_ patterns: [String]) -> (String) -> Bool {
    let patterns = patterns.map { GlobPattern($0) }
    return { path in patterns.contains { $0.matches(path) } }
  }

  /// Configuration, tokenizer, licence, and the weights once, in the best of their formats.
  private func usual(_ paths: [String], _ shards: [String]) -> (String) -> Bool {
    let weights = Set(weights(paths, shards))
    let index = index(among: paths)
    return { path in
      if weights.contains(path) || path == index { return true }
      let parts = HubFile.parts(of: path)
      guard let name = parts.last, !Self.isForeign(path) else { return false }
      if name.hasSuffix(".index.json") { return false }
      if name.hasSuffix(".json") || name.hasSuffix(".txt") || name.hasSuffix(".jinja") {
        return true
      }
      // SentencePiece models; the files of other programs have this suffix in no model seen.
      if name.hasSuffix(".model") { return true }
      let isNotice = ["LICENSE", "LICENCE", "NOTICE", "README"].contains {
        name.uppercased().hasPrefix($0)
      }
      return parts.count == 1 && isNotice
    }
  }

  private func weights(_ paths: [String], _ shards: [String]) -> [String] {
    let root = paths.filter { HubFile.parts(of: $0).count == 1 }
    if root.contains(Self.weights) { return [Self.weights] }
    if !shards.isEmpty { return shards }
    let safetensors = root.filter { $0.hasSuffix(".safetensors") }
    if !safetensors.isEmpty { return safetensors }
    if root.contains(Self.torchWeights) { return [Self.torchWeights] }
    // None beside the configuration: a model of parts in folders of their own.
    let below = paths.filter { !Self.isForeign($0) }
    let parts = below.filter { $0.hasSuffix(".safetensors") }
    return parts.isEmpty ? below.filter { $0.hasSuffix("/\(Self.torchWeights)") } : parts
  }

  private static func hasSafetensors(_ paths: [String]) -> Bool {
    paths.contains { HubFile.parts(of: $0).count == 1 && $0.hasSuffix(".safetensors") }
  }

  /// Whether a file stands in a folder of something that is not read here.
  private static func isForeign(_ path: String) -> Bool {
    HubFile.parts(of: path).dropLast().contains {
      foreignFolders.contains($0.lowercased()) || $0.hasPrefix(".")
    }
  }
}
