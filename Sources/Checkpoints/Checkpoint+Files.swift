extension Checkpoint {
  /// The paths of the files that hold the tensors, each once, sorted by their bytes.
  public var files: [String] {
    var seen: Set<[UInt8]> = []
    return entries.map(\.file.path).filter { seen.insert(Array($0.utf8)).inserted }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
