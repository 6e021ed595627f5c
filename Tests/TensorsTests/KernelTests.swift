import CVectorKernels
import Tensors
import Testing

/// Tests of all forms of the kernels, one after another: which form runs is one setting of the
/// process.
@Suite(.serialized) struct KernelTests {
  static let levels = [cvk_level_baseline, cvk_level_avx2, cvk_level_avx512]

  /// Runs `body` with each form of the kernels that the processor has.
  static func onAllLevels(_ body: (Compute) -> Void) {
    let before = cvk_level()
    for level in levels where cvk_set_level(Int32(level)) == level {
      body(Compute(pool: ThreadPool(count: 2)))
    }
    cvk_set_level(before)
  }
}
