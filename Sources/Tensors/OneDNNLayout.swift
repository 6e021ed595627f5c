internal import COneDNN

/// Descriptions of how the elements of a two-axis array lie in memory.
enum OneDNNLayout {
  /// Rows and columns at given distances.
  static func strided(
    _ lengths: [Int], _ strides: [Int], _ type: dnnl_data_type_t
  ) -> dnnl_memory_desc_t? {
    var layout = dnnl_memory_desc_t()
    let lengths = lengths.map { dnnl_dim_t($0) }
    let strides = strides.map { dnnl_dim_t($0) }
    let status = unsafe dnnl_memory_desc_init_by_strides(
      &layout, Int32(lengths.count), lengths, type, strides)
    return status == dnnl_success ? layout : nil
  }

  /// A layout that the operation chooses.
  static func any(_ lengths: [Int], _ type: dnnl_data_type_t) -> dnnl_memory_desc_t? {
    var layout = dnnl_memory_desc_t()
    let lengths = lengths.map { dnnl_dim_t($0) }
    let status = unsafe dnnl_memory_desc_init_by_tag(
      &layout, Int32(lengths.count), lengths, type, dnnl_format_tag_any)
    return status == dnnl_success ? layout : nil
  }
}
