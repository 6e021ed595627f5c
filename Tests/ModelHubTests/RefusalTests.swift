import Foundation
import HTTPClient
import LoopbackHub
import LoopbackServer
import ModelHub
import Testing

private let token = "hf_SecretSecretSecret"

private func error(
  _ model: LoopbackHub.Model, token: String? = nil, name: String = "owner/model",
  revision: String? = nil, interceptor: LoopbackHub.Interceptor? = nil
) throws -> HubError {
  let hub = LoopbackHub([model], interceptor: interceptor)
  return try #require(
    hubError {
      try pull(name, revision: revision, from: hub, into: try TestCache(), token: token)
    })
}

@Test func aGatedModelSaysWhatToDo() throws {
  var model = smallModel
  model.token = token
  model.isGated = true
  let without = try error(model)
  #expect(
    "\(without)".contains("owner/model is gated: ask for access on http://127.0.0.1:"))
  #expect("\(without)".contains("/owner/model, then set HF_TOKEN to a token of that account"))
  #expect(without.category == .missing)
  let with = try error(model, token: "hf_other_account_token")
  #expect("\(with)".contains("with the account of the token of HF_TOKEN, then pull again"))
  #expect(!"\(with)".contains("hf_other_account_token"))
}

@Test func anUnknownModelMayBeAPrivateOne() throws {
  let without = try error(smallModel, name: "owner/other")
  #expect("\(without)".contains("has no model 'owner/other'; when it is private, set HF_TOKEN"))
  let with = try error(smallModel, token: token, name: "owner/other")
  #expect("\(with)".contains("has no model 'owner/other' that the token may read"))
  #expect(with.category == .missing)
}

@Test func aTokenThatIsRefusedIsNotShown() throws {
  var model = smallModel
  model.token = "hf_another"
  let error = try error(model, token: token)
  #expect("\(error)".contains("refuses the token of HF_TOKEN"))
  #expect("\(error)".contains("Invalid credentials"))
  #expect(!"\(error)".contains(token))
}

@Test func whatAServerEchoesIsWithoutTheToken() throws {
  let error = try error(smallModel, token: token) { request in
    let words = request.fields["authorization"] ?? ""
    return [
      .answer(
        400, headers: ["Content-Type: application/json", "X-Error-Message: bad \(words)\u{7}"],
        text: "{}")
    ]
  }
  #expect("\(error)".contains("answers with status 400: bad Bearer [token]"), "\(error)")
  #expect(!"\(error)".contains(token))
  #expect(!"\(error)".unicodeScalars.contains { $0.value < 0x20 })
}

@Test func anUnknownRevisionIsNamed() throws {
  let error = try error(smallModel, revision: "v9")
  #expect("\(error)" == "owner/model has no revision 'v9': expected a branch, a tag or a commit")
  #expect(error.category == .missing)
}

@Test(arguments: ["", "../main", "a//b", "a b", "/main", "a\\b", "..", "a\u{0}b"])
func revisionsThatNoneCanBeAreRefused(_ revision: String) throws {
  let error = try error(smallModel, revision: revision)
  guard case .badRevision = error else {
    Issue.record("\(error)")
    return
  }
  #expect(error.category == .usage)
}

/// A listing with one file of this name.
private func listing(_ name: String) -> [FaultServer.Step] {
  let digits = String(repeating: "1", count: 40)
  return [
    .answer(
      text: """
        {"sha": "\(LoopbackHub.commit)", "siblings": [
        {"rfilename": "config.json", "size": 2, "blobId": "\(digits)"},
        {"rfilename": "\(name)", "size": 2, "blobId": "\(digits)"}]}
        """)
  ]
}

