internal import CMicroHTTPD
internal import Glibc

/// A request while its body arrives; owned by its connection.
private final class PendingRequest {
  var body: [UInt8] = []
  var isTooLarge = false
}

/// libmicrohttpd's callback: once when the header is complete, once per piece of the body, and once
/// at the end with nothing, when the answer is due.
func answerRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ url: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
  _ version: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?,
  _ size: UnsafeMutablePointer<Int>?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let context = unsafe context, let connection = unsafe connection, let url = unsafe url,
    let method = unsafe method, let size = unsafe size, let state = unsafe state
  else { return .NO }
  guard let place = unsafe state.pointee else {
    unsafe state.pointee = Unmanaged.passRetained(PendingRequest()).toOpaque()
    return .YES
  }
  let server = unsafe Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
  let pending = unsafe Unmanaged<PendingRequest>.fromOpaque(place).takeUnretainedValue()
  let count = unsafe size.pointee
  if count > 0 {
    // The rest of a body that is too long is read and forgotten, so that the answer arrives.
    if pending.isTooLarge || pending.body.count + count > server.maximumBodyBytes {
      pending.isTooLarge = true
      pending.body = []
    } else {
      unsafe pending.body.append(contentsOf: UnsafeRawBufferPointer(start: data, count: count))
    }
    unsafe size.pointee = 0
    return .YES
  }
  return unsafe send(respond(connection, url, method, pending, server), on: connection)
}

/// libmicrohttpd's callback at the end of a request, however it ended.
func releaseRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
  guard let place = unsafe state?.pointee else { return }
  unsafe Unmanaged<PendingRequest>.fromOpaque(place).release()
  unsafe state?.pointee = nil
}

private func respond(
  _ connection: OpaquePointer, _ url: UnsafePointer<CChar>, _ method: UnsafePointer<CChar>,
  _ pending: PendingRequest, _ server: ServerContext
) -> HTTPServerResponse {
  if pending.isTooLarge {
    return .text(
      "The body is longer than \(server.maximumBodyBytes) bytes.\n", status: 413)
  }
  guard let path = unsafe PercentEncoding.decode(bytes(url)),
    let query = unsafe fields(of: connection, .GET_ARGUMENT_KIND),
    let headers = unsafe fields(of: connection, .HEADER_KIND)
  else { return .text("The address or a header field is not UTF-8.\n", status: 400) }
  return server.handler(
    HTTPServerRequest(
      method: unsafe String(cString: method), path: path, query: query, headers: headers,
      body: pending.body))
}

/// Fields under construction; `isValid` turns false at the first that is not UTF-8.
private struct FieldReader {
  var fields: [HTTPServerRequest.Field] = []
  var isValid = true
}

/// The fields of one kind; `nil` when one is not UTF-8.
private func fields(
  of connection: OpaquePointer, _ kind: MHD_ValueKind
) -> [HTTPServerRequest.Field]? {
  var reader = FieldReader()
  unsafe withUnsafeMutablePointer(to: &reader) { reader in
    _ = unsafe MHD_get_connection_values(
      connection, kind,
      { context, kind, name, value in
        guard let name = unsafe name,
          let reader = unsafe context?.assumingMemoryBound(to: FieldReader.self)
        else { return .YES }
        unsafe reader.pointee.read(kind, name: bytes(name), value: value.map { unsafe bytes($0) })
        return .YES
      }, reader)
  }
  return reader.isValid ? reader.fields : nil
}

extension FieldReader {
  mutating func read(
    _ kind: MHD_ValueKind, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?
  ) {
    if kind == .HEADER_KIND {
      // Latin-1 is what HTTP/1.0 allowed in values; replacing is better than refusing the request.
      let name = unsafe String(decoding: name, as: UTF8.self).lowercased()
      let value = unsafe value.map { unsafe String(decoding: $0, as: UTF8.self) } ?? ""
      fields.append(.init(name: name, value: value))
    } else if let name = unsafe PercentEncoding.decode(name),
      let value = unsafe value.map({ unsafe PercentEncoding.decode($0) }) ?? ""
    {
      fields.append(.init(name: name, value: value))
    } else {
      isValid = false
    }
  }
}

private func bytes(_ text: UnsafePointer<CChar>) -> UnsafeRawBufferPointer {
  unsafe UnsafeRawBufferPointer(start: text, count: strlen(text))
}

private func send(_ answer: HTTPServerResponse, on connection: OpaquePointer) -> MHD_Result {
  // libmicrohttpd copies the bytes and does not write through the pointer.
  let response = unsafe answer.body.withUnsafeBytes { body in
    unsafe MHD_create_response_from_buffer(
      body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
  }
  guard let response = unsafe response else { return .NO }
  defer { unsafe MHD_destroy_response(response) }
  for field in answer.headers {
    // Refused fields (line breaks, empty names) are left out.
    unsafe MHD_add_response_header(response, field.name, field.value)
  }
  return unsafe MHD_queue_response(connection, UInt32(clamping: answer.status), response)
}
