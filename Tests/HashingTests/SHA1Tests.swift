import Hashing
import Testing

/// Texts and hashes from FIPS 180-4's examples and `sha1sum`.
private let known: [(String, String)] = [
  ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
  ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
  (
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
  ),
]

@Test(arguments: known) func sha1HashesAsTheStandardSays(_ text: String, _ expected: String) {
  let bytes = Array(text.utf8)
  var hash = SHA1()
  unsafe hash.update(bytes.span.bytes.extracting(first: bytes.count / 3))
  unsafe hash.update(bytes.span.bytes.extracting(droppingFirst: bytes.count / 3))
  #expect(hash.hexadecimal == expected)
  #expect(hash.hexadecimal == expected, "reading the hash does not end it")
}

@Test func spansHashAsSequences() {
  let bytes = Array("abc".utf8)
  var hash = SHA256()
  unsafe hash.update(bytes.span.bytes)
  #expect(hash.hexadecimal == SHA256.hexadecimal(of: "abc"))
}
