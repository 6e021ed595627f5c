import Testing
import Tokenizers

/// Texts with the number of parts that Python's `str.split()` gives.
@Test(arguments: [
  ("", 0), (" \n\t", 0), ("one", 1), (" one  two\n", 2), ("a\u{A0}b\u{3000}c", 3),
  ("a\u{1C}b\u{1F}c", 3), ("a\u{200B}b", 1), ("a\u{85}b\u{2028}c", 3), ("a\r\nb", 2),
])
func countsWords(_ text: String, _ count: Int) {
  #expect(WordTokenizer().count(text) == count)
}
