import Foundation
import JSON
import Records
import Testing
import VerdictImport

/// Records of annotation tools with any of their parts exchanged for something else.
@Suite struct HostileRecordTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static let strangers: [JSONValue] = [
    nil, true, 0, -1, 1.5, "", "A", "left", "\n", [], [[]], [nil], ["A", 3], [:], ["value": "A"],
    ["id": 1], ["rank": [1], "value": ["A", "B"]], .unsignedInteger(.max),
  ]

  private static func mutated(_ value: JSONValue, _ chance: inout Generator) -> JSONValue {
    guard Int.random(in: 0..<12, using: &chance) > 0 else {
      return strangers[Int.random(in: 0..<strangers.count, using: &chance)]
    }
    switch value {
    case .array(let list): return .array(list.map { mutated($0, &chance) })
    case .object(let object):
      var result = JSONObject()
      for member in object.members where Int.random(in: 0..<20, using: &chance) > 0 {
        result[member.key] = mutated(member.value, &chance)
      }
      return .object(result)
    default: return value
    }
  }

  private static let task: JSONValue = [
    "id": 1, "data": ["prompt": "q", "answer1": "x", "answer2": "y", "example_id": "e"],
    "drafts": [["user": "u"]],
    "annotations": [
      [
        "completed_by": ["id": 3], "was_cancelled": false,
        "result": [["type": "pairwise", "from_name": "c", "value": ["selected": "left"]]],
      ],
      [
        "completed_by": 4,
        "result": [["type": "choices", "from_name": "t", "value": ["choices": ["Same bad"]]]],
      ],
      [
        "completed_by": 5,
        "result": [
          ["type": "ranker", "from_name": "r", "value": ["ranker": ["best": ["1"], "bad": ["2"]]]]
        ],
      ],
    ],
  ]

  @Test func everythingStrangeHasOneLineAndNothingIsInvented() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    var records: [(JSONValue, VerdictFormat)] = [(Self.task, .labelStudio)]
    for name in ["argilla-2-flat", "argilla-2-nested", "argilla-1-records", "argilla-1-datasets"] {
      let text = try String(contentsOf: folder.appending(path: "\(name).json"), encoding: .utf8)
      records.append((try #require(try JSONValue(json: text).array?.first), .argilla))
    }
    var chance = Generator(state: 7)
    var kept = 0
    var refused = 0
    for round in 0..<4000 {
      let (record, format) = records[round % records.count]
      let found = try reading(Self.mutated(record, &chance).json(), format: format)
      kept += found.verdicts.count
      refused += found.diagnostics.count
      for verdict in found.verdicts {
        #expect(verdict.verdict != nil && !verdict.judge.isEmpty && verdict.kind == .human)
        #expect(verdict.textA != nil && verdict.textB != nil)
      }
      for diagnostic in found.diagnostics { #expect(!diagnostic.message.isEmpty) }
    }
    #expect(kept > 500 && refused > 500)
  }
}
