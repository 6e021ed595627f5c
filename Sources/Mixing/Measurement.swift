internal import RecordFiles

/// What is kept of one record while a mix is made: no texts.
struct Measurement: Sendable {
  /// The supply's name for the record.
  var reference: Int64
  /// The recipe's source, by place.
  var source: UInt8
  /// The filter, by place in the order of the source, that the record breaks first; filters that
  /// compare records are not among them.
  var brokenFilter: Int16?
  /// The broken phrase, by place in its list.
  var phrase: Int16?
  /// The licence, by place in the mix's list.
  var license: Int16 = 0
  /// Length of the answer; `nil` when no filter needs it or the source's filters dropped the record.
  var outputLength: Int32?
  /// Length of instruction and input; `nil` as above.
  var inputLength: Int32?
  /// Equal for records that are the same in every field.
  var recordHash = ContentHash(high: 0, low: 0)
  /// Equal for records whose texts are the same.
  var textHash = ContentHash(high: 0, low: 0)
  /// Equal for records with the same prompt; 0 for an empty one.
  var promptHash: UInt64 = 0
  /// Equal for records of one conversation; 0 for a record that stands alone.
  var groupHash: UInt64 = 0
}
