/// Licences as the Hub's dataset cards name them.
enum HubLicense {
  private static let known: Set<String> = [
    "apache-2.0", "mit", "openrail", "bigscience-openrail-m", "bsd", "bsd-2-clause",
    "bsd-3-clause", "bsl-1.0", "c-uda", "cc", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0",
    "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
    "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0",
    "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cdla-permissive-1.0", "cdla-permissive-2.0",
    "cdla-sharing-1.0", "gpl", "gpl-2.0", "gpl-3.0", "lgpl-2.1", "lgpl-3.0", "agpl-3.0",
    "mpl-2.0", "odbl", "odc-by", "pddl", "unlicense", "llama2", "llama3",
  ]

  /// The Hub's name of a licence: its SPDX name in lower case, `other`, or `unknown` without one.
  static func name(of license: String?) -> String {
    guard let license, !license.isEmpty else { return "unknown" }
    let name = license.lowercased()
    switch name {
    case _ where known.contains(name): return name
    case "odc-by-1.0": return "odc-by"
    case "odbl-1.0": return "odbl"
    case "unknown": return "unknown"
    default: return "other"
    }
  }
}
