internal import DatasetStore

extension ExampleReader {
  /// Reads all examples for a stage that only reads, with progress, and ends when the user stops it.
  ///
  /// - Parameters:
  ///   - context: who runs the stage.
  ///   - body: receives each example in the order of the dataset.
  /// - Throws: `SQLiteError`, ``StageError/stopped(_:)``, what `body` throws.
  func forEachExample(
    _ context: StageContext, _ body: (StoredExample) throws -> Void
  ) throws {
    var done = 0
    while let stored = try next() {
      done += 1
      if done % 256 == 0 {
        context.report(.init(done: done))
        try context.stopIfCancelled("the store was only read")
      }
      try body(stored)
    }
  }
}
