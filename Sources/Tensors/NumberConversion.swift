internal import CVectorKernels

/// Conversions of stored numbers to 32-bit floats, for the modules that read files.
package enum NumberConversion {
  /// Widens numbers of bfloat16.
  package static func widen(
    bfloat16 source: UnsafePointer<UInt16>, into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    unsafe cvk_from_bfloat16(target, 0, source, 0, 1, count)
  }

  /// Widens numbers of IEEE half precision.
  package static func widen(
    float16 source: UnsafePointer<UInt16>, into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    unsafe cvk_from_float16(target, source, count)
  }
}
