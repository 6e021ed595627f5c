internal import Annotation
internal import HTTPServer
internal import JSON

/// Why the service does not do what a request asks.
enum ServiceRefusal: Error, Equatable {
  case malformedJSON(String)
  case notUTF8
  case ambiguousLength
  case notSignedIn
  case wrongHost
  case wrongOrigin
  case wrongCSRF
  case administratorsOnly
  case noSuchPage
  case wrongMethod(allowed: [String])
  case bodyTooLarge(limit: Int)
  case notJSON
  case wrongField(String, expected: String)
  case tooManyRequests(seconds: Int)
  case headerTooLarge(limit: Int)
  case internalError
  case stopping
  case backend(AnnotationError)

  init(_ refusal: RequestRefusal) {
    self =
      switch refusal {
      case .headerTooLarge(let limit): .headerTooLarge(limit: limit)
      case .bodyTooLarge(let limit): .bodyTooLarge(limit: limit)
      case .notUTF8: .notUTF8
      case .ambiguousLength: .ambiguousLength
      case .stopping: .stopping
      }
  }

  var status: Int {
    switch self {
    case .malformedJSON, .notUTF8, .ambiguousLength: 400
    case .notSignedIn: 401
    case .wrongHost, .wrongOrigin, .wrongCSRF, .administratorsOnly: 403
    case .noSuchPage: 404
    case .wrongMethod: 405
    case .bodyTooLarge: 413
    case .notJSON: 415
    case .wrongField: 422
    case .tooManyRequests: 429
    case .headerTooLarge: 431
    case .internalError: 500
    case .stopping: 503
    case .backend(let error):
      switch error.category {
      case .unauthorized: 401
      case .forbidden: 403
      case .notFound: 404
      case .conflict: 409
      case .gone: 410
      case .invalid: 422
      case .unavailable: 503
      }
    }
  }

  /// A word for programs.
  var code: String {
    switch self {
    case .malformedJSON: "malformed_json"
    case .notUTF8: "not_utf8"
    case .ambiguousLength: "ambiguous_length"
    case .notSignedIn: "not_signed_in"
    case .wrongHost: "wrong_host"
    case .wrongOrigin: "wrong_origin"
    case .wrongCSRF: "wrong_csrf"
    case .administratorsOnly: "administrators_only"
    case .noSuchPage: "no_such_page"
    case .wrongMethod: "wrong_method"
    case .bodyTooLarge: "body_too_large"
    case .notJSON: "not_json"
    case .wrongField: "wrong_field"
    case .tooManyRequests: "too_many_requests"
    case .headerTooLarge: "header_too_large"
    case .internalError: "internal_error"
    case .stopping: "stopping"
    case .backend(let error): error.code
    }
  }

  /// One line for people; nothing of the request but the names of fields that we know is in it.
  var message: String {
    switch self {
    case .malformedJSON(let reason): "The body is not JSON: \(reason)."
    case .notUTF8: RequestRefusal.notUTF8.message
    case .ambiguousLength: RequestRefusal.ambiguousLength.message
    case .notSignedIn: "Nobody is signed in: open your personal link."
    case .wrongHost: "This service is not reached under this name: use its own address."
    case .wrongOrigin: "This was asked for by another site's page."
    case .wrongCSRF: "The X-CSRF-Token is missing or wrong: reload the page."
    case .administratorsOnly: "Only administrators may do this."
    case .noSuchPage: "There is nothing at this address."
    case .wrongMethod(let allowed):
      "This address does not know the method: use \(allowed.joined(separator: " or "))."
    case .bodyTooLarge(let limit): RequestRefusal.bodyTooLarge(limit: limit).message
    case .notJSON: "The body is not declared as JSON: use Content-Type: application/json."
    case .wrongField(let name, let expected): "\(name): expected \(expected)."
    case .tooManyRequests(let seconds):
      "Too many requests: wait \(seconds == 1 ? "a second" : "\(seconds) seconds")."
    case .headerTooLarge(let limit): RequestRefusal.headerTooLarge(limit: limit).message
    case .internalError: "Something went wrong here; the service's log says what."
    case .stopping: RequestRefusal.stopping.message
    case .backend(let error): error.description
    }
  }

  var response: HTTPServerResponse {
    let body: JSONValue = ["error": ["code": .string(code), "message": .string(message)]]
    var response = HTTPServerResponse.json(Array(body.json().utf8), status: status)
    switch self {
    case .wrongMethod(let allowed):
      response.headers.append(.init(name: "Allow", value: allowed.joined(separator: ", ")))
    case .tooManyRequests(let seconds):
      response.headers.append(.init(name: "Retry-After", value: String(seconds)))
    case _ where status == 503: response.headers.append(.init(name: "Retry-After", value: "1"))
    default: break
    }
    return response
  }
}
