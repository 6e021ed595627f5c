package import JSON

/// How a queue gives its tasks.
package struct QueueOptions: Sendable, Equatable {
  /// A round in which people prove themselves.
  package struct Qualification: Sendable, Equatable {
    /// How many items each person answers.
    package var items: Int
    /// The share of right answers that is enough, 0...1.
    package var passMark: Double
    /// Whether people are told after each item what was expected.
    package var givesFeedback: Bool

    /// A round.
    package init(items: Int, passMark: Double = 0.8, givesFeedback: Bool = true) {
      self.items = items
      self.passMark = passMark
      self.givesFeedback = givesFeedback
    }

    /// Whether so many right answers are enough.
    package func isPassed(correct: Int) -> Bool {
      // 0.8 of 10 is 8 whatever the rounding of the product.
      Double(correct) >= passMark * Double(items) - 1e-9
    }
  }

  /// How long a person has for a task, in seconds.
  package var leaseSeconds = 900
  /// The share of a person's tasks that were asked before, without a sign of it.
  package var repeatShare = 0.0
  /// The least number of tasks between an item and its repeat.
  package var repeatGap = 10
  /// The share of a person's tasks whose answer is known, without a sign of it.
  package var goldShare = 0.0
  /// The most votes of one person; `nil` for no limit.
  package var quota: Int?
  /// The qualification round; `nil` for none.
  package var qualification: Qualification?

  /// Options as they are unless something is asked for.
  package init() {}

  /// The options as they are stored.
  package var json: JSONObject {
    var object: JSONObject = [
      "lease_seconds": .integer(Int64(leaseSeconds)), "repeat_share": .double(repeatShare),
      "repeat_gap": .integer(Int64(repeatGap)), "gold_share": .double(goldShare),
      "quota": quota.map { .integer(Int64($0)) } ?? .null,
    ]
    if let qualification {
      object["qualification"] = [
        "items": .integer(Int64(qualification.items)),
        "pass_mark": .double(qualification.passMark),
        "feedback": .bool(qualification.givesFeedback),
      ]
    }
    return object
  }

  /// Reads options as they are stored; what is missing is as it is unless asked for.
  package init(_ json: JSONObject) {
    leaseSeconds = json["lease_seconds"]?.int ?? leaseSeconds
    repeatShare = json["repeat_share"]?.number ?? repeatShare
    repeatGap = json["repeat_gap"]?.int ?? repeatGap
    goldShare = json["gold_share"]?.number ?? goldShare
    quota = json["quota"]?.int
    if let round = json["qualification"]?.object, let items = round["items"]?.int, items > 0 {
      qualification = Qualification(
        items: items, passMark: round["pass_mark"]?.number ?? 0.8,
        givesFeedback: round["feedback"]?.bool ?? true)
    }
  }
}
