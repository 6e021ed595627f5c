internal import CCurl
internal import Glibc

/// One easy handle and its buffers, used for one request after another.
@safe final class Transfer {
  let easy: UnsafeMutableRawPointer
  private let options: HTTPEngineOptions
  private let errorText: UnsafeMutablePointer<CChar>
  private var upload: UnsafeMutableRawBufferPointer

  // What was set last, so that libcurl is told only what changes.
  private var url = ""
  private var method: HTTPRequest.Method?
  private var connectTimeout: Duration?
  private var route = HTTPRoute()
  private var hasLargeBuffer = false

  private(set) var tag = 0
  private(set) var timeouts = HTTPRequest.Timeouts()
  private var fields: HTTPFieldList?
  private var headerBlock: [UInt8] = []
  private var body: [UInt8] = []
  private(set) var hasFirstByte = false
  private var isTooLarge = false
  private var sink: (any HTTPBodySink)?
  /// Whether the sink takes the body; nil before it was asked.
  private var sinkAccepts: Bool?
  private var isRefused = false
  var isActive = false
  private(set) var startTime: UInt64 = 0
  private(set) var firstByteDeadline = UInt64.max
  private(set) var totalDeadline = UInt64.max
  /// Moves with each piece of the answer, never back: the engine relies on it.
  private(set) var stallDeadline = UInt64.max

  /// The time at which the engine has to look at this transfer.
  var deadline: UInt64 {
    min(hasFirstByte ? .max : firstByteDeadline, stallDeadline, totalDeadline)
  }

  init?(index: Int, options: HTTPEngineOptions) {
    guard let easy = unsafe curl_easy_init() else { return nil }
    unsafe self.easy = easy
    self.options = options
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    unsafe upload = .allocate(byteCount: 4096, alignment: 16)
    unsafe ccurl_set_pointer(easy, CURLOPT_PRIVATE, UnsafeMutableRawPointer(bitPattern: index + 1))
    configure()
  }

  deinit {
    unsafe curl_easy_cleanup(easy)
    unsafe errorText.deallocate()
    unsafe upload.deallocate()
  }

