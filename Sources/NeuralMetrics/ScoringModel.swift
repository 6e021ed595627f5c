internal import Checkpoints
internal import Foundation
package import PretrainedModels
internal import RecordFiles
package import Tensors
package import Tokenizers

/// A model's folder with its tokenizer, and where and how the model is going to run.
package struct ScoringModel {
  /// The settings, and where the weights are.
  package let folder: ModelFolder
  /// The tokenizer.
  package let tokenizer: Tokenizer
  /// How linear layers are packed.
  package let precision: Precision
  /// Where the model will run.
  package let compute: Compute

  /// Reads a model's settings and tokenizer.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - weightsPath: the file of the weights, where they are not the folder's own.
  ///   - precision: how linear layers are packed.
  ///   - compute: where the model will run.
  /// - Throws: `CheckpointError`, `TokenizerError`.
  package init(
    path: String, weightsPath: String? = nil, precision: Precision = .float32, compute: Compute
  ) throws {
    folder = try ModelFolder(path: path, weightsPath: weightsPath)
    tokenizer = try Tokenizer(folder: path)
    self.precision = precision
    self.compute = compute
  }

  /// Names the model by its content, wherever it is: its kind and a hash of settings, weights and
  /// tokenizer.
  ///
  /// - Returns: the kind and 32 hexadecimal digits.
  /// - Throws: `CheckpointError`, ``NeuralMetricsError/unreadable(path:reason:)``.
  func identity() throws -> String {
    var hasher = ContentHasher()
    hasher.combine(tokenizer.signature)
    let settings = "\(folder.path)/config.json"
    for path in [settings] + (try folder.checkpoint().files) {
      guard let file = FileHandle(forReadingAtPath: path) else {
        throw NeuralMetricsError.unreadable(path: path, reason: "it cannot be opened")
      }
      while let block = try file.read(upToCount: 4 << 20), !block.isEmpty {
        unsafe block.withUnsafeBytes { unsafe hasher.combine($0) }
      }
    }
    return "\(try folder.modelType())-\(hasher.finish())"
  }

  /// Whether the folder has a file.
  func hasFile(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder.path)/\(name)")
  }

  /// The longest sequence that all who have a say in it take.
  ///
  /// - Parameters:
  ///   - asked: what was asked for, if something was.
  ///   - positions: for how many tokens the model has positions, if they are limited.
  ///   - isPair: whether a sequence has two texts.
  /// - Returns: the number of tokens, special ones included; `nil` when nothing limits it.
  /// - Throws: ``NeuralMetricsError/maximumLength(got:least:)``.
  func maximumLength(
    asked: Int?, positions: Int?, isPair: Bool = false
  ) throws(NeuralMetricsError) -> Int? {
    let limit = [asked, positions, tokenizer.maximumLength].compactMap(\.self).min()
    let least = tokenizer.specialTokenCount(forPair: isPair)
    if let limit, limit < least { throw .maximumLength(got: limit, least: least) }
    return limit
  }
}
