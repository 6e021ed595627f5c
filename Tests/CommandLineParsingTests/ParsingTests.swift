import CommandLineParsing
import Testing

@Test func valuesComeInEveryForm() throws {
  for words in [
    ["metrics", "--input", "a"], ["metrics", "--input=a"], ["metrics", "-i", "a"],
    ["metrics", "-ia"], ["metrics", "-i=a"], ["metrics", "-qvi", "a"], ["metrics", "-vqia"],
  ] {
    guard case .run(let path, let arguments) = try sample.parse(words) else {
      Issue.record("\(words) does not run a command")
      continue
    }
    #expect(path == ["metrics"])
    #expect(arguments.string("input") == "a", "\(words)")
  }
}

@Test func valuesMayLookLikeNumbersOrTexts() throws {
  #expect(try arguments("metrics", "--penalty", "-1.5").double("penalty") == -1.5)
  #expect(try arguments("metrics", "--penalty", "-.5e-3").double("penalty") == -0.0005)
  #expect(try arguments("metrics", "--penalty=-2").double("penalty") == -2)
  #expect(try arguments("metrics", "-n", "-7").int("seed") == -7)
  #expect(try arguments("metrics", "--input", "-").string("input") == "-")
  #expect(try arguments("metrics", "--input", "- a -- b").string("input") == "- a -- b")
  #expect(try arguments("metrics", "--input=--quiet").string("input") == "--quiet")
  #expect(try arguments("metrics", "--input=a=b").string("input") == "a=b")
  #expect(try arguments("metrics", "--input=").string("input") == "")
}

@Test func twoDashesEndTheOptions() throws {
  let arguments = try arguments("ingest", "-s", "a.db", "x", "--", "--store", "-h", "--")
  #expect(arguments.list("FILE") == ["x", "--store", "-h", "--"])
  #expect(arguments.string("store") == "a.db")
}

@Test func optionsAndArgumentsMayBeMixed() throws {
  let arguments = try arguments("ingest", "a", "--store", "s", "b", "-q", "-5")
  #expect(arguments.list("FILE") == ["a", "b", "-5"])
  #expect(arguments.flag("quiet"))
}

@Test func flagsAndTheirOpposites() throws {
  #expect(try arguments("ingest", "-s", "a", "f").flag("copy"))
  #expect(try !arguments("ingest", "-s", "a", "f", "--no-copy").flag("copy"))
  #expect(try arguments("ingest", "-s", "a", "f", "--no-copy", "--copy").flag("copy"))
  #expect(try arguments("metrics", "--no-stemmer").flag("no-stemmer"))
  #expect(try !arguments("metrics").flag("no-stemmer"))
}

@Test func listsAreRepeatedOrSeparated() throws {
  let given = try arguments(
    "metrics", "--metrics", " rouge2, bleu ,", "-m", "rouge1", "--quota", "a=1,2", "--quota=b=3")
  #expect(given.list("metrics") == ["rouge2", "bleu", "rouge1"])
  #expect(given.list("quota") == ["a=1,2", "b=3"])
  let none = try arguments("metrics")
  #expect(none.list("metrics") == ["rouge1", "rougeL"])
  #expect(none.list("quota") == [])
}

@Test func defaultsHoldUnlessAValueIsGiven() throws {
  #expect(try arguments("metrics").requiredInt("seed", in: 0...) == 42)
  #expect(try arguments("metrics", "--seed", "0").int("seed", in: 0...) == 0)
  #expect(try arguments("metrics").int("max-length", in: 1...) == nil)
  #expect(try !arguments("metrics").isGiven("seed"))
  #expect(try arguments("metrics", "--seed", "42").isGiven("seed"))
  #expect(try arguments("metrics", "--seed", "42", "--seed=42").int("seed") == 42)
}

@Test(arguments: [
  (["--help"], []), (["-h"], []), (["help"], []), ([], []), (["help", "--help"], []),
  (["metrics", "--help"], ["metrics"]), (["metrics", "--bad", "-h"], ["metrics"]),
  (["help", "metrics"], ["metrics"]), (["help", "collect", "plan"], ["collect", "plan"]),
  (["collect", "--help"], ["collect"]), (["collect", "plan", "-h"], ["collect", "plan"]),
  (["show"], ["show"]), (["metrics", "--input", "--help"], ["metrics"]),
])
func helpIsFoundEverywhere(words: [String], path: [String]) throws {
  guard case .help(let shown) = try sample.parse(words) else {
    Issue.record("\(words) is no request for help")
    return
  }
  #expect(shown == path)
}

@Test func theVersionIsAskedOfTheProgram() throws {
  guard case .version = try sample.parse(["--version"]) else {
    Issue.record("--version is not understood")
    return
  }
  #expect(sample.versionLine == "sampler 1.2.0")
}

@Test(arguments: [
  (["collect", "--store", "a"], ["collect", "run"]), (["collect", "-sa"], ["collect", "run"]),
  (["collect", "run", "-sa"], ["collect", "run"]),
  (["collect", "plan", "-sa"], ["collect", "plan"]),
  (["show", "record", "-sa", "x"], ["show", "record"]),
])
func subcommandsHaveADefault(words: [String], path: [String]) throws {
  guard case .run(let found, let arguments) = try sample.parse(words) else {
    Issue.record("\(words) does not run a command")
    return
  }
  #expect(found == path)
  #expect(arguments.commandPath == ["sampler"] + path)
  #expect(arguments.string("store") == "a")
}

@Test func whatIsReadIsRemembered() throws {
  let arguments = try arguments("ingest", "--store", "a", "f", "--no-copy")
  #expect(arguments.unreadNames == ["store", "format", "copy", "quiet", "FILE"])
  _ = arguments.string("store")
  _ = arguments.flag("quiet")
  _ = arguments.list("FILE")
  #expect(arguments.unreadNames == ["format", "copy"])
}

@Test func keysAreComparedByBytes() throws {
  // The composed and the decomposed form are canonically equal, yet different values.
  let error = #expect(throws: UsageError.self) {
    try arguments("metrics", "--input", "\u{E9}", "--input", "e\u{301}")
  }
  #expect(
    error?.fact
      == .conflictingValues(label: "--input FILE", first: "\u{E9}", second: "e\u{301}"))
}
