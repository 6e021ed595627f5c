import RandomNumbers
import Testing

@testable import Judging

@Test func findsBytesWhereALookAtEveryPlaceFindsThem() {
  var numbers = SplitMix64(seed: 5)
  let alphabet = Array("abABz".utf8)
  func text(_ length: Int) -> [UInt8] {
    (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)] }
  }
  for _ in 0..<3000 {
    let bytes = text(Int.random(in: 0..<24, using: &numbers))
    let needle = text(Int.random(in: 0..<5, using: &numbers))
    let expected = bytes.indices.first {
      !needle.isEmpty && bytes[$0...].starts(with: needle)
    }
    #expect(ByteSearch.firstIndex(of: needle, in: bytes) == expected)
    let (lowered, folded) = (needle.map(ByteSearch.lowered), bytes.map(ByteSearch.lowered))
    let isThere = folded.indices.contains {
      !lowered.isEmpty && folded[$0...].starts(with: lowered)
    }
    #expect(
      ByteSearch.contains(lowered, inEitherCase: String(decoding: bytes, as: UTF8.self)) == isThere)
  }
}
