import DatasetStore
import Foundation
import Glibc
import Testing

/// What a process that is being started has for a moment: a copy of each descriptor.
@Test func aCopyOfTheDescriptorKeepsNoLock() throws {
  let folder = try TemporaryFolder()
  let path = folder.path("a.db")
  var store: Store? = try Store(path: path, access: .create, verb: "import")
  #expect(store != nil)
  let descriptor = try #require(
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int32.init)
      .first { number in
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\(number)")
        return target?.hasSuffix("/\(folder.url.lastPathComponent)/a.db.lock") == true
      })
  let copy = dup(descriptor)
  defer { close(copy) }
  #expect(copy >= 0)
  store = nil
  store = try Store(path: path, access: .create, verb: "import", waiting: .init(seconds: 0))
  #expect(store != nil)
}
