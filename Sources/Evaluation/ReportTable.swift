/// A table for any renderer: names, directions, numbers with their n, the best ones marked.
package struct ReportTable: Sendable, Equatable {
  /// Which values of a column are good.
  package enum Direction: String, Sendable {
    /// Larger values: an arrow up.
    case higherIsBetter = "higher-is-better"
    /// Smaller values: an arrow down.
    case lowerIsBetter = "lower-is-better"
    /// Neither.
    case none
  }

  /// A column.
  package struct Column: Sendable, Equatable {
    /// The heading.
    package let title: String
    /// Which values are good.
    package let direction: Direction
    /// Whether it holds text, set flush left.
    package let isText: Bool

    /// A column.
    package init(_ title: String, direction: Direction = .none, isText: Bool = false) {
      self.title = title
      self.direction = direction
      self.isText = isText
    }

    /// The heading with an arrow that shows the direction.
    package var heading: String {
      switch direction {
      case .higherIsBetter: title + " \u{2191}"
      case .lowerIsBetter: title + " \u{2193}"
      case .none: title
      }
    }
  }

  /// A cell.
  package struct Cell: Sendable, Equatable {
    /// What people read.
    package let text: String
    /// The number behind it, unscaled; `nil` for text and where there is none.
    package let number: Double?
    /// How many things the number was taken over; `nil` where that makes no sense.
    package let count: Double?
    /// Whether it is the best of its column in its group.
    package internal(set) var isBest = false

    /// A cell of text.
    package static func text(_ text: String) -> Cell {
      Cell(text: text, number: nil, count: nil)
    }

    /// A cell with a number.
    ///
    /// - Parameters:
    ///   - value: the number; `nil` shows a dash.
    ///   - decimals: digits after the point.
    ///   - scale: what the number is multiplied by for people.
    ///   - count: how many things it was taken over.
    /// - Returns: the cell.
    package static func number(
      _ value: Double?, decimals: Int = 2, scale: Double = 1, count: Double? = nil
    ) -> Cell {
      Cell(
        text: value.map { FixedDecimal.text($0 * scale, decimals: decimals) } ?? "\u{2013}",
        number: value, count: count)
    }

    /// A cell with a whole number.
    package static func integer(_ value: Int) -> Cell {
      Cell(text: FixedDecimal.grouped(value), number: Double(value), count: nil)
    }

    /// A cell with a sum of weights, which is a whole number as long as every weight is 1.
    package static func tally(_ value: Double) -> Cell {
      if let whole = Int(exactly: value) { return .integer(whole) }
      return .number(value, decimals: 1)
    }
  }

  /// Rows that stand together.
  package struct Group: Sendable, Equatable {
    /// The group's name; `nil` when the table has only one.
    package let title: String?
    /// The rows.
    package internal(set) var rows: [[Cell]]
  }

  /// A short stable name for files: `main`, `correlation`, `win-rates`…
  package let name: String
  /// The title.
  package let title: String
  /// The columns.
  package let columns: [Column]
  /// The groups of rows.
  package private(set) var groups: [Group]
  /// A sentence below the table; `nil` for none.
  package let caption: String?

  /// A table; in columns with a direction the best numbers of each group get marked.
  package init(
    name: String, title: String, columns: [Column], groups: [Group], caption: String? = nil
  ) {
    precondition(
      groups.allSatisfy { $0.rows.allSatisfy { $0.count == columns.count } },
      "a row of table \(name) does not fit its \(columns.count) columns")
    self.name = name
    self.title = title
    self.columns = columns
    self.groups = groups
    self.caption = caption
    for group in groups.indices { markBest(in: group) }
  }

  /// A table with one group.
  package init(
    name: String, title: String, columns: [Column], rows: [[Cell]], caption: String? = nil
  ) {
    self.init(
      name: name, title: title, columns: columns, groups: [Group(title: nil, rows: rows)],
      caption: caption)
  }

  private mutating func markBest(in group: Int) {
    guard groups[group].rows.count > 1 else { return }
    for (position, column) in columns.enumerated() where column.direction != .none {
      let numbers = groups[group].rows.compactMap { $0[position].number }
      let best = column.direction == .higherIsBetter ? numbers.max() : numbers.min()
      for row in groups[group].rows.indices where groups[group].rows[row][position].number == best {
        groups[group].rows[row][position].isBest = best != nil
      }
    }
  }
}
