internal import Glibc

/// The OpenMP runtime that oneDNN was built with, kept to one thread.
///
/// Debian's oneDNN uses GNU OpenMP, whose team would compete with the pool's workers for the same
/// cores. The number of threads is a property of each thread that calls oneDNN; with 1 no team is
/// ever made. The function is looked up because only oneDNN links the runtime.
enum OpenMP {
  private static let setThreadCount: (@convention(c) (Int32) -> Void)? = {
    guard let symbol = unsafe dlsym(nil, "omp_set_num_threads") else { return nil }
    return unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
  }()

  /// Makes oneDNN compute on the calling thread alone.
  static func useOneThread() { setThreadCount?(1) }
}
