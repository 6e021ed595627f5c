extension Duration {
  /// Whole nanoseconds between 0 and 100 years, so that sums with clock readings stay in range.
  var clampedNanoseconds: UInt64 {
    let limit: Int64 = 100 * 365 * 86_400
    let (seconds, attoseconds) = components
    if seconds < 0 || attoseconds < 0 { return 0 }
    return UInt64(min(seconds, limit)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }
}
