package import Records

/// What a validation found, counted by rule and listed up to a limit.
package struct ValidationFindings: Sendable {
  /// How bad a finding is.
  package enum Severity: String, Sendable {
    /// Something is broken: such a dataset should not be published.
    case error
    /// Something to know: judges contradict themselves, models are missing.
    case warning
  }

  /// One rule and what broke it.
  package struct Rule: Sendable {
    /// The rule's name.
    package let name: String
    /// How bad it is.
    package let severity: Severity
    /// How many findings there are, also beyond those listed.
    package fileprivate(set) var count = 0
    /// The first ones.
    package fileprivate(set) var listed: [Diagnostic] = []
  }

  /// The rules with findings, in the order of their first ones.
  package private(set) var rules: [Rule] = []
  /// The number of records looked at.
  package var records = 0
  private let limit: Int

  /// Nothing found yet.
  ///
  /// - Parameter limit: how many findings of each rule are listed.
  init(limit: Int) { self.limit = limit }

  /// Counts findings of one rule.
  ///
  /// - Parameters:
  ///   - finding: the finding.
  ///   - severity: how bad it is.
  ///   - count: how many findings it stands for.
  mutating func add(_ finding: Diagnostic, _ severity: Severity, count: Int = 1) {
    let index = rules.firstIndex { $0.name == finding.rule } ?? rules.count
    if index == rules.count { rules.append(Rule(name: finding.rule, severity: severity)) }
    rules[index].count += count
    if rules[index].listed.count < limit { rules[index].listed.append(finding) }
  }
}
