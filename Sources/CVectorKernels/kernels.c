#include "CVectorKernels.h"
#include "vectors.h"

#define NAME(x) x##_baseline
#include "vectors.inc"
#include "kernels.inc"
#undef NAME

#if defined(__x86_64__)
#include <cpuid.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define NAME(x) x##_avx2
#include "vectors.inc"
#include "kernels.inc"
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))),                   \
    apply_to = function)
#define NAME(x) x##_avx512
#define CVK_AVX512
#include "vectors.inc"
#include "kernels.inc"
#undef CVK_AVX512
#undef NAME
#pragma clang attribute pop
#endif

int cvk_features(void) {
  int features = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    features |= cvk_feature_avx2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      features |= cvk_feature_avx512;
      if (__builtin_cpu_supports("avx512vnni")) features |= cvk_feature_avx512_vnni;
      if (__builtin_cpu_supports("avx512bf16")) features |= cvk_feature_avx512_bf16;
    }
  }
#endif
  return features;
}

void cvk_processor_name(char *name) {
  name[0] = 0;
#if defined(__x86_64__)
  unsigned words[12];
  if (__get_cpuid_max(0x80000000, NULL) < 0x80000004) return;
  for (unsigned leaf = 0; leaf < 3; leaf++) {
    unsigned *part = words + 4 * leaf;
    __get_cpuid(0x80000002 + leaf, part, part + 1, part + 2, part + 3);
  }
  memcpy(name, words, 48);
  name[48] = 0;
#endif
}

static _Thread_local int thread_mark = 0;

int cvk_thread_mark(void) { return thread_mark; }

void cvk_set_thread_mark(int mark) { thread_mark = mark; }

static int best_level(void) {
  int features = cvk_features();
  return features & cvk_feature_avx512 ? cvk_level_avx512
         : features & cvk_feature_avx2 ? cvk_level_avx2
                                       : cvk_level_baseline;
}

// -1 until first asked. Two threads that ask at once both store the same value.
static int chosen_level = -1;

int cvk_level(void) {
  int level = __atomic_load_n(&chosen_level, __ATOMIC_RELAXED);
  if (__builtin_expect(level < 0, 0)) {
    level = best_level();
    __atomic_store_n(&chosen_level, level, __ATOMIC_RELAXED);
  }
  return level;
}

int cvk_set_level(int level) {
  int best = best_level();
  level = level < 0 ? 0 : level > best ? best : level;
  __atomic_store_n(&chosen_level, level, __ATOMIC_RELAXED);
  return level;
}

#if defined(__x86_64__)
#define CHOOSE(name, ...)                                                                          \
  switch (cvk_level()) {                                                                           \
  case cvk_level_avx512: return name##_avx512(__VA_ARGS__);                                        \
  case cvk_level_avx2: return name##_avx2(__VA_ARGS__);                                            \
  default: return name##_baseline(__VA_ARGS__);                                                    \
  }
#else
#define CHOOSE(name, ...) return name##_baseline(__VA_ARGS__);
#endif

void cvk_bias_activation(float *output, size_t output_stride, const float *input,
                         size_t input_stride, size_t rows, size_t columns, const float *bias,
                         int activation, const float *residual, size_t residual_stride) {
  CHOOSE(bias_activation, output, output_stride, input, input_stride, rows, columns, bias,
         activation, residual, residual_stride)
}

void cvk_dequantise(float *output, size_t output_stride, const int32_t *input, size_t input_stride,
                    size_t rows, size_t columns, const float *row_scale, const int32_t *row_zero,
                    const float *column_scale, const int32_t *column_sum, const float *bias,
                    int activation, const float *residual, size_t residual_stride) {
  CHOOSE(dequantise, output, output_stride, input, input_stride, rows, columns, row_scale, row_zero,
         column_scale, column_sum, bias, activation, residual, residual_stride)
}

void cvk_gated_activation(float *output, size_t output_stride, const float *gate,
                          size_t gate_stride, const float *input, size_t input_stride, size_t rows,
                          size_t columns, int activation) {
  CHOOSE(gated_activation, output, output_stride, gate, gate_stride, input, input_stride, rows,
         columns, activation)
}

void cvk_weighted_sum(float *output, size_t output_stride, const float *left, size_t left_stride,
                      float left_factor, const float *right, size_t right_stride,
                      float right_factor, size_t rows, size_t columns) {
  CHOOSE(weighted_sum, output, output_stride, left, left_stride, left_factor, right, right_stride,
         right_factor, rows, columns)
}

void cvk_product(float *output, size_t output_stride, const float *left, size_t left_stride,
                 const float *right, size_t right_stride, size_t rows, size_t columns) {
  CHOOSE(product, output, output_stride, left, left_stride, right, right_stride, rows, columns)
}

