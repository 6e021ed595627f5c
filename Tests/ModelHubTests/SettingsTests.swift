import Foundation
import HTTPClient
import ModelHub
import Testing

private func settings(_ variables: [String: String]) throws -> HubSettings {
  try HubSettings(environment: { variables[$0] })
}

@Test(arguments: [
  (["HOME": "/h"], "/h/.cache/huggingface/hub"),
  (["HOME": "/h", "XDG_CACHE_HOME": "/x"], "/x/huggingface/hub"),
  (["HOME": "/h", "XDG_CACHE_HOME": "/x", "HF_HOME": "/f"], "/f/hub"),
  (["HOME": "/h", "HF_HOME": "~/f"], "/h/f/hub"),
  (["HOME": "/h", "A": "b", "HF_HOME": "/$A/${A}c/$NO/${NO/$"], "/b/bc/$NO/${NO/$/hub"),
  (["HOME": "/h", "HF_HOME": "/f", "HUGGINGFACE_HUB_CACHE": "/o"], "/o"),
  (["HOME": "/h", "HUGGINGFACE_HUB_CACHE": "/o", "HF_HUB_CACHE": "/n"], "/n"),
  (["HOME": "/h", "HF_HUB_CACHE": "", "HF_HOME": ""], "/h/.cache/huggingface/hub"),
]) func theCacheIsWherePythonHasIt(_ variables: [String: String], _ folder: String) throws {
  #expect(HubSettings.cacheFolder { variables[$0] } == folder)
  #expect(try settings(variables).cacheFolder == folder)
}

@Test func theHubIsTheUsualOneOrAnother() throws {
  #expect(try settings(["HOME": "/h"]).endpoint.text == "https://huggingface.co/")
  #expect(
    try settings(["HOME": "/h", "HF_ENDPOINT": "http://127.0.0.1:80/hf/"]).endpoint.text
      == "http://127.0.0.1:80/hf/")
  for text in ["hub", "ftp://hub.test", "https://a:b@hub.test", "https://hub.test/?x"] {
    let error = hubError { _ = try settings(["HOME": "/h", "HF_ENDPOINT": text]) }
    guard case .badEndpoint? = error else {
      Issue.record("\(text): \(String(describing: error))")
      continue
    }
  }
}

@Test func theTokenComesFromTheEnvironmentOrAFile() throws {
  let cache = try TestCache()
  let home = cache.path("home")
  func source(_ variables: [String: String]) throws -> String? {
    try settings(variables.merging(["HOME": home]) { $1 }).token?.source
  }
  #expect(try source([:]) == nil)
  #expect(try source(["HUGGING_FACE_HUB_TOKEN": "hf_a"]) == "HUGGING_FACE_HUB_TOKEN")
  #expect(try source(["HUGGING_FACE_HUB_TOKEN": "hf_a", "HF_TOKEN": " hf_b\n"]) == "HF_TOKEN")
  try cache.write(Array("hf_file\n".utf8), to: "home/.cache/huggingface/token")
  #expect(try source([:]) == "\(home)/.cache/huggingface/token")
  try cache.write(Array("hf_file\n".utf8), to: "elsewhere")
  let path = cache.path("elsewhere")
  #expect(try source(["HF_TOKEN_PATH": path]) == path)
  #expect(try source(["HF_TOKEN": "hf_b", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"]) == nil)
  let error = hubError { _ = try source(["HF_TOKEN": "hf_a\r\nX-Evil: b"]) }
  #expect("\(try #require(error))".contains("the token of HF_TOKEN has unusual characters"))
  #expect(!"\(try #require(error))".contains("hf_a"))
}

@Test func noDescriptionHasTheToken() throws {
  let secret = "hf_verysecret"
  let settings = try settings(["HOME": "/h", "HF_TOKEN": secret])
  let token = try #require(settings.token)
  var dumped = ""
  dump(settings, to: &dumped)
  for text in ["\(token)", String(reflecting: token), dumped, "\(settings)", "\([token])"] {
    #expect(!text.contains(secret), "\(text)")
  }
}

@Test(arguments: [("1", true), ("true", true), ("YES", true), ("0", false), ("", false)])
func offlineIsAWish(_ value: String, _ isOffline: Bool) throws {
  #expect(try settings(["HOME": "/h", "HF_HUB_OFFLINE": value]).isOffline == isOffline)
  #expect(try settings(["HOME": "/h", "TRANSFORMERS_OFFLINE": value]).isOffline == isOffline)
}
