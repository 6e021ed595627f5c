internal import COneDNN

/// The processor as oneDNN's engine; made once, used by all threads.
@safe final class OneDNNEngine {
  /// The engine, or nil when the library cannot make one.
  static let shared = OneDNNEngine()

  let handle: dnnl_engine_t

  /// Whether the processor multiplies tiles of bfloat16 and 8-bit numbers in one instruction (AMX).
  static var hasMatrixUnits: Bool {
    let isa = dnnl_get_effective_cpu_isa().rawValue
    return isa & dnnl_cpu_isa_avx512_core_amx.rawValue == dnnl_cpu_isa_avx512_core_amx.rawValue
  }

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
