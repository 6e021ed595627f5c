internal import Foundation
public import Tensors

/// The tensors of a checkpoint, found to be those of an architecture.
public struct Weights: Sendable {
  /// Where they are.
  public let checkpoint: Checkpoint
  /// The name in the checkpoint for each name of the table that it has.
  private let names: [String: String]
  private let known: Set<String>

  /// Compares a checkpoint with the table of an architecture.
  ///
  /// - Parameters:
  ///   - checkpoint: the files.
  ///   - table: what the architecture expects.
  /// - Throws: ``CheckpointError/mismatch(path:_:)``, which names every difference.
  public init(_ checkpoint: Checkpoint, _ table: WeightTable) throws(CheckpointError) {
    self.checkpoint = checkpoint
    var mismatch = WeightMismatch()
    var names: [String: String] = [:]
    var used: Set<[UInt8]> = []
    for row in table.rows {
      let present = ([row.name] + row.aliases).filter { checkpoint[$0] != nil }
      for name in present {
        used.insert(Array(name.utf8))
        if let entry = checkpoint[name], entry.shape != row.shape {
          mismatch.misshaped.append(
            WeightMismatch.Misshaped(name: name, got: entry.shape, expected: row.shape))
        }
      }
      if let first = present.first {
        names[row.name] = first
        for other in present.dropFirst() where try !checkpoint.hasSameElements(first, other) {
          mismatch.conflicting.append([first, other])
        }
      } else if row.isRequired {
        mismatch.missing.append(
          WeightMismatch.Missing(names: [row.name] + row.aliases, shape: row.shape))
      }
    }
    for entry in checkpoint.entries
    where !used.contains(Array(entry.name.utf8)) && !table.ignores(entry.name) {
      mismatch.unused.append(entry.name)
    }
    guard mismatch.isEmpty else { throw .mismatch(path: checkpoint.path, mismatch) }
    self.names = names
    known = Set(table.rows.map(\.name))
  }

  /// Whether the checkpoint has a tensor that the table allows.
  ///
  /// - Parameter name: the name in the table.
  /// - Returns: whether it is there.
  public func contains(_ name: String) -> Bool { names[name] != nil }

  /// Reads a tensor as 32-bit floats.
  ///
  /// - Parameter name: the name in the table.
  /// - Returns: the tensor.
  /// - Throws: ``CheckpointError`` as ``Checkpoint/tensor(_:)`` does.
  public func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    try checkpoint.tensor(checkpointName(name))
  }

  /// Opens a matrix as an embedding table.
  ///
  /// - Parameter name: the name in the table.
  /// - Returns: the table.
  /// - Throws: ``CheckpointError`` as ``Checkpoint/embeddingTable(_:)`` does.
  public func embeddingTable(_ name: String) throws(CheckpointError) -> EmbeddingTable {
    try checkpoint.embeddingTable(checkpointName(name))
  }

  private func checkpointName(_ name: String) -> String {
    precondition(known.contains(name), "the table has no tensor '\(name)'")
    return names[name] ?? name
  }
}

extension Checkpoint {
  /// Whether two tensors of one shape have the same elements, as those with two names have.
  func hasSameElements(_ first: String, _ second: String) throws(CheckpointError) -> Bool {
    guard let one = self[first], let other = self[second] else { return false }
    guard one.elementType == other.elementType, one.shape == other.shape else { return false }
    if one.file === other.file, one.byteOffset == other.byteOffset, one.strides == other.strides {
      return true
    }
    guard one.strides == nil, other.strides == nil else { return false }
    let (left, right) = (try one.file.map(one.bytes), try other.file.map(other.bytes))
    return unsafe memcmp(left.base, right.base, one.bytes.count) == 0
  }
}
