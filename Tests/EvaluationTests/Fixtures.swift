import Foundation
import JSON
import Records

/// Reads recorded inputs and outputs beside the tests.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static func lines(_ path: String) throws -> [JSONValue] {
    let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    return try text.utf8.split(separator: UInt8(ascii: "\n")).map {
      try JSONValue(json: String(decoding: $0, as: UTF8.self))
    }
  }

  static func value(_ path: String) throws -> JSONValue {
    try JSONValue(
      json: String(contentsOf: folder.appending(path: path), encoding: .utf8))
  }

  /// The verdicts of `cmp_results`; model names of the fixtures hold no commas.
  static func verdicts(_ record: JSONValue) -> [PairVerdict] {
    (record["cmp_results"]?.object?.members ?? []).compactMap { member in
      let models = member.key.split(separator: ",").map(String.init)
      guard models.count == 2, let verdict = member.value.string.flatMap(Verdict.init(rawValue:))
      else { return nil }
      return PairVerdict(modelA: models[0], modelB: models[1], verdict: verdict)
    }
  }
}

extension JSONValue {
  var numbers: [Double] { array?.compactMap(\.number) ?? [] }
  var integers: [Int] { array?.compactMap(\.int) ?? [] }
  var strings: [String] { array?.compactMap(\.string) ?? [] }
  var rows: [[Double]] { array?.map(\.numbers) ?? [] }
  var integerRows: [[Int]] { array?.map(\.integers) ?? [] }
}

func isClose(_ left: Double?, _ right: Double?, _ tolerance: Double = 1e-9) -> Bool {
  switch (left, right) {
  case (nil, nil): true
  case (let left?, let right?): abs(left - right) <= tolerance * max(1, abs(right))
  default: false
  }
}
