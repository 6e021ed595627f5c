internal import CVectorKernels

/// What multiplies matrices on this machine.
public struct Backend: Sendable, Equatable {
  /// A library for the linear layers.
  public enum Library: String, Sendable {
    /// oneDNN, with weights packed once; needs AVX-512.
    case oneDNN
    /// OpenBLAS, 32-bit floats only.
    case openBLAS
  }

  /// The library that multiplies by packed weights.
  public let library: Library
  /// The processor's name, as it gives it itself.
  public let processor: String
  /// The instruction sets in use, such as `AVX-512 BF16`.
  public let instructionSets: [String]
  private let precisions: [Precision]

  /// The best backend for this machine.
  public static let current = Backend(features: cvk_features())

  /// The backend without oneDNN, as on a machine without AVX-512.
  public static let portable = Backend(features: cvk_features() & Int32(cvk_feature_avx2))

  init(features: Int32) {
    func has(_ feature: Int) -> Bool { features & Int32(feature) != 0 }
    var name = [CChar](repeating: 0, count: 49)
    unsafe name.withUnsafeMutableBufferPointer { name in
      if let base = name.baseAddress { unsafe cvk_processor_name(base) }
    }
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    processor = String(decoding: bytes, as: UTF8.self)
      .split(separator: " ").joined(separator: " ")
    var sets: [String] = []
    if has(cvk_feature_avx2) { sets.append("AVX2") }
    if has(cvk_feature_avx512) { sets.append("AVX-512") }
    if has(cvk_feature_avx512_vnni) { sets.append("AVX-512 VNNI") }
    if has(cvk_feature_avx512_bf16) { sets.append("AVX-512 BF16") }
    instructionSets = sets
    library = has(cvk_feature_avx512) ? .oneDNN : .openBLAS
    var precisions: [Precision] = [.float32]
    if has(cvk_feature_avx512_bf16) { precisions.append(.bfloat16) }
    if has(cvk_feature_avx512_vnni) { precisions.append(.int8) }
    self.precisions = precisions
  }

  /// The precision that is really used when one is asked for.
  ///
  /// - Parameter requested: what was asked for.
  /// - Returns: `requested` where the processor multiplies it directly, else `.float32`.
  public func precision(for requested: Precision) -> Precision {
    precisions.contains(requested) ? requested : .float32
  }

  /// Why another precision is used than was asked for; to be told to the person who asked.
  ///
  /// - Parameter requested: what was asked for.
  /// - Returns: one sentence without a full stop, or nil where `requested` is used.
  public func explanation(for requested: Precision) -> String? {
    guard precision(for: requested) != requested else { return nil }
    let needed = requested == .int8 ? "AVX-512 VNNI" : "AVX-512 BF16"
    return """
      \(requested.rawValue) needs \(needed), which this processor lacks: using \
      \(precision(for: requested).rawValue)
      """
  }

  /// One line for people: library, processor, instruction sets.
  public var description: String {
    let library =
      switch library {
      case .oneDNN: "oneDNN"
      case .openBLAS: "OpenBLAS (no AVX-512: float32 only)"
      }
    let sets =
      instructionSets.isEmpty ? "no vector extensions" : instructionSets.joined(separator: ", ")
    return "\(library) on \(processor.isEmpty ? "an unnamed processor" : processor) (\(sets))"
  }
}
