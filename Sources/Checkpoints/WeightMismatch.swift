/// Every difference between the tensors of a checkpoint and those of an architecture.
public struct WeightMismatch: Sendable, Equatable, CustomStringConvertible {
  /// A tensor of the architecture that the checkpoint lacks.
  public struct Missing: Sendable, Equatable {
    /// Its names; any of them would do.
    public var names: [String]
    /// The shape expected.
    public var shape: [Int]
  }

  /// A tensor of another shape.
  public struct Misshaped: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The shape in the checkpoint.
    public var got: [Int]
    /// The shape of the architecture.
    public var expected: [Int]
  }

  /// Tensors that the architecture has and the checkpoint lacks.
  public var missing: [Missing] = []
  /// Tensors that the checkpoint has and the architecture does not know.
  public var unused: [String] = []
  /// Tensors of another shape.
  public var misshaped: [Misshaped] = []
  /// Pairs of names for one tensor that the checkpoint has with different values.
  public var conflicting: [[String]] = []

  var isEmpty: Bool {
    missing.isEmpty && unused.isEmpty && misshaped.isEmpty && conflicting.isEmpty
  }

  /// How many names of a kind are told: a checkpoint of another model differs in thousands.
  private static let toldCount = 20

  /// The names on one line; of many, the first ones and how many more there are.
  public var description: String {
    var parts: [String] = []
    func add(_ title: String, _ items: [String]) {
      if !items.isEmpty {
        let told = items.prefix(Self.toldCount).joined(separator: ", ")
        let others = items.count - Self.toldCount
        parts.append(
          "\(items.count) \(title): \(told)\(others > 0 ? " and \(others) more" : "")")
      }
    }
    add(
      "missing",
      missing.map {
        "\($0.names.map(CheckpointError.quoted).joined(separator: " or ")) \($0.shape)"
      })
    add(
      "of the wrong shape",
      misshaped.map {
        "\(CheckpointError.quoted($0.name)) is \($0.got), expected \($0.expected)"
      })
    add("not known to the architecture", unused.map(CheckpointError.quoted))
    add(
      "with two names and different values",
      conflicting.map { $0.map(CheckpointError.quoted).joined(separator: " and ") })
    return "the tensors do not fit the architecture: " + parts.joined(separator: "; ")
  }
}