  private func configure() {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    unsafe ccurl_set_long(easy, CURLOPT_NOPROGRESS, 1)
    unsafe ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
    unsafe ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    unsafe ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    unsafe ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    unsafe ccurl_set_string(easy, CURLOPT_USERAGENT, options.userAgent)
    if options.acceptsCompression { unsafe ccurl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "") }
    unsafe ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    unsafe ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      unsafe Transfer.of(context)?.receiveBody(bytes, size * count) ?? 0
    }
    unsafe ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    unsafe ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      unsafe Transfer.of(context)?.receiveHeader(bytes, size * count) ?? 0
    }
  }

  /// The transfer behind libcurl's context pointer; it outlives its easy handle.
  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  }

  private func receiveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    delayStall()
    if let sink, askSink() {
      let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
      if unsafe sink.receive(piece.bytes) { return count }
      isRefused = true
      return 0
    }
    guard body.count + count <= options.maximumBodyBytes else {
      isTooLarge = true
      return 0
    }
    unsafe body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  /// Whether the sink takes the body of the answer that has begun.
  private func askSink() -> Bool {
    guard let sink else { return false }
    if let sinkAccepts { return sinkAccepts }
    let accepts = sink.accepts(
      status: number(CURLINFO_RESPONSE_CODE), headers: HTTPResponseHeaders(block: headerBlock))
    sinkAccepts = accepts
    return accepts
  }

  private func delayStall() {
    if let limit = timeouts.stall {
      stallDeadline = HTTPEngine.clock() &+ limit.clampedNanoseconds
    }
  }

  private func receiveHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    hasFirstByte = true
    delayStall()
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
    // A proxy's answer and `100 Continue` have header blocks of their own before the last one.
    if unsafe line.starts(with: "HTTP/".utf8) { headerBlock.removeAll(keepingCapacity: true) }
    // No sane server sends more; libcurl has a limit of its own only from version 8.4 on.
    guard headerBlock.count + count <= 1 << 20 else {
      isTooLarge = true
      return 0
    }
    unsafe headerBlock.append(contentsOf: line)
    return count
  }

  /// Prepares the handle for a request.
  func prepare(_ request: HTTPRequest, now: UInt64) {
    tag = request.tag
    startTime = now
    timeouts = request.timeouts
    firstByteDeadline = request.timeouts.firstByte.map { now &+ $0.clampedNanoseconds } ?? .max
    totalDeadline = now &+ request.timeouts.total.clampedNanoseconds
    stallDeadline = request.timeouts.stall.map { now &+ $0.clampedNanoseconds } ?? .max
    hasFirstByte = false
    isTooLarge = false
    sink = request.sink
    sinkAccepts = nil
    isRefused = false
    Self.empty(&headerBlock)
    Self.empty(&body)
    unsafe errorText[0] = 0
    if !url.utf8.elementsEqual(request.url.utf8) || url.isEmpty {
      url = request.url
      unsafe ccurl_set_string(easy, CURLOPT_URL, url)
    }
    if fields !== request.fields {
      fields = request.fields
      unsafe ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, request.fields.list)
    }
    if method != request.method {
      method = request.method
      let option =
        switch request.method {
        case .get: CURLOPT_HTTPGET
        case .head: CURLOPT_NOBODY
        case .post: CURLOPT_POST
        }
      unsafe ccurl_set_long(easy, option, 1)
    }
    if connectTimeout != request.timeouts.connect {
      connectTimeout = request.timeouts.connect
      let milliseconds = max(1, request.timeouts.connect.clampedNanoseconds / 1_000_000)
      unsafe ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(milliseconds))
    }
    if route != request.route { setRoute(request.route) }
    if hasLargeBuffer != (request.sink != nil) {
      hasLargeBuffer = request.sink != nil
      // What goes to a disk goes there in large pieces; 16 KiB is libcurl's default.
      unsafe ccurl_set_long(easy, CURLOPT_BUFFERSIZE, hasLargeBuffer ? 1 << 18 : 1 << 14)
    }
    if request.method == .post { setUpload(request.body) }
  }

  private func setRoute(_ new: HTTPRoute) {
    route = new
    // Without a string libcurl goes back to its default: for proxies, the environment's. The folder
    // of the system's certificates stays set whatever the bundle is.
    for (option, value) in [
      (CURLOPT_PROXY, new.proxy), (CURLOPT_CAINFO, new.certificateBundle),
      (CURLOPT_SSLCERT, new.clientCertificate), (CURLOPT_SSLKEY, new.clientKey),
    ] {
      if let value {
        unsafe ccurl_set_string(easy, option, value)
      } else {
        unsafe ccurl_set_string(easy, option, nil)
      }
    }
  }

  private func setUpload(_ bytes: [UInt8]) {
    if unsafe bytes.count > upload.count {
      unsafe upload.deallocate()
      unsafe upload = .allocate(byteCount: bytes.count * 2, alignment: 16)
    }
    unsafe upload.copyBytes(from: bytes)
    unsafe ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
    unsafe ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, upload.baseAddress)
  }

  /// Small buffers are used again, unless the completion's receiver kept them; large ones go.
  private static func empty(_ buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 16)
  }

  /// The completion of a transfer that libcurl ended with `code`.
  func completion(code: CURLcode, now: UInt64) -> HTTPCompletion {
    guard code != CURLE_OK else {
      // A sink hears of an empty body too.
      _ = askSink()
      let status = number(CURLINFO_RESPONSE_CODE)
      let headers = HTTPResponseHeaders(block: headerBlock)
      return completion(
        .success(HTTPResponse(status: status, headers: headers, body: body)), now: now)
    }
    let detail = unsafe String(cString: errorText)
    return completion(
      .failure(HTTPFailure(kind: kind(code), detail: detail)), now: now)
  }

  /// The completion of a transfer with a result that the engine decided on.
  func completion(_ result: Result<HTTPResponse, HTTPFailure>, now: UInt64) -> HTTPCompletion {
    let first = microseconds(CURLINFO_STARTTRANSFER_TIME_T)
    let isReused = isConnected && number(CURLINFO_NUM_CONNECTS) == 0
    return HTTPCompletion(
      tag: tag, result: result,
      timings: HTTPTimings(
        connect: isReused ? .zero : microseconds(CURLINFO_PRETRANSFER_TIME_T),
        firstByte: hasFirstByte ? first : nil, total: .nanoseconds(now - startTime),
        reusedConnection: isReused))
  }

  /// Whether a connection was ready for this request.
  var isConnected: Bool { microseconds(CURLINFO_PRETRANSFER_TIME_T) > .zero }

  private func number(_ info: CURLINFO) -> Int {
    var value = 0
    unsafe ccurl_get_long(easy, info, &value)
    return value
  }

  private func microseconds(_ info: CURLINFO) -> Duration {
    var value: curl_off_t = 0
    unsafe ccurl_get_size(easy, info, &value)
    return .microseconds(value)
  }

  private func kind(_ code: CURLcode) -> HTTPFailure.Kind {
    if isRefused { return .refusedBySink }
    if isTooLarge { return .tooLarge(limit: options.maximumBodyBytes) }
    switch code {
    case CURLE_COULDNT_CONNECT:
      return number(CURLINFO_OS_ERRNO) == Int(ECONNREFUSED)
        ? .connectionRefused : .couldNotConnect
    // The scheme of the address, or a server that does not speak HTTP.
    case CURLE_UNSUPPORTED_PROTOCOL: return isConnected ? .protocolViolation : .badURL
    case CURLE_OPERATION_TIMEDOUT: return .connectTimeout(timeouts.connect)
    case CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return hasFirstByte ? .truncatedBody : .connectionReset
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
      return hasFirstByte ? .truncatedBody : .connectionReset
    default: return HTTPFailure.Kind(code)
    }
  }
}

extension HTTPFailure.Kind {
  /// The kind of a libcurl result that means the same at any point of a transfer.
  fileprivate init(_ code: CURLcode) {
    switch code {
    case CURLE_URL_MALFORMAT: self = .badURL
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .couldNotResolve
    case CURLE_PARTIAL_FILE: self = .truncatedBody
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_SHUTDOWN_FAILED:
      self = .tls
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: self = .protocolViolation
    default: self = .other(code: Int(code.rawValue))
    }
  }
}
