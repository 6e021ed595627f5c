// Element-wise kernels over rows of 32-bit floats, compiled for AVX-512, for AVX2 and for the
// baseline from one source (`kernels.inc`); the widest form that the processor has is called.
//
// Why C: Swift has no per-function target attribute, so a Swift loop is compiled for the baseline
// processor of the whole build.
//
// A row stride counts elements. Unless a comment says otherwise an output may be the same rows as an
// input, but must not overlap it in another way. Nothing here allocates or keeps a pointer.
#ifndef CVECTORKERNELS_H
#define CVECTORKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Which form of the kernels runs.
enum {
  cvk_level_baseline = 0,
  cvk_level_avx2 = 1,
  cvk_level_avx512 = 2,
};

/// What the processor (and the operating system) can run.
enum {
  cvk_feature_avx2 = 1,
  cvk_feature_avx512 = 2,
  cvk_feature_avx512_vnni = 4,
  cvk_feature_avx512_bf16 = 8,
};

/// Functions applied to each element; the values are those of Swift's `Activation`.
enum {
  cvk_identity = 0,
  cvk_gelu = 1,
  cvk_gelu_tanh = 2,
  cvk_relu = 3,
  cvk_silu = 4,
  cvk_tanh = 5,
  cvk_sigmoid = 6,
};

/// The features of this processor, a sum of `cvk_feature_…`.
int cvk_features(void);

/// Writes the processor's name, ended by NUL, into 49 bytes; an empty text when it has none.
void cvk_processor_name(char *name);

/// The level in use.
int cvk_level(void);

/// Sets the level, at most what the processor has; for tests that compare the forms. Returns the
/// level in use. Not to be called while kernels run.
int cvk_set_level(int level);

/// Tells the processor that this thread spins.
static inline void cvk_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// A number of the calling thread, 0 at first; a thread pool marks its busy threads with it.
int cvk_thread_mark(void);
void cvk_set_thread_mark(int mark);

// Rows.

/// output[r][c] = activation(input[r][c] + bias[c]) + residual[r][c]. `bias` and `residual` may be NULL.
void cvk_bias_activation(float *output, size_t output_stride, const float *input,
                         size_t input_stride, size_t rows, size_t columns, const float *bias,
                         int activation, const float *residual, size_t residual_stride);

/// output[r][c] = activation((input[r][c] - row_zero[r] * column_sum[c]) * row_scale[r] *
/// column_scale[c] + bias[c]) + residual[r][c], where `input` holds 32-bit sums.
void cvk_dequantise(float *output, size_t output_stride, const int32_t *input, size_t input_stride,
                    size_t rows, size_t columns, const float *row_scale, const int32_t *row_zero,
                    const float *column_scale, const int32_t *column_sum, const float *bias,
                    int activation, const float *residual, size_t residual_stride);

/// output[r][c] = activation(gate[r][c]) * input[r][c].
void cvk_gated_activation(float *output, size_t output_stride, const float *gate,
                          size_t gate_stride, const float *input, size_t input_stride, size_t rows,
                          size_t columns, int activation);

/// output[r][c] = left[r][c] * left_factor + right[r][c] * right_factor.
void cvk_weighted_sum(float *output, size_t output_stride, const float *left, size_t left_stride,
                      float left_factor, const float *right, size_t right_stride,
                      float right_factor, size_t rows, size_t columns);

/// output[r][c] = left[r][c] * right[r][c].
void cvk_product(float *output, size_t output_stride, const float *left, size_t left_stride,
                 const float *right, size_t right_stride, size_t rows, size_t columns);

/// Layer normalisation of input + residual (NULL for none) with `weight` and `bias` (NULL for none).
/// Where `sum` is not NULL it receives input + residual.
void cvk_layer_norm(float *output, size_t output_stride, const float *input, size_t input_stride,
                    const float *residual, size_t residual_stride, float *sum, size_t sum_stride,
                    size_t rows, size_t columns, const float *weight, const float *bias,
                    float epsilon);

/// The same, dividing by the root of the mean square and without bias.
void cvk_rms_norm(float *output, size_t output_stride, const float *input, size_t input_stride,
                  const float *residual, size_t residual_stride, float *sum, size_t sum_stride,
                  size_t rows, size_t columns, const float *weight, float epsilon);

