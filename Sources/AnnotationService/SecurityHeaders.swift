internal import HTTPServer

/// The header fields that every answer carries.
enum SecurityHeaders {
  /// No script, style or image but our own files; nobody may frame the pages, and no form, link or
  /// base that text of a dataset could bring leads anywhere. No script can turn text into a page.
  static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    + "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    + "require-trusted-types-for 'script'; trusted-types 'none'"

  private static let always: [HTTPServerRequest.Field] = [
    .init(name: "Content-Security-Policy", value: contentSecurityPolicy),
    .init(name: "X-Content-Type-Options", value: "nosniff"),
    .init(name: "X-Frame-Options", value: "DENY"),
    .init(name: "Referrer-Policy", value: "no-referrer"),
    .init(name: "Cross-Origin-Opener-Policy", value: "same-origin"),
    .init(name: "Cross-Origin-Resource-Policy", value: "same-origin"),
    .init(
      name: "Permissions-Policy",
      value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
  ]

  private static let noStore = HTTPServerRequest.Field(name: "Cache-Control", value: "no-store")
  // A year; browsers that came over TLS once do not come without it again.
  private static let transportSecurity = HTTPServerRequest.Field(
    name: "Strict-Transport-Security", value: "max-age=31536000")

  /// Adds the fields.
  ///
  /// - Parameters:
  ///   - response: an answer.
  ///   - isSecure: whether browsers reach us over TLS.
  /// - Returns: the answer with the fields.
  static func added(to response: HTTPServerResponse, isSecure: Bool) -> HTTPServerResponse {
    var response = response
    response.headers += always
    if isSecure { response.headers.append(transportSecurity) }
    if !response.headers.contains(where: { $0.name == "Cache-Control" }) {
      response.headers.append(noStore)
    }
    return response
  }
}
