import Foundation
import JSON
import RecordFiles
import Testing

private func written(
  _ name: String, _ records: [String], layout: RecordFileLayout? = nil,
  arrayStyle: RecordFileWriter.ArrayStyle = .compact
) throws -> String {
  let folder = try TemporaryFolder()
  let writer = try RecordFileWriter(
    path: folder.file(name), layout: layout, arrayStyle: arrayStyle)
  for record in records { try writer.append(record.utf8) }
  #expect(try !folder.names.contains(name))
  try writer.close()
  #expect(try folder.names == [name])
  return try content(folder.file(name))
}

@Test func writesLinesAndArrays() throws {
  #expect(try written("x.jsonl", ["{}", "1"]) == "{}\n1\n")
  #expect(try written("x.ndjson", []) == "")
  #expect(try written("x.json", ["{}", "1"]) == "[\n{},\n1\n]\n")
  #expect(try written("x.json", []) == "[]\n")
  #expect(try written("x.json", ["{}"], layout: .lines) == "{}\n")
  #expect(try written("x", ["{}"], layout: .array) == "[\n{}\n]\n")
}

@Test func writesTheBytesOfPythonsIndentedDump() throws {
  let value: JSONValue = [["id": "é", "n": [1, 2.5], "e": [:]], ["id": "b"]]
  let records = (value.array ?? []).map { record in
    var writer = JSONWriter(style: .indented(4))
    writer.append(record, depth: 1)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
  let text = try written("x.json", records, arrayStyle: .pythonIndented)
  #expect(text == value.json(style: .indented(4)))
  #expect(try written("x.json", [], arrayStyle: .pythonIndented) == "[]")
}

@Test func nothingIsLeftOfAnAbandonedFile() throws {
  let folder = try TemporaryFolder()
  let path = try folder.write("old", to: "x.json")
  do {
    let writer = try RecordFileWriter(path: path)
    try writer.append("1".utf8)
    #expect(try folder.names.count == 2)
  }
  #expect(try folder.names == ["x.json"])
  #expect(try content(path) == "old")
}

@Test func replacesAFileAndKeepsItsPermissionsAndLinks() throws {
  let folder = try TemporaryFolder()
  let path = try folder.write("old", to: "x.jsonl")
  try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
  let link = folder.file("link.jsonl")
  try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
  let writer = try RecordFileWriter(path: link)
  try writer.append("1".utf8)
  try writer.close()
  #expect(try content(path) == "1\n")
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  #expect(attributes[.posixPermissions] as? Int == 0o640)
  #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
}

@Test func pathsThatCannotBeWritten() throws {
  let folder = try TemporaryFolder()
  let unknown = folder.file("x.txt")
  #expect(throws: RecordFileError.unknownLayout(file: unknown)) {
    try RecordFileWriter(path: unknown)
  }
  let missing = folder.file("none/x.json")
  // No input is missing: these are failures of writing.
  #expect(throws: RecordFileError.system(operation: "create", file: missing, code: ENOENT)) {
    try RecordFileWriter(path: missing)
  }
  #expect(throws: RecordFileError.system(operation: "write", file: folder.path, code: EISDIR)) {
    try RecordFileWriter(path: folder.path)
  }
}

@Test func aFullDiskIsOneClearError() throws {
  let writer = try RecordFileWriter(path: "/dev/full")
  #expect(throws: RecordFileError.diskFull(file: "/dev/full")) {
    try writer.append("1".utf8)
    try writer.close()
  }
}