/// Softmax of values[r][c] * scale + bias[r][c], in place. `bias` may be NULL; `bias_stride` 0 gives
/// every row the same. Row r counts its first min(columns, valid + r * valid_step) columns and gets
/// zeros after them.
void cvk_softmax(float *values, size_t stride, size_t rows, size_t columns, float scale,
                 const float *bias, size_t bias_stride, size_t valid, size_t valid_step);

/// Logarithm of the softmax of each row.
void cvk_log_softmax(float *output, size_t output_stride, const float *input, size_t input_stride,
                     size_t rows, size_t columns);

/// output[r] = the logarithm of the sum over c of e^input[r][c]; not finite when an input is NaN or
/// +infinity, or all are -infinity.
void cvk_log_sum_exp(float *output, size_t output_stride, const float *input, size_t input_stride,
                     size_t rows, size_t columns);

// Copies and conversions.

/// Copies rows.
void cvk_copy(float *output, size_t output_stride, const float *input, size_t input_stride,
              size_t rows, size_t columns);

/// output[c][r] = input[r][c]; the output must not overlap the input.
void cvk_transpose(float *output, size_t output_stride, const float *input, size_t input_stride,
                   size_t rows, size_t columns);

/// Rounds to bfloat16, ties to even.
void cvk_to_bfloat16(uint16_t *output, size_t output_stride, const float *input,
                     size_t input_stride, size_t rows, size_t columns);

/// Widens bfloat16.
void cvk_from_bfloat16(float *output, size_t output_stride, const uint16_t *input,
                       size_t input_stride, size_t rows, size_t columns);

/// Widens IEEE half precision.
void cvk_from_float16(float *output, const uint16_t *input, size_t count);

/// Quantises rows to 8 bits without sign: value = scale[r] * (output[r][c] - zero[r]). The range of
/// a row always contains 0. A row with a value that is not finite gets the scale NaN.
void cvk_quantise_rows(uint8_t *output, size_t output_stride, float *scale, int32_t *zero,
                       const float *input, size_t input_stride, size_t rows, size_t columns);

/// Quantises rows to 8 bits with sign: value = scale[r] * output[r][c], symmetric; `sum` receives
/// the sum of each row's quantised values. Returns 0 when a value is not finite, else 1.
int cvk_quantise_weights(int8_t *output, size_t output_stride, float *scale, int32_t *sum,
                         const float *input, size_t input_stride, size_t rows, size_t columns);

// Reductions.

/// The sum of left[i] * right[i].
float cvk_dot(const float *left, const float *right, size_t count);

/// Whether every value is finite.
int cvk_all_finite(const float *values, size_t count);

// Products with packed weights.

/// What the elements of a product are; the sums have 4 bytes for all of them.
enum {
  cvk_floats = 0,
  cvk_bfloat16s = 1,
  /// 8 bits, the left side without sign, the packed side with sign; sums are integers.
  cvk_int8s = 2,
};

/// output[rows][columns] = left * packed. The packed side has blocks of `width`
/// columns (16, 32, 48 or 64), `block_stride` bytes apart: [steps][width][elements of 4 bytes]. The
/// rows have `steps` times 4 bytes; all strides count bytes. The output has room for whole blocks.
/// Needs AVX-512, and of it what the kind asks for.
void cvk_multiply_packed(void *output, size_t output_stride, const void *left, size_t left_stride,
                      size_t rows, const void *packed, size_t steps, size_t block_stride,
                      size_t columns, size_t width, int kind);

// Attention.

enum {
  /// The most queries of one call.
  cvk_query_block = 128,
  /// The keys whose term of positions is computed together.
  cvk_key_block = 64,
  /// How far beyond the longest sequence the entries of a relative index can be read.
  cvk_index_margin = 2 * cvk_query_block,
};

/// For each distance query position - key position the row of a table of relative positions.
typedef struct {
  /// Addressed by the distance.
  const int32_t *ascending;
  /// The same entries, addressed by the negative distance.
  const int32_t *descending;
  /// Whether the entry grows by 0 or 1 from each distance to the next.
  int is_gradual;
  /// The number of rows of the table.
  size_t positions;
} cvk_relative_index;