void cvk_layer_norm(float *output, size_t output_stride, const float *input, size_t input_stride,
                    const float *residual, size_t residual_stride, float *sum, size_t sum_stride,
                    size_t rows, size_t columns, const float *weight, const float *bias,
                    float epsilon) {
  CHOOSE(layer_norm, output, output_stride, input, input_stride, residual, residual_stride, sum,
         sum_stride, rows, columns, weight, bias, epsilon)
}

void cvk_rms_norm(float *output, size_t output_stride, const float *input, size_t input_stride,
                  const float *residual, size_t residual_stride, float *sum, size_t sum_stride,
                  size_t rows, size_t columns, const float *weight, float epsilon) {
  CHOOSE(rms_norm, output, output_stride, input, input_stride, residual, residual_stride, sum,
         sum_stride, rows, columns, weight, epsilon)
}

void cvk_softmax(float *values, size_t stride, size_t rows, size_t columns, float scale,
                 const float *bias, size_t bias_stride, size_t valid, size_t valid_step) {
  CHOOSE(softmax, values, stride, rows, columns, scale, bias, bias_stride, valid, valid_step)
}

void cvk_log_softmax(float *output, size_t output_stride, const float *input, size_t input_stride,
                     size_t rows, size_t columns) {
  CHOOSE(log_softmax, output, output_stride, input, input_stride, rows, columns)
}

void cvk_log_sum_exp(float *output, size_t output_stride, const float *input, size_t input_stride,
                     size_t rows, size_t columns) {
  CHOOSE(log_sum_exp, output, output_stride, input, input_stride, rows, columns)
}

void cvk_gathered_scores_float32(float *scores, const float *query, const float *rows,
                                 const int32_t *places, size_t count, size_t columns) {
  CHOOSE(gathered_scores_float32, scores, query, rows, places, count, columns)
}

void cvk_gathered_scores_bfloat16(float *scores, const float *query, const uint16_t *rows,
                                  const int32_t *places, size_t count, size_t columns) {
  CHOOSE(gathered_scores_bfloat16, scores, query, rows, places, count, columns)
}

void cvk_gathered_sum_float32(float *output, const float *weights, const float *rows,
                              const int32_t *places, size_t count, size_t columns) {
  CHOOSE(gathered_sum_float32, output, weights, rows, places, count, columns)
}

void cvk_gathered_sum_bfloat16(float *output, const float *weights, const uint16_t *rows,
                               const int32_t *places, size_t count, size_t columns) {
  CHOOSE(gathered_sum_bfloat16, output, weights, rows, places, count, columns)
}

void cvk_copy(float *output, size_t output_stride, const float *input, size_t input_stride,
              size_t rows, size_t columns) {
  CHOOSE(copy, output, output_stride, input, input_stride, rows, columns)
}

void cvk_transpose(float *output, size_t output_stride, const float *input, size_t input_stride,
                   size_t rows, size_t columns) {
  CHOOSE(transpose, output, output_stride, input, input_stride, rows, columns)
}

void cvk_to_bfloat16(uint16_t *output, size_t output_stride, const float *input,
                     size_t input_stride, size_t rows, size_t columns) {
  CHOOSE(to_bfloat16, output, output_stride, input, input_stride, rows, columns)
}

void cvk_from_bfloat16(float *output, size_t output_stride, const uint16_t *input,
                       size_t input_stride, size_t rows, size_t columns) {
  CHOOSE(from_bfloat16, output, output_stride, input, input_stride, rows, columns)
}

void cvk_from_float16(float *output, const uint16_t *input, size_t count) {
  CHOOSE(from_float16, output, input, count)
}

void cvk_quantise_rows(uint8_t *output, size_t output_stride, float *scale, int32_t *zero,
                       const float *input, size_t input_stride, size_t rows, size_t columns) {
  CHOOSE(quantise_rows, output, output_stride, scale, zero, input, input_stride, rows, columns)
}

int cvk_quantise_weights(int8_t *output, size_t output_stride, float *scale, int32_t *sum,
                         const float *input, size_t input_stride, size_t rows, size_t columns) {
  CHOOSE(quantise_weights, output, output_stride, scale, sum, input, input_stride, rows, columns)
}

void cvk_attend_few(const cvk_few_queries *queries, float *scores) {
  CHOOSE(attend_few, queries, scores)
}

float cvk_dot(const float *left, const float *right, size_t count) {
  CHOOSE(dot, left, right, count)
}

int cvk_all_finite(const float *values, size_t count) {
  CHOOSE(all_finite, values, count)
}
