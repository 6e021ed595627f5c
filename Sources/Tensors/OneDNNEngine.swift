internal import COneDNN

/// The processor as oneDNN's engine; made once, used by all threads.
@safe final class OneDNNEngine {
  /// The engine, or nil when the library cannot make one.
  static let shared = OneDNNEngine()

  let handle: dnnl_engine_t

  private init?() {
    var engine: dnnl_engine_t?
    guard unsafe dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success,
      let engine = unsafe engine
    else { return nil }
    unsafe handle = engine
  }

  deinit { unsafe dnnl_engine_destroy(handle) }
}

// The handle never changes; oneDNN's engines may be used by several threads.
extension OneDNNEngine: @unchecked Sendable {}
