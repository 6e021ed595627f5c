import Hashing
import Testing

/// Texts and hashes from FIPS 180-4's examples and `sha256sum`.
private let known: [(String, String)] = [
  ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  (
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
  ),
]

@Test(arguments: known) func hashesAsTheStandardSays(_ text: String, _ expected: String) {
  #expect(SHA256.hexadecimal(of: text) == expected)
}

@Test func piecesAndOtherSequencesHashAsTheWhole() {
  var hash = SHA256()
  hash.update("a".utf8)
  hash.update(AnySequence(Array("bc".utf8)))
  #expect(hash.hexadecimal == known[1].1)
  #expect(hash.hexadecimal == known[1].1, "reading the hash does not end it")
}

@Test func fieldsDoNotRunTogether() {
  var left = SHA256()
  left.update(field: "ab")
  left.update(field: "c")
  var right = SHA256()
  right.update(field: "a")
  right.update(field: "bc")
  #expect(left.digest != right.digest)
}

@Test func drawsDependOnSeedPurposeAndKeyOnly() {
  let draw = KeyedDraw(seed: 1, purpose: "p")
  #expect(draw.bits(for: ["a", "b"]) == KeyedDraw(seed: 1, purpose: "p").bits(for: ["a", "b"]))
  #expect(draw.bits(for: ["a", "b"]) != draw.bits(for: ["ab"]))
  #expect(draw.bits(for: ["a"]) != KeyedDraw(seed: 2, purpose: "p").bits(for: ["a"]))
  #expect(draw.bits(for: ["a"]) != KeyedDraw(seed: 1, purpose: "q").bits(for: ["a"]))
  let units = (0..<2000).map { draw.unit(for: [String($0)]) }
  #expect(units.allSatisfy { $0 >= 0 && $0 < 1 })
  #expect(abs(units.reduce(0, +) / 2000 - 0.5) < 0.03)
}
