package import JSON
package import Records

/// Reads the elements of a raw source, one after another, into source records.
///
/// The reader is a value: it holds the settings and the counters from which identifiers are made,
/// nothing of the file. Identifiers, fields and skipped records follow the reference recipe.
///
/// Source: LLM-Blender's `get_mixinstruct.py`, the parts that prepare each source.
package struct SourceReader: Sendable {
  /// How a source is read.
  package struct Settings: Sendable {
    /// The layout of its records.
    package var dialect: Dialect
    /// The source's name; `nil` for the dialect's own.
    package var source: Source?
    /// The licence; `nil` for the dialect's own.
    package var license: String?
    /// Whether HTML and the traces of a web page are removed from ShareGPT's turns. The reference
    /// does not do this.
    package var cleansHTML: Bool
    /// Where a plain record's parts stand; `nil` for fields named like the parts.
    package var mapping: FieldMapping?

    /// Settings for a dialect.
    package init(
      _ dialect: Dialect, source: Source? = nil, license: String? = nil, cleansHTML: Bool = false,
      mapping: FieldMapping? = nil
    ) {
      self.dialect = dialect
      self.source = source
      self.license = license
      self.cleansHTML = cleansHTML
      self.mapping = mapping
    }
  }

  /// The dialect that is read.
  package let dialect: Dialect
  /// The source that records belong to.
  package let source: Source
  /// The numbering so far; store it to go on later.
  package internal(set) var counters: SourceCounters

  let license: String?
  let cleansHTML: Bool
  let mapping: FieldMapping

  /// A reader.
  ///
  /// - Parameters:
  ///   - settings: how to read.
  ///   - counters: where the numbering goes on.
  /// - Throws: `missingSource` for a plain source without a name, `mappingNotUsed` for a mapping with
  ///   another dialect.
  package init(
    _ settings: Settings, counters: SourceCounters = SourceCounters()
  ) throws(IngestionError) {
    dialect = settings.dialect
    guard let source = settings.source ?? settings.dialect.source else {
      throw IngestionError.missingSource(settings.dialect)
    }
    guard settings.mapping == nil || settings.dialect == .plain else {
      throw IngestionError.mappingNotUsed(settings.dialect)
    }
    self.source = source
    license = settings.license ?? settings.dialect.license
    cleansHTML = settings.cleansHTML
    mapping = settings.mapping ?? .sameNames
    self.counters = counters
  }

  /// Reads one element. Only records are numbered, not what is skipped or malformed.
  ///
  /// - Parameters:
  ///   - element: a record of the source.
  ///   - location: its place, for findings.
  ///   - file: its file, for findings.
  /// - Returns: the record, or why there is none.
  package mutating func read(
    _ element: JSONElement, at location: Diagnostic.Location? = nil, in file: String? = nil
  ) -> SourceReading {
    do throws(FieldFlaw) {
      guard element.kind == .object else {
        throw FieldFlaw.wrongKind("the record", element, expected: "an object")
      }
      return switch dialect {
      case .alpaca: .record(try alpaca(element))
      case .dolly: .record(try dolly(element))
      case .gpt4All: try gpt4All(element)
      case .shareGPT: try shareGPT(element)
      case .plain: .record(try plain(element))
      }
    } catch {
      return .malformed(
        Diagnostic(
          file: file, location: location, recordID: element["id"]?.identifier, rule: error.rule,
          message: error.message))
    }
  }

  /// What identifiers begin with: the reference's prefix, or the name that was given.
  func prefix(_ reference: String) -> String {
    source == dialect.source ? reference : source.rawValue
  }

  /// A record of this source.
  func record(
    id: String, group: String? = nil, instruction: String, input: String, output: String,
    category: String? = nil, additionalFields: JSONObject
  ) -> SourceRecord {
    SourceRecord(
      source: source, id: id, group: group, instruction: instruction, input: input,
      output: output, category: category, license: license, additionalFields: additionalFields)
  }
}
