/// Why a store cannot be used.
public enum StoreError: Error, Equatable, CustomStringConvertible {
  /// There is no file at the path.
  case missing(path: String)
  /// What stands at the path cannot be a store.
  case notAFile(path: String, reason: String)
  /// The file is a database of something else.
  case notAStore(path: String)
  /// The store was written by a newer version of the program.
  case newer(path: String, migration: String)
  /// Another process is writing to the store and did not finish in time.
  case held(path: String, holder: String, waitedSeconds: Int)
  /// The lock file beside the store cannot be made.
  case cannotLock(path: String, reason: String)
  /// The disk does not take what is committed.
  case cannotWrite(path: String, reason: String)

  /// One line: what is wrong, and the next step.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such store: 'ingest' or 'import' makes one"
    case .notAFile(let path, let reason): "\(path): \(reason)"
    case .notAStore(let path):
      "\(path): this database is not a mixinstruct store: choose another file"
    case .newer(let path, let migration):
      "\(path): the store has the newer layout \(migration): update mixinstruct to open it"
    case .held(let path, let holder, let waited):
      "\(path): \(holder) is writing to this store (waited \(waited) s): "
        + "run the command again when it has finished"
    case .cannotLock(let path, let reason):
      "\(path): cannot make this lock file beside the store: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path): cannot write the store's log to the disk: \(reason)"
    }
  }
}
