/// Finds the folder of a model that somebody named.
package enum ModelFolder {
  /// The folder that a name on the command line means.
  ///
  /// What exists is taken as it is, also where its path could be a model's name. Else the text is
  /// the name of a pulled model, `OWNER/NAME` or `OWNER/NAME@REVISION`.
  ///
  /// - Parameters:
  ///   - text: a folder, or a file that stands for one, or a model's name.
  ///   - cache: where pulled models are.
  /// - Returns: the folder.
  /// - Throws: ``HubError/notPulled(_:folder:revisions:)``, which says what to run, or
  ///   ``HubError/noSuchFolder(_:)``.
  package static func resolve(
    _ text: String, in cache: ModelCache = ModelCache(folder: HubSettings.cacheFolder())
  ) throws(HubError) -> String {
    if FileSystem.status(text) != nil { return text }
    guard let reference = ModelReference(text) else { throw .noSuchFolder(text) }
    return try path(of: reference, in: cache)
  }

  /// The folder of a pulled model.
  ///
  /// Without a revision it is that of `main`, or of the only one there is.
  ///
  /// - Parameters:
  ///   - reference: the model, perhaps with a revision.
  ///   - cache: where pulled models are.
  /// - Returns: the folder.
  /// - Throws: ``HubError/notPulled(_:folder:revisions:)``.
  package static func path(
    of reference: ModelReference, in cache: ModelCache
  ) throws(HubError) -> String {
    let model = reference.name
    let commits = try cache.commits(of: model)
    let revision = reference.revision ?? ModelReference.defaultRevision
    if let commit = try cache.reference(revision, of: model), commits.contains(commit) {
      return cache.snapshotPath(of: commit, model)
    }
    if reference.revision == nil {
      // A commit that no branch or tag names can be that of an interrupted download.
      let revisions = try cache.scan(model).revisions
      let named = revisions.filter { !$0.references.isEmpty }
      if named.count == 1, let only = named.first { return only.path }
      throw .notPulled(
        reference, folder: cache.folder,
        revisions: revisions.flatMap {
          $0.references.isEmpty ? [String($0.commit.prefix(12))] : $0.references
        })
    }
    let matching = commits.filter { isAbbreviation(revision, of: $0) }
    guard matching.count == 1, let commit = matching.first else {
      throw .notPulled(reference, folder: cache.folder, revisions: [])
    }
    return cache.snapshotPath(of: commit, model)
  }

  /// Whether a text is a commit's beginning, as git shows it.
  static func isAbbreviation(_ text: String, of commit: String) -> Bool {
    text.utf8.count >= 7 && commit.utf8.starts(with: text.utf8)
  }
}
