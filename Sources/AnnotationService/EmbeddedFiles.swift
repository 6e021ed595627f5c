/// The files of `Pages`.
enum EmbeddedFiles {
  static let annotatorPage = EmbeddedFile("index.html", PackageResources.index_html)
  static let administratorPage = EmbeddedFile("admin.html", PackageResources.admin_html)

  /// Styles and scripts by name.
  static let assets: [String: EmbeddedFile] = Dictionary(
    uniqueKeysWithValues: [
      EmbeddedFile("annotation.css", PackageResources.annotation_css)
    ].map { ($0.name, $0) })
}
