internal import JSON
internal import Records

extension Example {
  /// Whether two candidates have the same bytes.
  func hasSameTexts(_ first: Int, _ second: Int) -> Bool {
    candidates[first].text.utf8.elementsEqual(candidates[second].text.utf8)
  }

  /// The only candidate of a model; `nil` when there is none or more than one.
  func index(ofModel model: String) -> Int? {
    let places = candidates.indices.filter { candidates[$0].model.utf8.elementsEqual(model.utf8) }
    return places.count == 1 ? places.first : nil
  }

  /// The collection it comes from: its `source` field, or what stands before the id's last slash.
  var collection: String {
    if let source = additionalFields["source"]?.string { return source }
    guard let slash = id.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(id[..<slash])
  }
}
