internal import HTTPServer
internal import JSON

/// The pages with their styles and scripts.
enum PageRoutes {
  static let all: [Route] = [
    Route("GET", "/", kind: .page, access: .anyone, refusals: [304]) {
      EmbeddedFiles.annotatorPage.response(to: $0.request)
    },
    Route("GET", "/admin", kind: .page, access: .anyone, refusals: [304]) {
      EmbeddedFiles.administratorPage.response(to: $0.request)
    },
    Route("GET", "/assets/{name}", kind: .file, access: .anyone, refusals: [304]) { call in
      // Names are looked up in a list; no path is ever made of them.
      guard let name = call.parameters.first, let file = EmbeddedFiles.assets[name] else {
        throw ServiceRefusal.noSuchPage
      }
      return file.response(to: call.request)
    },
    Route("GET", "/healthz", kind: .page, access: .anyone) { _ in
      .object(["status": "ok"])
    },
  ]
}
