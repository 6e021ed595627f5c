internal import COneDNN

/// What a product multiplies: `[rows, depth]` by packed `[depth, columns]`.
struct ProductShape: Hashable {
  var rows: Int
  var columns: Int
  var depth: Int
  /// The distance between rows of the left side, in elements.
  var rowStride: Int
  var precision: Precision
}

/// A compiled product of oneDNN with packed weights, usable by all workers of a pool at once.
///
/// Sums are 32-bit floats, or 32-bit integers for int8; bias and activation follow in one pass over
/// the small result, which is still in the cache.
///
/// Source: https://oneapi-src.github.io/oneDNN/v2.6/dev_guide_matmul.html
@safe final class OneDNNProduct {
  /// The memory objects of one worker; a call only moves their addresses.
  @safe private struct Arguments {
    let stream: dnnl_stream_t
    let source: dnnl_memory_t
    let result: dnnl_memory_t
    let scratch: dnnl_memory_t
    let scratchMemory: AlignedMemory
  }

  private let primitive: dnnl_primitive_t
  private let arguments: [Arguments]

  /// The layout in which a product wants its weights, decided for blocks of rows.
  static func weightLayout(
    columns: Int, depth: Int, precision: Precision
  ) -> dnnl_memory_desc_t? {
    let shape = ProductShape(
      rows: Compute.blockRows, columns: columns, depth: depth, rowStride: depth,
      precision: precision)
    guard let engine = OneDNNEngine.shared,
      let description = unsafe description(shape, weights: nil, engine: engine)
    else { return nil }
    defer { unsafe dnnl_primitive_desc_destroy(description) }
    let layout = unsafe dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0)
    return unsafe layout?.pointee
  }

  /// Compiles a product.
  ///
  /// - Parameters:
  ///   - shape: the operands.
  ///   - weights: the layout of the packed weights.
  ///   - workers: how many threads may run it at once.
  init?(_ shape: ProductShape, weights: dnnl_memory_desc_t, workers: Int) {
    OpenMP.useOneThread()
    guard let engine = OneDNNEngine.shared,
      let description = unsafe Self.description(shape, weights: weights, engine: engine)
    else { return nil }
    defer { unsafe dnnl_primitive_desc_destroy(description) }
    var primitive: dnnl_primitive_t?
    guard unsafe dnnl_primitive_create(&primitive, description) == dnnl_success,
      let primitive = unsafe primitive
    else { return nil }
    func layout(_ query: dnnl_query_t) -> UnsafePointer<dnnl_memory_desc_t>? {
      unsafe dnnl_primitive_desc_query_md(description, query, 0)
    }
    let scratchSize = unsafe layout(dnnl_query_scratchpad_md).map {
      unsafe dnnl_memory_desc_get_size($0)
    }
    var arguments: [Arguments] = []
    for _ in 0..<workers {
      var stream: dnnl_stream_t?
      let memory = AlignedMemory(byteCount: Int(scratchSize ?? 0))
      guard
        unsafe dnnl_stream_create(
          &stream, engine.handle, UInt32(dnnl_stream_default_flags.rawValue))
          == dnnl_success,
        let stream = unsafe stream,
        let source = unsafe Self.memory(layout(dnnl_query_src_md), nil, engine),
        let result = unsafe Self.memory(layout(dnnl_query_dst_md), nil, engine),
        let scratch = unsafe Self.memory(layout(dnnl_query_scratchpad_md), memory.base, engine)
      else {
        Self.release(arguments)
        unsafe dnnl_primitive_destroy(primitive)
        return nil
      }
      unsafe arguments.append(
        Arguments(
          stream: stream, source: source, result: result, scratch: scratch,
          scratchMemory: memory))
    }
    unsafe self.primitive = primitive
    self.arguments = arguments
  }

  deinit {
    Self.release(arguments)
    unsafe dnnl_primitive_destroy(primitive)
  }

  /// Multiplies.
  ///
  /// - Parameters:
  ///   - source: `[rows, depth]` in the product's precision.
  ///   - weights: the packed right side.
  ///   - result: `[rows, columns]`, contiguous, of 4-byte sums.
  ///   - worker: the worker that calls.
  func run(
    source: UnsafeMutableRawPointer, weights: dnnl_memory_t, result: UnsafeMutableRawPointer,
    worker: Int
  ) {
    let own = arguments[worker]
    unsafe dnnl_memory_set_data_handle(own.source, source)
    unsafe dnnl_memory_set_data_handle(own.result, result)
    let list: InlineArray<4, dnnl_exec_arg_t> = unsafe [
      dnnl_exec_arg_t(arg: DNNL_ARG_SRC, memory: own.source),
      dnnl_exec_arg_t(arg: DNNL_ARG_WEIGHTS, memory: weights),
      dnnl_exec_arg_t(arg: DNNL_ARG_DST, memory: own.result),
      dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: own.scratch),
    ]
    let status = unsafe list.span.withUnsafeBufferPointer {
      unsafe dnnl_primitive_execute(primitive, own.stream, 4, $0.baseAddress)
    }
    precondition(status == dnnl_success, "oneDNN failed with status \(status.rawValue)")
  }

  private static func release(_ arguments: [Arguments]) {
    for index in arguments.indices {
      let own = arguments[index]
      unsafe dnnl_memory_destroy(own.source)
      unsafe dnnl_memory_destroy(own.result)
      unsafe dnnl_memory_destroy(own.scratch)
      unsafe dnnl_stream_destroy(own.stream)
    }
  }

  /// A memory object; the caller destroys it and keeps `bytes` alive.
  static func memory(
    _ layout: UnsafePointer<dnnl_memory_desc_t>?, _ bytes: UnsafeMutableRawPointer?,
    _ engine: OneDNNEngine
  ) -> dnnl_memory_t? {
    var memory: dnnl_memory_t?
    guard let layout = unsafe layout,
      unsafe dnnl_memory_create(&memory, layout, engine.handle, bytes) == dnnl_success
    else { return nil }
    return unsafe memory
  }

  private static func description(
    _ shape: ProductShape, weights: dnnl_memory_desc_t?, engine: OneDNNEngine
  ) -> dnnl_primitive_desc_t? {
    let (sourceType, weightType, resultType) =
      switch shape.precision {
      case .float32: (dnnl_f32, dnnl_f32, dnnl_f32)
      case .bfloat16: (dnnl_bf16, dnnl_bf16, dnnl_f32)
      case .int8: (dnnl_u8, dnnl_s8, dnnl_s32)
      }
    guard
      var source = OneDNNLayout.strided(
        [shape.rows, shape.depth], [shape.rowStride, 1], sourceType),
      var weightLayout = weights
        ?? OneDNNLayout.any([shape.depth, shape.columns], weightType),
      var result = OneDNNLayout.strided(
        [shape.rows, shape.columns], [shape.columns, 1], resultType)
    else { return nil }
    var operation = dnnl_matmul_desc_t()
    var attributes: dnnl_primitive_attr_t?
    var description: dnnl_primitive_desc_t?
    guard
      unsafe dnnl_matmul_desc_init(&operation, &source, &weightLayout, nil, &result)
        == dnnl_success,
      unsafe dnnl_primitive_attr_create(&attributes) == dnnl_success
    else { return nil }
    defer { unsafe dnnl_primitive_attr_destroy(attributes) }
    // Scratch memory of the library's own would belong to the thread that compiled the product.
    guard
      unsafe dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user)
        == dnnl_success,
      unsafe dnnl_primitive_desc_create(&description, &operation, attributes, engine.handle, nil)
        == dnnl_success
    else { return nil }
    return unsafe description
  }
}

// A compiled primitive may be executed by several threads; each worker has arguments of its own.
extension OneDNNProduct: @unchecked Sendable {}
