internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// The answer that a handler on a thread of its own makes.
private final class PendingAnswer: Sendable {
  let response = Mutex<HTTPServerResponse?>(nil)
}

/// A request while its body arrives; owned by its connection.
private final class PendingRequest {
  var body: [UInt8] = []
  var refusal: RequestRefusal?
  /// There once the request was given to a thread of the handler.
  var answer: PendingAnswer?
}

/// A connection that waits for its answer; only the thread that makes the answer uses it.
@safe private struct SuspendedConnection: @unchecked Sendable {
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) { unsafe self.handle = handle }

  func suspend() { unsafe MHD_suspend_connection(handle) }
  func resume() { unsafe MHD_resume_connection(handle) }
}

/// libmicrohttpd's callback when a connection is opened and before its socket is closed.
func watchConnection(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ place: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ change: MHD_ConnectionNotificationCode
) {
  guard let context = unsafe context, let connection = unsafe connection, let place = unsafe place
  else { return }
  let server = unsafe Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
  if change == .CONNECTION_NOTIFY_STARTED {
    let watch = unsafe ConnectionWatch(
      descriptor: cmicrohttpd_descriptor(connection), clientAddress: clientAddress(of: connection))
    watch.allow(seconds: server.options.requestSeconds)
    server.connections.add(watch)
    unsafe place.pointee = Unmanaged.passRetained(watch).toOpaque()
  } else if let watch = unsafe place.pointee {
    let watch = unsafe Unmanaged<ConnectionWatch>.fromOpaque(watch).takeRetainedValue()
    server.connections.remove(watch)
    unsafe place.pointee = nil
  }
}

private func clientAddress(of connection: OpaquePointer) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
    guard let start = text.baseAddress,
      unsafe cmicrohttpd_client_address(connection, start, text.count) != 0
    else { return "" }
    return unsafe String(cString: start)
  }
}

private func watch(of connection: OpaquePointer) -> ConnectionWatch? {
  guard let watch = unsafe cmicrohttpd_socket_context(connection) else { return nil }
  return unsafe Unmanaged<ConnectionWatch>.fromOpaque(watch).takeUnretainedValue()
}

/// libmicrohttpd's callback: once when the header is complete, once per piece of the body, and once
/// at the end with nothing, when the answer is due; and again when a suspended connection goes on.
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
  let server = unsafe Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
  guard let place = unsafe state.pointee else {
    let pending = PendingRequest()
    if unsafe cmicrohttpd_header_size(connection) > server.options.maximumHeaderBytes {
      pending.refusal = .headerTooLarge(limit: server.options.maximumHeaderBytes)
    }
    unsafe watch(of: connection)?.allow(seconds: server.options.requestSeconds)
    unsafe state.pointee = Unmanaged.passRetained(pending).toOpaque()
    return .YES
  }
  let pending = unsafe Unmanaged<PendingRequest>.fromOpaque(place).takeUnretainedValue()
  let count = unsafe size.pointee
  if count > 0 {
    // The rest of a body that is refused is read and forgotten, so that the answer arrives.
    if pending.refusal != nil {
    } else if pending.body.count + count > server.options.maximumBodyBytes {
      pending.refusal = .bodyTooLarge(limit: server.options.maximumBodyBytes)
      pending.body = []
    } else {
      unsafe pending.body.append(contentsOf: UnsafeRawBufferPointer(start: data, count: count))
    }
    unsafe size.pointee = 0
    return .YES
  }
  if let answer = pending.answer {
    guard let response = answer.response.withLock({ $0 }) else { return .YES }
    return unsafe send(response, on: connection, server)
  }
  unsafe watch(of: connection)?.pause()
  if let refusal = pending.refusal {
    return unsafe send(server.response(to: refusal), on: connection, server)
  }
  let request: HTTPServerRequest
  do throws(RequestRefusal) {
    request = try unsafe readRequest(connection, url, method, pending)
  } catch {
    return unsafe send(server.response(to: error), on: connection, server)
  }
  guard let threads = server.handlerThreads else {
    return unsafe send(server.handler(request), on: connection, server)
  }
  let answer = PendingAnswer()
  pending.answer = answer
  let suspended = unsafe SuspendedConnection(connection)
  let handler = server.handler
  let isAccepted = threads.add(preparing: { suspended.suspend() }) {
    let response = handler(request)
    answer.response.withLock { $0 = response }
    suspended.resume()
  }
  return isAccepted ? .YES : unsafe send(server.response(to: .stopping), on: connection, server)
}

/// libmicrohttpd's callback at the end of a request, however it ended.
func releaseRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
  guard let place = unsafe state?.pointee else { return }
  unsafe Unmanaged<PendingRequest>.fromOpaque(place).release()
  unsafe state?.pointee = nil
  guard let context = unsafe context, let connection = unsafe connection else { return }
  let server = unsafe Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
  unsafe watch(of: connection)?.allow(seconds: server.options.idleSeconds)
}

private func readRequest(
  _ connection: OpaquePointer, _ url: UnsafePointer<CChar>, _ method: UnsafePointer<CChar>,
  _ pending: PendingRequest
) throws(RequestRefusal) -> HTTPServerRequest {
  guard let path = unsafe PercentEncoding.decode(bytes(url)),
    let query = unsafe fields(of: connection, .GET_ARGUMENT_KIND),
    let headers = unsafe fields(of: connection, .HEADER_KIND)
  else { throw .notUTF8 }
  let lengths = headers.filter {
    $0.name == "content-length" || $0.name == "transfer-encoding"
  }
  guard lengths.count < 2 else { throw .ambiguousLength }
  return HTTPServerRequest(
    method: unsafe String(cString: method), path: path, query: query, headers: headers,
    body: pending.body, clientAddress: unsafe watch(of: connection)?.clientAddress ?? "")
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

private func send(
  _ answer: HTTPServerResponse, on connection: OpaquePointer, _ server: ServerContext
) -> MHD_Result {
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
  unsafe watch(of: connection)?.allow(seconds: server.options.answerSeconds)
  return unsafe MHD_queue_response(connection, UInt32(clamping: answer.status), response)
}
