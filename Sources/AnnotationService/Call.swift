internal import Annotation
internal import HTTPServer
internal import JSON

/// A request that passed all checks, with what its route reads from it.
struct Call {
  let request: HTTPServerRequest
  /// The parts of the path that stand for the template's.
  let parameters: [String]
  /// The body; empty when the route reads none.
  let body: FieldReader
  let query: QueryReader
  /// `nil` where anybody may ask.
  let signedIn: SignedIn?
  let now: AnnotationTime

  /// The row of who asks.
  func person() throws(ServiceRefusal) -> Int64 {
    guard let signedIn else { throw .notSignedIn }
    return signedIn.identity.person
  }

  /// The row that the path names.
  func row() throws(ServiceRefusal) -> Int64 {
    guard let text = parameters.first, let row = QueryReader.number(text), row > 0 else {
      throw .noSuchPage
    }
    return row
  }
}

/// A session with its person.
struct SignedIn: Sendable {
  let session: AnnotationSession
  let identity: AnnotatorIdentity
}
