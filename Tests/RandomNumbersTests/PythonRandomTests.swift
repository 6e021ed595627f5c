import Foundation
import JSON
import RandomNumbers
import Testing

private func rows(_ name: String) throws -> [JSONValue] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
  let bytes = try Data(contentsOf: folder.appending(path: "Fixtures/\(name)"))
  return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONParser().value(of: $0) }
}

private func integer(_ value: JSONValue?) throws -> Int { try #require(value?.int) }

private func integers(_ value: JSONValue?) throws -> [Int] {
  try #require(value?.array).map { try #require($0.int) }
}

/// Decimal text of a number given as 32-bit words, least significant first.
private func decimal(_ words: [UInt32]) -> String {
  var words = words
  var digits: [Character] = []
  while words.contains(where: { $0 != 0 }) {
    var rest: UInt64 = 0
    for index in words.indices.reversed() {
      rest = rest << 32 | UInt64(words[index])
      words[index] = UInt32(rest / 10)
      rest %= 10
    }
    digits.append(Character(String(rest)))
  }
  return digits.isEmpty ? "0" : String(digits.reversed())
}

/// Whether `values` are the recorded ones: all of them, or the head and the tail of a long list.
private func expectEqual(_ values: [Int], _ expected: JSONValue, _ label: String) throws {
  if expected["values"] != nil {
    #expect(try values == integers(expected["values"]), "\(label)")
  } else {
    let head = try integers(expected["head"])
    let tail = try integers(expected["tail"])
    #expect(Array(values.prefix(head.count)) == head, "\(label)")
    #expect(Array(values.suffix(tail.count)) == tail, "\(label)")
  }
}

@Test func drawsWhatPythonDraws() throws {
  let expected = try rows("expected.jsonl")
  let cases = try rows("cases.jsonl")
  #expect(cases.count == expected.count)
  for (drawn, expected) in zip(cases, expected) {
    let operation = try #require(drawn["op"]?.string)
    let seed = try #require(drawn["seed"]?.string)
    var random = try #require(PythonRandom(decimalSeed: seed))
    let label = "\(operation), seed \(seed), case \(try integer(drawn["id"]))"
    switch operation {
    case "shuffle":
      var numbers = Array(0..<(try integer(drawn["n"])))
      random.shuffle(&numbers)
      try expectEqual(numbers, expected, label)
    case "shuffle_twice":
      var all: [Int] = []
      for count in try integers(drawn["n"]) {
        var numbers = Array(0..<count)
        random.shuffle(&numbers)
        all += numbers
      }
      try expectEqual(all, expected, label)
    case "sample":
      let sample = random.sample(
        Array(0..<(try integer(drawn["n"]))), size: try integer(drawn["k"]))
      try expectEqual(sample, expected, label)
    case "random":
      let numbers = try #require(expected["values"]?.array).map { $0.number }
      #expect(numbers.map { _ in random.random() } == numbers, "\(label)")
    case "getrandbits":
      let texts = try #require(expected["values"]?.array).map { $0.string }
      let drawnTexts = try integers(drawn["bits"]).map { decimal(random.randomWords(bits: $0)) }
      #expect(drawnTexts == texts, "\(label)")
    case "randrange":
      let numbers = try integers(drawn["bounds"]).map { random.randomInteger(below: $0) }
      try expectEqual(numbers, expected, label)
    default: Issue.record("unknown operation \(operation)")
    }
  }
}

@Test(arguments: ["0", "-0", "+7", "-42", "18446744073709551616"])
func acceptsDecimalSeeds(_ text: String) {
  #expect(PythonRandom(decimalSeed: text) != nil)
}

@Test(arguments: ["", "-", "4 2", "1e3", "٣"])
func refusesOtherSeeds(_ text: String) {
  #expect(PythonRandom(decimalSeed: text) == nil)
}

@Test func integerAndDecimalSeedsAgreeAndDropTheSign() throws {
  for seed in [0, 1, -1, 42, Int.max, Int.min] {
    var one = PythonRandom(seed: seed)
    var other = try #require(PythonRandom(decimalSeed: String(seed.magnitude)))
    #expect((0..<5).map { _ in one.next() } == (0..<5).map { _ in other.randomBits(64) })
  }
}

@Test func standardLibraryFunctionsAcceptIt() {
  var random = PythonRandom(seed: 3)
  #expect((0..<10).contains(Int.random(in: 0..<10, using: &random)))
  #expect(random.randomBits(0) == 0)
  #expect(random.sample(count: 3, size: 0) == [])
}
