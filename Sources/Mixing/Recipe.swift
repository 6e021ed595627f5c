package import Records

/// How a mix is made: sources, filters in order, split sizes.
///
/// The JSON form is described by `Schemas/recipe.schema.json`.
package struct Recipe: Sendable, Equatable {
  /// What lengths are counted in.
  package enum LengthUnit: String, Sendable, CaseIterable {
    /// Tokens of a tokenizer, special tokens included.
    case tokens
    /// Words between white space.
    case words
  }

  /// One source and its share of the mix.
  package struct SourceRule: Sendable, Equatable {
    /// How much of a source is taken.
    package enum Share: Sendable, Equatable {
      /// Everything.
      case all
      /// At most this many records.
      case quota(Int)
      /// A part of the mix in proportion to the other sources' weights.
      case weight(Double)
    }

    /// The source.
    package var source: Source
    /// How much of it is taken.
    package var share: Share
    /// Filters for this source only, applied before its records are cut to a quota.
    package var filters: [Filter]
  }

  /// When sources are cut to their quotas.
  package enum QuotaStage: String, Sendable, CaseIterable {
    /// Each source is shuffled and cut, then filtered: a quota bounds what goes in.
    case beforeFilters = "before-filters"
    /// What the filters kept is cut: a quota bounds what comes out.
    case afterFilters = "after-filters"
  }

  /// What makes records inseparable when splits are made.
  package enum Bond: String, Sendable, CaseIterable {
    /// The same conversation.
    case group
    /// The same instruction and input, case and spaces aside.
    case prompt
    /// Similar texts, as the rule `near-duplicates` measures it.
    case nearDuplicates = "near-duplicates"
  }

  /// The recipe's name.
  package var name: String
  /// What the recipe is for.
  package var description: String
  /// The seed of every shuffle, as decimal text: seeds may be of any size.
  package var seed: String
  /// What lengths are counted in.
  package var lengthUnit: LengthUnit
  /// The folder or model file of the tokenizer that counts tokens.
  package var tokenizer: String?
  /// The sources in order.
  package var sources: [SourceRule]
  /// When sources are cut.
  package var quotaStage: QuotaStage
  /// Filters of all sources, in order.
  package var filters: [Filter]
  /// Records of the training split.
  package var trainSize: Int
  /// Records of the development split.
  package var devSize: Int
  /// Records of the test split.
  package var testSize: Int
  /// What is never separated by a split.
  package var keepTogether: [Bond]

  /// The size of a split.
  ///
  /// - Parameter split: the split.
  /// - Returns: the most records it takes.
  package func size(of split: Split) -> Int {
    switch split {
    case .train: trainSize
    case .dev: devSize
    case .test: testSize
    }
  }
}