@Test(arguments: [
  ("../evil.json", "'.' or '..'"), ("a/../../evil.json", "'.' or '..'"),
  ("/etc/evil.json", "must not be absolute"), ("..", "'.' or '..'"), ("./a.json", "'.' or '..'"),
  (#"..\\evil.json"#, "'.' or '..'"), (#"\\\\server\\a.json"#, "must not be absolute"),
  (#"a\u0000b.json"#, "control characters"), (#"a\nb.json"#, "control characters"),
  ("a//b.json", "must not be empty"), ("a/", "must not be empty"), ("", "must not be empty"),
  (String(repeating: "x", count: 256), "longer than 255 bytes"),
  (String(repeating: "x/", count: 1500) + "y", "longer than 2048 bytes"),
  ("config.json", "listed twice"), ("config.json/a.json", "its folder is listed as a file"),
]) func hostileNamesAreRefused(_ name: String, _ reason: String) throws {
  let cache = try TestCache()
  let hub = LoopbackHub([smallModel]) { request in
    request.target.hasPrefix("/api/") ? listing(name) : nil
  }
  let error = try #require(
    hubError { try pull(from: hub, into: cache, included: ["*"]) })
  guard case .hostileName = error else {
    Issue.record("\(error)")
    return
  }
  #expect("\(error)".contains(reason), "\(error)")
  #expect(error.category == .badData)
  #expect("\(error)".utf8.count < 600)
  #expect(!"\(error)".unicodeScalars.contains { $0.value < 0x20 })
  #expect(try cache.names() == [])
  #expect(hub.contentRequests == [])
}

@Test(arguments: [
  "", "[]", "null", "{", #"{"sha": "../../evil", "siblings": []}"#,
  #"{"sha": "0123456789ABCDEF0123456789ABCDEF01234567", "siblings": []}"#,
  #"{"sha": "0123456789abcdef0123456789abcdef01234567"}"#,
  #"{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{}]}"#,
  #"{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "a", "blobId": "../x", "size": 1}]}"#,
  #"{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "a", "blobId": "0123456789abcdef0123456789abcdef01234567", "size": -1}]}"#,
]) func listingsThatAreNoneAreRefused(_ text: String) throws {
  let error = try error(smallModel) { _ in [.answer(text: text)] }
  guard case .malformedAnswer = error else {
    Issue.record("\(error)")
    return
  }
  #expect(error.category == .badData)
}

@Test func sizesThatNoSumHoldsAreRefused() throws {
  let error = try error(smallModel) { request in
    let files = ["1", "2", "3"].map { name in
      let digits = String(repeating: name, count: 64)
      return
        #"{"rfilename": "\#(name).json", "lfs": {"sha256": "\#(digits)", "size": 9223372036854775807}}"#
    }
    return [
      .answer(
        text: #"{"sha": "\#(LoopbackHub.commit)", "siblings": [\#(files.joined(separator: ","))]}"#)
    ]
  }
  #expect("\(error)".contains("more than 2^63 bytes"), "\(error)")
}

@Test func aMirrorThatTellsNoHashIsRefused() throws {
  let hub = LoopbackHub([smallModel], listing: .names) { request in
    request.method == "HEAD"
      ? [.send(Array("HTTP/1.1 200 OK\r\nETag: \"5f3-abc\"\r\nContent-Length: 3\r\n\r\n".utf8))]
      : nil
  }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  #expect("\(error)".contains("is no hash"), "\(error)")
}

@Test func nothingIsDownloadedOffline() throws {
  let hub = LoopbackHub([smallModel])
  let cache = try TestCache()
  let name = try #require(ModelName("owner/model"))
  let offline = try cache.settings(hub, isOffline: true)
  let pull = ModelPull(reference: ModelReference(name: name))
  let error = try #require(hubError { _ = try pull.run(offline) })
  #expect("\(error)".contains("owner/model is not in the cache, and HF_HUB_OFFLINE says not to"))
  #expect(error.category == .unavailable)
  #expect(hub.requests == [])
  _ = try pull.run(cache.settings(hub))
  hub.forgetRequests()
  let outcome = try pull.run(offline)
  #expect(outcome.isFromCache)
  #expect(outcome.commit == LoopbackHub.commit)
  #expect(outcome.files == 6)
  #expect(hub.requests == [])
  // A model of which a part is missing is not there.
  let blob = smallModel.files[LoopbackHub.commit]?[5].digits ?? ""
  try FileManager.default.removeItem(atPath: cache.path("models--owner--model/blobs/\(blob)"))
  #expect(hubError { _ = try pull.run(offline) } != nil)
}
