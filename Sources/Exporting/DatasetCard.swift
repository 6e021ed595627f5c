package import Records

/// What the `README.md` of an exported dataset says, ready for the Hub.
package struct DatasetCard: Sendable, Equatable {
  /// A file of a split.
  package struct File: Sendable, Equatable {
    /// The split; `nil` for examples that belong to none, which the Hub shows as `train`.
    package let split: Split?
    /// The path relative to the card.
    package let path: String
    /// The number of records.
    package let count: Int

    /// A file.
    package init(split: Split?, path: String, count: Int) {
      self.split = split
      self.path = path
      self.count = count
    }
  }

  /// A collection that examples come from.
  package struct Origin: Sendable, Equatable {
    /// The source's name.
    package let name: String
    /// The number of examples.
    package let count: Int
    /// The SPDX identifier or name of its licence; `nil` when unknown.
    package let license: String?

    /// An origin.
    package init(name: String, count: Int, license: String?) {
      self.name = name
      self.count = count
      self.license = license
    }
  }

  /// A model that answered.
  package struct Model: Sendable, Equatable {
    /// The model's name.
    package let name: String
    /// The number of candidates.
    package let count: Int

    /// A model.
    package init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// The title.
  package var title: String
  /// One paragraph that says what the dataset is.
  package var summary: String
  /// Language codes; empty when unknown.
  package var languages: [String]
  /// The Hub's task categories.
  package var taskCategories: [String]
  /// Tags for the Hub's search.
  package var tags: [String]
  /// The files, by split.
  package var files: [File]
  /// The collections.
  package var origins: [Origin]
  /// The models.
  package var models: [Model]
  /// How it was judged, a sentence for each judge; empty when nothing was judged.
  package var judging: [String]
  /// The fields of a record.
  package var fields: [ExportField]
  /// What the format could not carry.
  package var losses: LossCounts
  /// The command lines that make the dataset again.
  package var commands: [String]
  /// The program's version.
  package var programVersion: String

  /// What every card says of where it comes from.
  package static let origin = "With mixinstruct "

  /// A card.
  package init(
    title: String, summary: String, languages: [String] = [],
    taskCategories: [String] = ["text-generation"], tags: [String] = [], files: [File],
    origins: [Origin] = [], models: [Model] = [], judging: [String] = [], fields: [ExportField],
    losses: LossCounts = LossCounts(), commands: [String], programVersion: String
  ) {
    self.title = title
    self.summary = summary
    self.languages = languages
    self.taskCategories = taskCategories
    self.tags = tags
    self.files = files
    self.origins = origins
    self.models = models
    self.judging = judging
    self.fields = fields
    self.losses = losses
    self.commands = commands
    self.programVersion = programVersion
  }
}
