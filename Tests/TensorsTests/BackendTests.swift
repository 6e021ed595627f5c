import CVectorKernels
import Testing

@testable import Tensors

@Suite struct BackendTests {
  static let none: Int32 = 0
  static let wide = Int32(cvk_feature_avx2 | cvk_feature_avx512)
  static let all = wide | Int32(cvk_feature_avx512_vnni | cvk_feature_avx512_bf16)

  @Test func withoutVectorsOpenBLASRunsInFloat32AndSaysSo() {
    let backend = Backend(features: Self.none)
    #expect(backend.library == .openBLAS)
    #expect(backend.description.hasPrefix("OpenBLAS (no AVX-512: float32 only) on "))
    #expect(backend.description.hasSuffix("(no vector extensions)"))
    #expect(backend.explanation(for: .float32) == nil)
    #expect(
      backend.explanation(for: .int8)
        == "int8 needs AVX-512 VNNI, which this processor lacks: using float32")
    for precision in Precision.allCases {
      #expect(backend.precision(for: precision) == .float32)
    }
  }

  @Test func precisionsFollowTheProcessor() {
    #expect(Backend(features: Self.wide).library == .oneDNN)
    #expect(
      Backend(features: Self.wide).explanation(for: .bfloat16)
        == "bfloat16 needs AVX-512 BF16, which this processor lacks: using float32")
    let vnni = Backend(features: Self.wide | Int32(cvk_feature_avx512_vnni))
    #expect(vnni.precision(for: .int8) == .int8 && vnni.precision(for: .bfloat16) == .float32)
    let best = Backend(features: Self.all)
    #expect(Precision.allCases.allSatisfy { best.precision(for: $0) == $0 })
    #expect(best.description.contains("(AVX2, AVX-512, AVX-512 VNNI, AVX-512 BF16)"))
  }

  @Test func theThreadsOfAProcessAreCounted() {
    #expect(ThreadPool.processorCount >= 1)
  }
}
