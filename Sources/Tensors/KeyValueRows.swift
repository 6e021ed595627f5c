/// Keys and values row by row, as floats or as bfloat16 numbers, for a few queries at a time.
enum KeyValueRows: Sendable {
  case floats(keys: Matrix, values: Matrix)
  case bfloat16(keys: BFloat16Matrix, values: BFloat16Matrix)
}
