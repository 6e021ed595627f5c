import Annotation
import Pipeline
import TerminalOutput

/// A report on people's work as tables.
enum AnnotationTables {
  /// The queues and how far they are.
  static func queues(_ report: AnnotationReport) -> TextTable {
    var table = TextTable([
      .text("Queue"), .text("Kind"), .text("State"), .number("Tasks"), .number("Overlap"),
      .number("Votes"), .number("Wanted"), .number("Skips"), .number("Conflicts"),
    ])
    for queue in report.queues.map(\.overview) {
      table.append([
        queue.name, queue.kind.rawValue, queue.state.rawValue, QuantityFormat.count(queue.tasks),
        QuantityFormat.count(queue.overlap), QuantityFormat.count(queue.votes),
        QuantityFormat.count(queue.votesNeeded), QuantityFormat.count(queue.skips),
        QuantityFormat.count(queue.conflicts),
      ])
    }
    return table
  }

  /// People and what is known of their work.
  static func people(_ report: AnnotationReport) -> TextTable {
    var table = TextTable([
      .text("Person"), .text("Role"), .text("State"), .number("Votes"), .number("Skips"),
      .number("Median s"), .number("Repeats"), .number("Gold"), .number("Side A"),
      .number("Agreement"),
    ])
    for person in report.people {
      table.append([
        person.name, person.role.rawValue, person.state.rawValue,
        QuantityFormat.count(person.votes), QuantityFormat.count(person.skips),
        number(person.medianSeconds, digits: 1), share(person.selfConsistency),
        share(person.gold), number(person.sideAShare), number(person.agreementWithOthers),
      ])
    }
    return table
  }

  /// All tables with their titles; those without rows are left out.
  static func all(_ report: AnnotationReport) -> [(title: String, table: TextTable)] {
    var tables = [("Queues", queues(report))]
    for queue in report.queues where queue.agreement.items > 0 {
      tables.append(
        (
          "Agreement in \(queue.overview.name): "
            + "\(QuantityFormat.count(queue.agreement.items)) items, "
            + "\(QuantityFormat.count(queue.agreement.raters)) people", agreement(queue.agreement)
        ))
      tables.append(("Two people at a time", pairs(queue.agreement)))
    }
    tables.append(("People", people(report)))
    if !report.judges.isEmpty {
      tables.append(("Judges against what most people say", judges(report)))
    }
    return tables
  }

  private static func agreement(_ figures: AgreementFigures) -> TextTable {
    var table = TextTable([
      .text("Statistic"), .number("Value"), .number("Low"), .number("High"),
    ])
    for statistic in figures.statistics {
      table.append([
        statistic.name, number(statistic.value, digits: 3), number(statistic.low, digits: 3),
        number(statistic.high, digits: 3),
      ])
    }
    return table
  }

  private static func pairs(_ figures: AgreementFigures) -> TextTable {
    var table = TextTable([
      .text("First"), .text("Second"), .number("Items"), .number("Raw"), .number("Kappa"),
    ])
    for pair in figures.pairs {
      table.append([
        pair.first, pair.second, QuantityFormat.count(pair.items), number(pair.raw, digits: 3),
        number(pair.kappa, digits: 3),
      ])
    }
    return table
  }

  private static func judges(_ report: AnnotationReport) -> TextTable {
    var table = TextTable([
      .text("Judge"), .text("Kind"), .number("Pairs"), .number("Raw"), .number("Kappa"),
    ])
    for judge in report.judges {
      table.append([
        judge.name, judge.kind, QuantityFormat.count(judge.items), number(judge.raw, digits: 3),
        number(judge.kappa, digits: 3),
      ])
    }
    return table
  }

  private static func number(_ value: Double?, digits: Int = 2) -> String {
    value.map { QuantityFormat.fixed($0, digits: digits) } ?? ""
  }

  private static func share(_ share: PersonFigures.Share) -> String {
    share.total == 0 ? "" : "\(share.part)/\(share.total)"
  }
}