/// Attention of one block of queries of one head. Products are of floats, or of bfloat16 numbers with
/// sums of floats.
typedef struct {
  int is_bfloat16;
  /// The queries of the block, at most `cvk_query_block`, at least 1.
  size_t rows;
  /// The keys; at least 1.
  size_t keys;
  /// The size of the head.
  size_t size;
  const float *queries;
  size_t query_stride;
  /// From cvk_pack_rows of the keys.
  const void *packed_keys;
  /// From cvk_pack_columns of the values.
  const void *packed_values;
  float scale;
  /// Query r sees the first min(keys, visible + r * visible_step) keys.
  size_t visible;
  size_t visible_step;
  /// Added after the scale: bias[j - r] for query r and key j. NULL for none.
  const float *bias;
  /// The position of the first query among the keys, for the terms of positions.
  size_t first_query;
  /// From cvk_pack_rows of the table; NULL for none: query . table[index[distance]] is added before
  /// the scale.
  const void *packed_position_keys;
  cvk_relative_index key_index;
  /// From cvk_pack_rows of the table; NULL for none: key . table[index[distance]].
  const void *packed_position_queries;
  cvk_relative_index query_index;
  /// The keys row by row for that term, in the elements of the products.
  const void *key_rows;
  size_t key_row_stride;
  float *output;
  size_t output_stride;
} cvk_attention;

/// Packs rows as the columns of a right side, sums running along each row. `packed` has room for the
/// rows rounded up to 16 times the columns rounded up to 2.
void cvk_pack_rows(void *packed, const float *input, size_t input_stride, size_t rows,
                   size_t columns, int is_bfloat16);

/// Packs rows as the rows of a right side, sums running from row to row. `packed` has room for the
/// rows rounded up to 2 times the columns rounded up to 16.
void cvk_pack_columns(void *packed, const float *input, size_t input_stride, size_t rows,
                      size_t columns, int is_bfloat16);

/// The bytes of scratch memory that cvk_attend needs, aligned to 64.
size_t cvk_attention_scratch(size_t keys, size_t size, size_t key_positions,
                             size_t query_positions);

/// Computes one block. bfloat16 needs the processor's `cvk_feature_avx512_bf16`.
void cvk_attend(const cvk_attention *attention, void *scratch);

/// Attention of a few queries of neighbouring heads with keys and values as they are, row by row:
/// packing would cost more than it saves.
typedef struct {
  /// Whether keys and values are bfloat16 rather than floats; queries and output are floats.
  int is_bfloat16;
  size_t queries;
  size_t heads;
  size_t keys;
  /// The size of a head.
  size_t size;
  const float *query;
  size_t query_stride;
  const void *key_rows;
  size_t key_stride;
  const void *value_rows;
  size_t value_stride;
  float scale;
  /// Query q sees the first min(keys, visible + q * visible_step) keys.
  size_t visible;
  size_t visible_step;
  /// Added after the scale: bias[h * bias_stride + j - q] for head h, key j, query q. NULL for none.
  const float *bias;
  size_t bias_stride;
  /// May be the memory of the queries.
  float *output;
  size_t output_stride;
} cvk_few_queries;

/// Computes all queries; `scores` has room for queries * heads * (keys rounded up to 4).
void cvk_attend_few(const cvk_few_queries *queries, float *scores);

/// scores[i] = the sum over c of query[c] * rows[places[i]][c], where row p begins at
/// rows + p * columns.
void cvk_gathered_scores_float32(float *scores, const float *query, const float *rows,
                                 const int32_t *places, size_t count, size_t columns);
void cvk_gathered_scores_bfloat16(float *scores, const float *query, const uint16_t *rows,
                                  const int32_t *places, size_t count, size_t columns);

/// output[c] = the sum over i of weights[i] * rows[places[i]][c].
void cvk_gathered_sum_float32(float *output, const float *weights, const float *rows,
                              const int32_t *places, size_t count, size_t columns);
void cvk_gathered_sum_bfloat16(float *output, const float *weights, const uint16_t *rows,
                               const int32_t *places, size_t count, size_t columns);

#ifdef __cplusplus
}
#endif

#endif
