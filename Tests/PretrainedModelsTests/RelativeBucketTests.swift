import Testing

@testable import PretrainedModels

/// Buckets that transformers 4.46.3 gives, `T5Attention._relative_position_bucket`.
@Suite struct RelativeBucketTests {
  @Test func bothDirectionsOfThePublishedModels() {
    let encoder = RelativeBuckets(count: 32, maxDistance: 128, isBidirectional: true)
    let recorded = [
      (-200, 15), (-128, 15), (-127, 15), (-91, 15), (-90, 14), (-64, 14), (-63, 13), (-46, 13),
      (-45, 12), (-32, 12), (-31, 11), (-16, 10), (-15, 9), (-12, 9), (-11, 8), (-8, 8), (-7, 7),
      (0, 0), (1, 17), (7, 23), (8, 24), (16, 26), (64, 30), (128, 31), (1000, 31),
    ]
    for (distance, bucket) in recorded {
      #expect(encoder.bucket(distance: distance) == bucket, "distance \(distance)")
    }
    let decoder = RelativeBuckets(count: 32, maxDistance: 128, isBidirectional: false)
    for (distance, bucket) in [
      (5, 0), (0, 0), (-1, 1), (-15, 15), (-16, 16), (-18, 16), (-19, 17), (-21, 18), (-64, 26),
      (-113, 31), (-112, 30), (-128, 31), (-500, 31),
    ] {
      #expect(decoder.bucket(distance: distance) == bucket, "distance \(distance)")
    }
  }
}
