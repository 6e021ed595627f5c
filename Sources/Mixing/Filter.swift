/// One rule that records are kept or dropped by.
package enum Filter: Sendable, Equatable {
  /// What makes two records the same.
  package enum Comparison: String, Sendable, CaseIterable {
    /// Every field, the identifier included, byte for byte; the last of equal records is kept, in
    /// the first one's place.
    case record
    /// Instruction, input and output, case and white space aside; the first is kept.
    case text
  }

  /// The text whose length is bounded.
  package enum Field: String, Sendable {
    /// The answer.
    case output
    /// Instruction and input, joined by nothing.
    case input
  }

  /// Which lengths are kept.
  package struct LengthBounds: Sendable, Equatable {
    /// The smallest length that is kept.
    package var minimum: Int?
    /// The largest length that is kept.
    package var maximum: Int?
    /// Whether a recipe writes the lower bound as `more_than`.
    package var isMinimumExclusive = false
    /// Whether a recipe writes the upper bound as `less_than`.
    package var isMaximumExclusive = false

    /// Bounds, both of them inclusive.
    package init(minimum: Int? = nil, maximum: Int? = nil) {
      self.minimum = minimum
      self.maximum = maximum
    }

    /// Whether a length is kept.
    ///
    /// - Parameter length: the length.
    /// - Returns: whether it lies within the bounds.
    package func contains(_ length: Int) -> Bool {
      length >= minimum ?? .min && length <= maximum ?? .max
    }

    /// The bound that a length breaks, as the recipe writes it.
    ///
    /// - Parameter length: the length.
    /// - Returns: the bound; `nil` when the length is kept.
    package func brokenBound(by length: Int) -> Int? {
      if let minimum, length < minimum { return isMinimumExclusive ? minimum - 1 : minimum }
      if let maximum, length > maximum { return isMaximumExclusive ? maximum + 1 : maximum }
      return nil
    }
  }

  /// How similar texts are found.
  package struct NearDuplicates: Sendable, Equatable {
    /// Records at least this similar (Jaccard, 0...1) to an earlier one are dropped.
    package var threshold: Double
    /// Records at least this similar are kept in one split; `nil`: the same as ``threshold``.
    package var together: Double?
    /// Words in a shingle.
    package var shingleWords = 3
    /// Bands of the signature: two records are compared when all rows of some band are equal.
    package var bands = 25
    /// Rows of a band.
    package var rows = 5

    /// The lowest similarity that is measured.
    package var floor: Double { min(threshold, together ?? threshold) }
  }

  /// Drops records that are the same as another.
  case exactDuplicates(Comparison)
  /// Drops records that are similar to an earlier one.
  case nearDuplicates(NearDuplicates)
  /// Drops records whose text is too short or too long.
  case length(Field, LengthBounds)
  /// Drops records whose lower-cased answer contains one of these texts anywhere.
  case bannedSubstrings([String])
  /// Drops records in whose answer's first characters one of these phrases stands, as whole words.
  case refusals(phrases: [String], withinCharacters: Int)
  /// Drops records by licence; `unknown` stands for a missing one. No list of allowed ones: all.
  case licenses(allow: [String]?, deny: [String])

  /// Drops records of conversations that name their speakers otherwise than human, gpt and system.
  case unknownRoles

  /// The name that recipes, stored decisions and counts use.
  package var rule: String {
    switch self {
    case .exactDuplicates: "exact-duplicates"
    case .nearDuplicates: "near-duplicates"
    case .length(let field, _): field.rawValue + "-length"
    case .bannedSubstrings: "banned-substrings"
    case .refusals: "refusals"
    case .licenses: "licenses"
    case .unknownRoles: "unknown-roles"
    }
  }
}
