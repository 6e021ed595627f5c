internal import Annotation
internal import JSON
internal import Synchronization

/// Options of queues that were read already; every request asks for them, and they are few.
enum OptionsCache {
  private static let known = Mutex<[String: QueueOptions]>([:])
  /// So many different options are kept.
  private static let limit = 256

  /// The options that a text says.
  ///
  /// - Throws: `JSONError`.
  static func options(_ text: String) throws -> QueueOptions {
    if let options = known.withLock({ $0[text] }) { return options }
    let options = QueueOptions(try JSONValue(json: text).object ?? [:])
    known.withLock { known in
      if known.count >= limit { known.removeAll() }
      known[text] = options
    }
    return options
  }
}
