import JSON
import Testing

@testable import Checkpoints

@Suite struct ModelConfigurationTests {
  static func configuration(_ json: String) throws -> ModelConfiguration {
    ModelConfiguration(
      path: "config.json", settings: try #require(JSONValue(json: json).object))
  }

  @Test func settingsOfEveryKind() throws {
    let settings = try Self.configuration(
      """
      {"hidden_size": 384, "eps": 1e-7, "flag": true, "act": "gelu", "names": ["a", "b"],
       "none": null, "inner": {"k": 2}, "big": 3.0}
      """)
    #expect(try settings.int("hidden_size") == 384)
    #expect(try settings.double("eps") == 1e-7)
    #expect(try settings.double("hidden_size") == 384)
    #expect(try settings.bool("flag"))
    #expect(try settings.string("act") == "gelu")
    #expect(try settings.strings("names") == ["a", "b"])
    #expect(try settings.nested("inner").int("k") == 2)
    #expect(try settings.choice("act", of: ["relu": 1, "gelu": 2]) == 2)
    #expect(try settings.int("none", default: 5) == 5)
    #expect(try settings.int("absent", default: 6) == 6)
    #expect(settings.contains("eps") && !settings.contains("none") && !settings.contains("x"))
  }

  @Test func errorsNameKeyValueAndWhatWasExpected() throws {
    let settings = try Self.configuration(
      #"{"n": -1, "s": "x\ny", "f": 1.5, "list": [1], "inner": {"k": "z"}}"#)
    func message(_ body: () throws(CheckpointError) -> Void) -> String {
      do throws(CheckpointError) {
        try body()
        return "no error"
      } catch {
        return error.description
      }
    }
    #expect(
      message { () throws(CheckpointError) in _ = try settings.int("n") }
        == "config.json: 'n' is -1: expected an integer from 1 to 1073741824")
    #expect(
      message { () throws(CheckpointError) in _ = try settings.int("absent") }
        == "config.json: 'absent' is missing: expected an integer from 1 to 1073741824")
    #expect(
      message { () throws(CheckpointError) in _ = try settings.int("f") }
        == "config.json: 'f' is 1.5: expected an integer from 1 to 1073741824")
    #expect(
      message { () throws(CheckpointError) in _ = try settings.bool("s") }
        == "config.json: 's' is 'x\u{FFFD}y': expected true or false")
    #expect(
      message { () throws(CheckpointError) in _ = try settings.strings("list") }
        == "config.json: 'list' is an array of 1: expected a list of strings")
    #expect(
      message { () throws(CheckpointError) in
        _ = try settings.choice("s", of: ["relu": 1, "gelu": 2])
      } == "config.json: 's' is 'x\u{FFFD}y': expected 'relu', 'gelu'")
    #expect(
      message { () throws(CheckpointError) in _ = try settings.nested("inner").int("k") }
        == "config.json: 'inner.k' is 'z': expected an integer from 1 to 1073741824")
    #expect(
      message { () throws(CheckpointError) in _ = try settings.double("n", in: 0...1) }
        == "config.json: 'n' is -1: expected a number from 0.0 to 1.0")
  }

  @Test func filesThatAreNoSettings() throws {
    for (bytes, text) in [
      ("[]", "the file holds an array: expected an object"), ("", "the text is empty"),
      ("{\"a\": }", "not valid JSON"),
    ] {
      try Fixtures.withTemporaryFiles(["config.json": Array(bytes.utf8)]) { folder in
        _ = #expect {
          try ModelConfiguration(path: "\(folder)/config.json")
        } throws: {
          "\($0)".contains(text)
        }
      }
    }
  }
}
