/// The tensors that an architecture expects: names, shapes, and what may be there besides.
///
/// ```swift
/// var table = WeightTable()
/// table.require("encoder.norm.weight", aliases: ["encoder.norm.gamma"], shape: [hidden])
/// table.ignore(suffix: "position_ids")
/// let weights = try Weights(checkpoint, table)
/// let norm = try weights.tensor("encoder.norm.weight")
/// ```
public struct WeightTable: Sendable {
  struct Row: Sendable {
    var name: String
    var aliases: [String]
    var shape: [Int]
    var isRequired: Bool
  }

  var rows: [Row] = []
  private var ignoredNames: [String] = []
  private var ignoredPrefixes: [String] = []
  private var ignoredSuffixes: [String] = []

  /// Makes an empty table.
  public init() {}

  /// Expects a tensor.
  ///
  /// - Parameters:
  ///   - name: the name by which the architecture asks for it.
  ///   - aliases: other names that files give it. Where a file has several, as for tied weights,
  ///     their elements must be the same.
  ///   - shape: its shape.
  public mutating func require(_ name: String, aliases: [String] = [], shape: [Int]) {
    rows.append(Row(name: name, aliases: aliases, shape: shape, isRequired: true))
  }

  /// Expects a tensor that may be absent.
  ///
  /// - Parameters:
  ///   - name: the name by which the architecture asks for it.
  ///   - aliases: other names that files give it.
  ///   - shape: its shape.
  public mutating func allow(_ name: String, aliases: [String] = [], shape: [Int]) {
    rows.append(Row(name: name, aliases: aliases, shape: shape, isRequired: false))
  }

  /// Accepts and leaves out a tensor.
  ///
  /// - Parameter name: the whole name.
  public mutating func ignore(_ name: String) { ignoredNames.append(name) }

  /// Accepts and leaves out tensors, such as those of a head that is not used.
  ///
  /// - Parameter prefix: how their names begin.
  public mutating func ignore(prefix: String) { ignoredPrefixes.append(prefix) }

  /// Accepts and leaves out tensors, such as buffers of position ids.
  ///
  /// - Parameter suffix: how their names end.
  public mutating func ignore(suffix: String) { ignoredSuffixes.append(suffix) }

  func ignores(_ name: String) -> Bool {
    ignoredNames.contains { $0.utf8.elementsEqual(name.utf8) }
      || ignoredPrefixes.contains { name.utf8.starts(with: $0.utf8) }
      || ignoredSuffixes.contains { name.utf8.reversed().starts(with: $0.utf8.reversed()) }
  }
}
