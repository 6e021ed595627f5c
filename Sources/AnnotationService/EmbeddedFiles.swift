/// The files of `Pages`.
enum EmbeddedFiles {
  static let annotatorPage = EmbeddedFile("index.html", PackageResources.index_html)
  static let administratorPage = EmbeddedFile("admin.html", PackageResources.admin_html)

  /// Styles and scripts by name.
  static let assets: [String: EmbeddedFile] = Dictionary(
    uniqueKeysWithValues: [
      EmbeddedFile("admin.css", PackageResources.admin_css),
      EmbeddedFile("admin.js", PackageResources.admin_js),
      EmbeddedFile("agreement.js", PackageResources.agreement_js),
      EmbeddedFile("annotator.css", PackageResources.annotator_css),
      EmbeddedFile("annotator.js", PackageResources.annotator_js),
      EmbeddedFile("api.js", PackageResources.api_js),
      EmbeddedFile("audit.js", PackageResources.audit_js),
      EmbeddedFile("base.css", PackageResources.base_css),
      EmbeddedFile("blocks.js", PackageResources.blocks_js),
      EmbeddedFile("choices.js", PackageResources.choices_js),
      EmbeddedFile("code.js", PackageResources.code_js),
      EmbeddedFile("conflicts.js", PackageResources.conflicts_js),
      EmbeddedFile("difference.js", PackageResources.difference_js),
      EmbeddedFile("dom.js", PackageResources.dom_js),
      EmbeddedFile("feed.js", PackageResources.feed_js),
      EmbeddedFile("feedback.js", PackageResources.feedback_js),
      EmbeddedFile("guidelines.js", PackageResources.guidelines_js),
      EmbeddedFile("icon.svg", PackageResources.icon_svg),
      EmbeddedFile("inline.js", PackageResources.inline_js),
      EmbeddedFile("judges.js", PackageResources.judges_js),
      EmbeddedFile("markdown.js", PackageResources.markdown_js),
      EmbeddedFile("marks.js", PackageResources.marks_js),
      EmbeddedFile("outbox.js", PackageResources.outbox_js),
      EmbeddedFile("overview.js", PackageResources.overview_js),
      EmbeddedFile("pair.js", PackageResources.pair_js),
      EmbeddedFile("panes.js", PackageResources.panes_js),
      EmbeddedFile("people.js", PackageResources.people_js),
      EmbeddedFile("plots.js", PackageResources.plots_js),
      EmbeddedFile("preferences.js", PackageResources.preferences_js),
      EmbeddedFile("ranking.js", PackageResources.ranking_js),
      EmbeddedFile("rating.js", PackageResources.rating_js),
      EmbeddedFile("signing.js", PackageResources.signing_js),
      EmbeddedFile("storage.js", PackageResources.storage_js),
      EmbeddedFile("taskpage.js", PackageResources.taskpage_js),
      EmbeddedFile("theme.js", PackageResources.theme_js),
      EmbeddedFile("view.js", PackageResources.view_js),
      EmbeddedFile("wording.js", PackageResources.wording_js),
      EmbeddedFile("work.js", PackageResources.work_js),
    ].map { ($0.name, $0) })
}
