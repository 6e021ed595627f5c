import HTTPClient
import Testing

private struct Case: Sendable, CustomTestStringConvertible {
  let base: String
  let reference: String
  /// The address, or nil where it must be refused.
  let expected: String?
  var testDescription: String { "\(base) + \(reference)" }
}

private let cases: [Case] = [
  Case(base: "https://hub.test/a/b", reference: "/c?x=1", expected: "https://hub.test/c?x=1"),
  Case(base: "https://hub.test/a/b", reference: "c", expected: "https://hub.test/a/c"),
  Case(base: "https://hub.test/a", reference: "//cdn.test/c", expected: "https://cdn.test/c"),
  Case(base: "http://hub.test/a", reference: "https://cdn.test", expected: "https://cdn.test/"),
  Case(base: "http://hub.test:81/", reference: "http://a.test:82/", expected: "http://a.test:82/"),
  Case(base: "http://hub.test/", reference: "ftp://hub.test/a", expected: nil),
  Case(base: "http://hub.test/", reference: "file:///etc/passwd", expected: nil),
  Case(base: "http://hub.test/", reference: "http://user:word@cdn.test/", expected: nil),
  Case(base: "http://hub.test/", reference: "http://cdn.test/a b", expected: nil),
  Case(base: "http://hub.test/", reference: "http://cdn.test/a\r\nX: y", expected: nil),
  Case(base: "http://hub.test/", reference: "", expected: nil),
]

@Test(arguments: cases) private func resolvesAsTheTransferWill(_ item: Case) throws {
  let base = try #require(HTTPAddress(item.base))
  #expect(base.resolving(item.reference)?.text == item.expected)
}

@Test func originsAreSchemeHostAndPort() throws {
  let hub = try #require(HTTPAddress("https://Hub.Test/x"))
  func sameOrigin(_ text: String) -> Bool? { HTTPAddress(text).map { hub.hasOrigin(of: $0) } }
  #expect(sameOrigin("https://hub.test:443/y") == true)
  #expect(sameOrigin("https://HUB.test/y?z") == true)
  #expect(sameOrigin("http://hub.test/x") == false)
  #expect(sameOrigin("https://hub.test:444/x") == false)
  #expect(sameOrigin("https://hub.test.evil.test/x") == false)
  #expect(sameOrigin("https://cdn.hub.test/x") == false)
  // Whatever the host of these is taken for, it is not the hub.
  #expect(sameOrigin("https://evil.test#@hub.test/") != true)
  #expect(sameOrigin("https://hub.test\\@evil.test/") != true)
  #expect(sameOrigin("https://hub.test@evil.test/") != true)
}

@Test func shownAddressesHaveNoQuery() throws {
  let address = try #require(HTTPAddress("https://cdn.test/a/b?Signature=secret&x=1#y"))
  #expect(address.description == "https://cdn.test/a/b")
}
