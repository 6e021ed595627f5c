import Foundation
import JSON
import ModelHub
import Testing

@Test(arguments: [
  ("owner/model", "models--owner--model"), ("gpt2", "models--gpt2"),
  ("Foo-BAR_foo.bar123/x", "models--Foo-BAR_foo.bar123--x"), ("a-b/c-d", "models--a-b--c-d"),
]) func namesAndFoldersAreOneAnother(_ text: String, _ folder: String) throws {
  let name = try #require(ModelName(text))
  #expect(name.folderName == folder)
  #expect(ModelName(folderName: folder) == name)
}

@Test(arguments: [
  "", "/", "a/", "/a", "a/b/c", "-a", "a-", ".a", "a.", "a/.b", "a--b", "a..b", "../a", "a b",
  "é/a", "a\u{0}b", "models", "a.git", "a/b@c", String(repeating: "a", count: 97), "./a", "a\\b",
]) func whatIsNoName(_ text: String) {
  #expect(ModelName(text) == nil)
}

@Test(arguments: [
  "models--", "models--a--b--c", "datasets--a--b", "models", "models--a--", "models--..--x",
  "models---a",
]) func whatIsNoFolderOfAModel(_ folder: String) {
  #expect(ModelName(folderName: folder) == nil)
}

@Test func referencesHaveARevisionAfterAnAt() throws {
  let reference = try #require(ModelReference("owner/model@refs/pr/1"))
  #expect(reference.name.text == "owner/model")
  #expect(reference.revision == "refs/pr/1")
  #expect("\(reference)" == "owner/model@refs/pr/1")
  #expect(try #require(ModelReference("owner/model")).revision == nil)
  for text in ["owner/model@", "owner/model@../x", "owner/model@a//b", "@main", "a/b@\u{7}"] {
    #expect(ModelReference(text) == nil, "\(text)")
  }
}

@Test func hashesAreReadFromEntityTags() {
  let (sha1, sha256) = (String(repeating: "a1", count: 20), String(repeating: "b2", count: 32))
  #expect(BlobHash(entityTag: "\"\(sha1)\"") == .gitBlob(sha1))
  #expect(BlobHash(entityTag: "W/\"\(sha256)\"") == .sha256(sha256))
  #expect(BlobHash(entityTag: sha256) == .sha256(sha256))
  for text in ["", "\"\"", "W/", "\"\(sha1)", "\(sha1.uppercased())", "\(sha1)0", "../\(sha1)"] {
    #expect(BlobHash(entityTag: text) == nil, "\(text)")
  }
}

@Test func patternsMatchAsInPython() throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/globs.jsonl")
  let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
  #expect(lines.count == 500)
  for line in lines {
    let value = try JSONValue(json: String(line))
    let pattern = try #require(value["pattern"]?.string)
    let path = try #require(value["path"]?.string)
    #expect(GlobPattern(pattern).matches(path) == value["matches"]?.bool, "\(line)")
  }
}

@Test func aPatternOfManyStarsIsDecidedSoon() {
  let pattern = GlobPattern(String(repeating: "*a", count: 50) + "b")
  let start = ContinuousClock.now
  #expect(!pattern.matches(String(repeating: "a", count: 2000)))
  #expect(ContinuousClock.now - start < .seconds(5))
}
