/// What one record of another tool holds.
struct RecordVerdicts {
  /// Something that looks like a vote but is none.
  struct Withheld {
    /// A short stable name to count by.
    let rule: String
    /// Who did what, for people.
    let message: String
  }

  /// The verdicts.
  var verdicts: [ImportedVerdict]
  /// Drafts, skipped tasks and answers that could not be read.
  var withheld: [Withheld] = []
  /// How many responses said nothing of their status and were taken as submitted.
  var withoutStatus = 0
  /// The record's own identifier.
  var recordID: String?

  init(_ verdicts: [ImportedVerdict] = []) { self.verdicts = verdicts }

  /// Whether nobody did anything.
  var isEmpty: Bool { verdicts.isEmpty && withheld.isEmpty }
}
