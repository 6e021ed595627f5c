import Judging
import Records
import Testing

private let fourChoice: [(String, Verdict?)] = [
  ("1", .aIsBetter), ("2", .bIsBetter), ("3", .sameGood), ("4", .sameBad), (" 2\n", .bIsBetter),
  ("(1)", .aIsBetter), ("[[3]]", .sameGood), ("[4]", .sameBad), ("2)", .bIsBetter),
  ("1.", .aIsBetter), ("**1**", .aIsBetter), ("`2`", .bIsBetter), ("\"3\"", .sameGood),
  ("A is better", .aIsBetter), ("b is better.", .bIsBetter), ("[[A]]", .aIsBetter),
  ("Same good", .sameGood), ("both are bad", .sameBad), ("Candidate B is better", .bIsBetter),
  ("1. A is better", .aIsBetter), ("(2) B is better.", .bIsBetter), ("4: Same bad", .sameBad),
  ("3 - both good", .sameGood), ("Answer: 1", .aIsBetter), ("**Verdict:** 2", .bIsBetter),
  ("Option 3", .sameGood), ("Final verdict: [[B]]", .bIsBetter),
  ("", nil), (" \n\t", nil), ("5", nil), ("0", nil), ("12", nil), ("1.5", nil), ("A", nil),
  ("[[C]]", nil), ("Tie", nil), ("1 or 2", nil), ("1. B is better", nil), ("3 1", nil),
  ("1\n2", nil), ("1\nBecause it is right.", nil), ("I think 1", nil), ("A is better than B", nil),
  ("not A is better", nil), ("\u{FF11}", nil), ("-1", nil), ("1/2", nil), ("[1)", nil),
  ("A is not better", nil), ("[[A]] [[B]]", nil), ("{\"verdict\": \"A is better\"}", nil),
]

@Test func fourChoiceTakesExactFormsOnly() {
  for (reply, verdict) in fourChoice {
    let parsed = ReplyParser.fourChoice.parse(reply)
    #expect(parsed.verdict == verdict, "\(reply.debugDescription)")
    #expect((parsed.reason != nil) == (verdict == nil), "\(reply.debugDescription)")
  }
}

@Test func fourChoiceSaysWhyNot() {
  func reason(_ reply: String) -> String? { ReplyParser.fourChoice.parse(reply).reason }
  #expect(reason("1 or 2") == "ambiguous: names the options 1, 2")
  #expect(
    reason("1. B is better")
      == "ambiguous: the number means \"A is better\", the words \"B is better\"")
  #expect(reason("5") == "5 is not one of the options 1 to 4")
  #expect(reason("tie") == "a tie that does not say whether both are good or both are bad")
  #expect(reason("") == "the reply is empty")
}

private let structured: [(String, Verdict?)] = [
  (#"{"verdict": "A is better"}"#, .aIsBetter),
  (#" {"reason": "x", "verdict": "Same bad", "more": [1]} "#, .sameBad),
  ("```json\n{\"verdict\": \"B is better\"}\n```", .bIsBetter),
  ("```\n{\"verdict\": \"Same good\"}\n```\n", .sameGood),
  ("```JSON\r\n{\"verdict\": \"B is better\"}\r\n```", .bIsBetter),
  ("Here: {\"verdict\": \"A is better\"}", nil), ("{\"verdict\": \"A is better\"} done", nil),
  ("```python\n{\"verdict\": \"A is better\"}\n```", nil), ("```json\n```", nil), ("``````", nil),
  ("```json {\"verdict\": \"A is better\"}```", nil),
  (#"{"verdict": "A"}"#, nil), (#"{"verdict": "a is better"}"#, nil), (#"{"verdict": 1}"#, nil),
  (#"{"verdict": null}"#, nil), (#"{"reason": "A is better"}"#, nil), (#"["A is better"]"#, nil),
  (#"{"verdict": "A is better", "verdict": "B is better"}"#, nil),
  (#"{"nested": {"verdict": "A is better"}}"#, nil), ("{\"verdict\": \"A is better\"", nil),
  ("{\"verdict\": \"A is better\"}{\"verdict\": \"B is better\"}", nil), ("1", nil),
]

@Test func structuredTakesOneObjectOnly() {
  for (reply, verdict) in structured {
    let parsed = ReplyParser.structuredJSON.parse(reply)
    #expect(parsed.verdict == verdict, "\(reply.debugDescription): \(parsed)")
  }
  let reply = #"{"reason": "Short.", "verdict": "Same good"}"#
  #expect(ReplyParser.structuredJSON.parse(reply).explanation == "Short.")
  #expect(!ReplyParser.structuredJSON.parse(reply).isTieKindAssumed)
}

private let bracketed: [(String, Verdict?, Bool)] = [
  ("Both fine, but A is exact. [[A]]", .aIsBetter, false), ("[[B]]\nmore", .bIsBetter, false),
  ("[[C]]", .sameGood, true), ("[[A]] … so: [[A]]", .aIsBetter, false),
  ("[[A]] or [[B]]", nil, false), ("[[B]] [[C]]", nil, false), ("[A]", nil, false),
  ("[[a]]", nil, false), ("[[ A ]]", nil, false), ("[[D]]", nil, false),
]

@Test func mtBenchTakesOneKindOfMark() {
  for (reply, verdict, assumed) in bracketed {
    let parsed = ReplyParser.mtBench.parse(reply)
    #expect(parsed.verdict == verdict, "\(reply)")
    #expect(parsed.isTieKindAssumed == assumed, "\(reply)")
  }
}

private let scorePairs: [(String, Verdict?, [Double])] = [
  ("9 8\nAssistant 1…", .aIsBetter, [9, 8]), ("7 8.5", .bIsBetter, [7, 8.5]),
  ("10, 10\n", .sameGood, [10, 10]), ("9,5", .aIsBetter, [9, 5]),
  (" 8\t9\r\nx", .bIsBetter, [8, 9]),
  ("9", nil, []), ("9 8 7", nil, []), ("9/10 8/10", nil, []), ("Score: 9 8", nil, []),
  ("-1 -1", nil, []), ("1e1 2", nil, []), ("nan 1", nil, []), ("9. 8", nil, []), (".5 8", nil, []),
  ("First, I solve it.\n9 8", nil, []), ("inf 1", nil, []),
]

@Test func scorePairReadsTheFirstLine() {
  for (reply, verdict, marks) in scorePairs {
    let parsed = ReplyParser.scorePair.parse(reply)
    #expect(parsed.verdict == verdict, "\(reply)")
    #expect((parsed.marks.map { [$0.a, $0.b] } ?? []) == marks, "\(reply)")
    #expect(parsed.isTieKindAssumed == (verdict == .sameGood), "\(reply)")
  }
}

@Test func parsersAreNamedWithTheirVersion() {
  #expect(
    ReplyParser.allCases.map(\.signature)
      == ["four-choice/1", "structured-json/1", "mt-bench/1", "score-pair/1"])
}
