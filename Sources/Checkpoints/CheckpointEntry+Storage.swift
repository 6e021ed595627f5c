extension CheckpointEntry {
  /// Where the elements are: equal for two names of the same bytes, as tied weights have them.
  package var storage: StorageKey {
    StorageKey(
      path: file.path, byteOffset: byteOffset, count: count, elementType: elementType,
      strides: strides)
  }

  /// The place of a tensor's elements.
  package struct StorageKey: Hashable, Sendable {
    let path: String
    let byteOffset: Int
    let count: Int
    let elementType: ElementType
    let strides: [Int]?
  }
}
