import JSON
import Records
import Testing

@testable import Evaluation

/// Agreement of raters against statsmodels, krippendorff and irrCAC; `FIXTURES.md` says how recorded.
@Suite struct RatingTableTests {
  private static func table(_ record: JSONValue) throws -> RatingTable {
    var table = RatingTable(categories: try #require(record["categories"]?.int))
    for rating in record["ratings"]?.integerRows ?? [] {
      table.add(item: Int64(rating[0]), rater: Int64(rating[1]), category: rating[2])
    }
    return table
  }

  /// What the reference says against what the table says, with the names of what differs.
  private static func differences(
    _ actual: AgreementEstimate, _ expected: JSONValue?, tolerance: Double = 1e-12
  ) -> [String] {
    let fields = [
      ("value", actual.value), ("error", actual.standardError), ("low", actual.low),
      ("high", actual.high),
    ]
    return fields.compactMap { name, value in
      // The raw share's error is no part of its interval, and nobody's reference has one.
      if name == "error", expected?["value"]?.number != nil, expected?["error"] == nil {
        return nil
      }
      let wanted = expected?[name]?.number
      // irrCAC puts 1e-15 in the place of an error of 0.
      return isClose(value, wanted, tolerance)
        ? nil : "\(name) is \(String(describing: value)), not \(String(describing: wanted))"
    }
  }

  @Test func coefficientsEqualTheReferences() throws {
    var compared = 0
    for record in try Fixtures.lines("agreement/tables.jsonl") {
      let name = record["name"]?.string ?? ""
      let table = try Self.table(record)
      func check(_ kind: String, _ form: String, _ actual: AgreementEstimate) {
        let expected = record[kind]?[form]
        #expect(expected != nil, "\(name) has no \(kind) \(form)")
        let found = Self.differences(actual, expected)
        #expect(found.isEmpty, "\(name), \(kind), \(form): \(found)")
        compared += 1
      }
      for weights in AgreementWeights.allCases {
        check("raw", weights.rawValue, table.raw(weights))
        check("fleiss", weights.rawValue, table.fleissKappa(weights))
        check("gwet", weights.rawValue, table.gwetAC2(weights))
        if weights != .ordinal { check("cohen", weights.rawValue, table.cohenKappa(weights)) }
      }
      for level in MeasurementLevel.allCases {
        check("alpha", level.rawValue, table.krippendorffAlpha(level))
      }
    }
    #expect(compared >= 18 * 38)
  }

  /// Intervals of t against scipy's `t.ppf(0.975, n)`.
  @Test func intervalsOfOneToManyItemsReachAsFarAsStudentsT() throws {
    for record in try Fixtures.lines("agreement/reaches.jsonl") {
      let freedom = try #require(record["freedom"]?.int)
      let reach = try #require(record["reach"]?.number)
      #expect(isClose(StudentDistribution.reach95(freedom: freedom), reach, 1e-13), "\(freedom)")
    }
  }

  @Test func sharesHaveWilsonsInterval() throws {
    for record in try Fixtures.lines("agreement/shares.jsonl") {
      let count = try #require(record["count"]?.int)
      let total = try #require(record["total"]?.int)
      let interval = try #require(Proportion(count, of: total).interval)
      #expect(isClose(interval.lower, record["low"]?.number, 1e-13), "\(count) of \(total)")
      #expect(isClose(interval.upper, record["high"]?.number, 1e-13), "\(count) of \(total)")
    }
    #expect(Proportion().interval == nil && Proportion().share == nil)
  }

  @Test func aSecondRatingTakesTheFirstOnesPlace() {
    var changed = RatingTable(categories: 3)
    var direct = RatingTable(categories: 3)
    for item in 0..<12 as Range<Int64> {
      changed.add(item: item, rater: 1, category: 2)
      changed.add(item: item, rater: 2, category: Int(item) % 2)
      changed.add(item: item, rater: 1, category: Int(item) % 3)
      direct.add(item: item, rater: 1, category: Int(item) % 3)
      direct.add(item: item, rater: 2, category: Int(item) % 2)
    }
    #expect(changed.raw == direct.raw && changed.fleissKappa == direct.fleissKappa)
    #expect(changed.cohenKappa == direct.cohenKappa && changed.gwetAC2 == direct.gwetAC2)
    #expect(changed.krippendorffAlpha == direct.krippendorffAlpha)
    #expect(changed.items == 12 && changed.raters == 2 && changed.comparedItems == 12)
  }

  @Test func withoutRatingsNothingIsDefined() {
    let empty = RatingTable(categories: 4)
    for estimate in [
      empty.raw, empty.cohenKappa, empty.fleissKappa, empty.krippendorffAlpha, empty.gwetAC2,
    ] {
      #expect(estimate == .undefined)
    }
    var one = RatingTable(categories: 1)
    one.add(item: 1, rater: 1, category: 0)
    one.add(item: 1, rater: 2, category: 0)
    #expect(one.raw.value == 1 && one.gwetAC2 == .undefined)
    #expect(one.fleissKappa == .undefined && one.krippendorffAlpha == .undefined)
  }

  /// One item has a value but tells nothing of its spread; only the share has an interval.
  @Test func oneItemHasNoSpread() {
    var table = RatingTable(categories: 3)
    for (rater, category) in [1, 1, 0].enumerated() {
      table.add(item: 9, rater: Int64(rater), category: category)
    }
    #expect(isClose(table.raw.value, 1 / 3.0) && table.raw.interval != nil)
    #expect(table.raw.standardError == nil)
    for estimate in [table.fleissKappa, table.krippendorffAlpha, table.gwetAC2, table.cohenKappa] {
      #expect(estimate.interval == nil && estimate.standardError == nil)
    }
    // Shares 2/3 and 1/3: chance disagrees 4/9, the pairs 2/3.
    #expect(isClose(table.fleissKappa.value, 1 - 2 / 3.0 / (4 / 9.0)))
  }

  @Test func pairsOfRatersAreListedInTheirOrder() {
    var table = RatingTable(categories: 2)
    table.add(item: 1, rater: 30, category: 0)
    table.add(item: 1, rater: 20, category: 1)
    table.add(item: 2, rater: 20, category: 1)
    table.add(item: 2, rater: 10, category: 1)
    let pairs = table.pairs
    #expect(pairs.map(\.first) == [10, 20] && pairs.map(\.second) == [20, 30])
    #expect(pairs.map(\.table.total) == [1, 1] && pairs.map(\.table.same) == [1, 0])
    #expect(pairs.last?.table.counts == [0, 0, 1, 0], "rows are of rater 20")
  }

  @Test func anAnnotatorsHabitsAreCounted() {
    var quality = AnnotatorQuality()
    for verdict in [Verdict.aIsBetter, .aIsBetter, .bIsBetter, .sameGood] {
      quality.addShown(verdict)
    }
    quality.addRepeat(.aIsBetter, .aIsBetter)
    quality.addRepeat(.aIsBetter, .sameBad)
    quality.addGold(.bIsBetter, expected: .bIsBetter)
    quality.add(.sameGood, others: [.sameGood, .sameBad, .sameGood])
    #expect(quality.firstSide == Proportion(2, of: 3) && !quality.prefersASide)
    #expect(quality.selfConsistency == Proportion(1, of: 2))
    #expect(quality.goldAccuracy == Proportion(1, of: 1))
    #expect(quality.agreementWithOthers == Proportion(2, of: 3))
    for _ in 0..<9 { quality.addShown(.aIsBetter) }
    #expect(quality.prefersASide)
  }
}
