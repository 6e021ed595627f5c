/// What a fuser wrote.
package struct FusedText: Sendable, Equatable {
  /// The answer.
  package let text: String
  /// Its tokens, the decoder's start token first.
  package let ids: [Int]
}
