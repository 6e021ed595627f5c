/// The ids of one text or two, with special tokens where asked for.
public struct Encoding: Sendable, Equatable {
  /// The ids.
  public var ids: [TokenID]
  /// Which text each id belongs to, as the model counts them; as long as ``ids``.
  public var typeIDs: [TokenID]

  /// An encoding.
  ///
  /// - Parameters:
  ///   - ids: the ids.
  ///   - typeIDs: the types, as many as ids.
  public init(ids: [TokenID] = [], typeIDs: [TokenID] = []) {
    self.ids = ids
    self.typeIDs = typeIDs
  }
}
