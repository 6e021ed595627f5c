package import Records

/// What a stage is given besides its data: who runs it, and where its news go.
package struct StageContext {
  /// How far a stage is.
  package struct Progress: Sendable {
    /// What is done.
    package var done: Int
    /// What there is to do; `nil` when unknown.
    package var total: Int?
    /// Whether the numbers are bytes; items otherwise.
    package var isBytes: Bool
    /// A few words on what happens: counts, rates of failure.
    package var detail: String

    /// Progress in items, unless said otherwise.
    package init(done: Int, total: Int? = nil, isBytes: Bool = false, detail: String = "") {
      self.done = done
      self.total = total
      self.isBytes = isBytes
      self.detail = detail
    }
  }

  /// The verb.
  package let verb: String
  /// The command line as typed.
  package let arguments: [String]
  /// The program's version.
  package let version: String
  /// Receives progress, often.
  package let report: (Progress) -> Void
  /// Receives findings as they are made.
  package let note: (Diagnostic) -> Void
  /// Asked between units of work; `true` makes the stage stop with everything finished kept.
  package let isCancelled: () -> Bool

  /// A context that tells nobody and never stops, unless said.
  package init(
    verb: String, arguments: [String] = [], version: String = "",
    report: @escaping (Progress) -> Void = { _ in },
    note: @escaping (Diagnostic) -> Void = { _ in },
    isCancelled: @escaping () -> Bool = { false }
  ) {
    self.verb = verb
    self.arguments = arguments
    self.version = version
    self.report = report
    self.note = note
    self.isCancelled = isCancelled
  }

  /// Ends work that is done as a whole or not at all, when the user wants it to stop.
  ///
  /// - Parameter remainder: what there is then, such as `nothing was stored`.
  /// - Throws: ``StageError/stopped(_:)``.
  func stopIfCancelled(_ remainder: @autoclosure () -> String) throws(StageError) {
    if isCancelled() { throw .stopped(remainder()) }
  }
}
