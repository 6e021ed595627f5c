#include "CVectorKernels.h"
#include "vectors.h"

/// Positions that a block of scores needs: the first one, a multiple of 16, and how many times 16.
typedef struct {
  size_t low;
  size_t vectors;
} cvk_positions;

/// The positions of distances from `least` to `most`.
static cvk_positions cvk_positions_between(const cvk_relative_index *index, ptrdiff_t least,
                                           ptrdiff_t most) {
  if (!index->is_gradual) return (cvk_positions){0, (index->positions + 15) / 16};
  size_t low = (size_t)index->ascending[least] & ~(size_t)15;
  return (cvk_positions){low, ((size_t)index->ascending[most] - low) / 16 + 1};
}

size_t cvk_attention_scratch(size_t keys, size_t size, size_t key_positions,
                             size_t query_positions) {
  size_t positions = key_positions > query_positions ? key_positions : query_positions;
  size_t floats = (keys + 32) + (size + 16) + (size + 2) + (positions + 48);
  return cvk_query_block * floats * sizeof(float) + 4 * 64;
}

/// Rounds to bfloat16, ties to even.
static inline uint16_t to_bfloat16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  if ((bits & 0x7fffffff) > 0x7f800000) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// Products of floats: the elements are what is stored.
#define FLOAT_ELEMENTS                                                                             \
  ALWAYS f16 NAME(multiply_add)(f16 sum, const float *a, f16 b) { return sum + *a * b; }           \
  ALWAYS float NAME(convert)(float x) { return x; }                                                \
  ALWAYS void NAME(store_elements)(float *p, f16 v) { NAME(store)(p, v); }                         \
  ALWAYS void NAME(store_step)(float *p, f16 first, f16 second) { NAME(store)(p, first); }

#define ELEMENT float
#define STEP 1

#define ROWS 3
#define VECTORS 1
#define NAME(x) x##_baseline
#include "vectors.inc"
FLOAT_ELEMENTS
#include "attention.inc"
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define NAME(x) x##_avx2
#include "vectors.inc"
FLOAT_ELEMENTS
#include "attention.inc"
#undef NAME
#pragma clang attribute pop
#undef ROWS
#undef VECTORS

#define ROWS 6
#define VECTORS 4
#define CVK_AVX512
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))),                   \
    apply_to = function)
#define NAME(x) x##_avx512
#include "vectors.inc"
FLOAT_ELEMENTS
ALWAYS __m512i NAME(load_elements)(const float *p) { return _mm512_loadu_si512(p); }
#include "attention.inc"
#undef NAME
#pragma clang attribute pop

// Products of bfloat16 numbers.
#undef ELEMENT
#undef STEP
#define ELEMENT uint16_t
#define STEP 2
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512bf16,avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))),        \
    apply_to = function)
#define NAME(x) x##_bfloat16
#include "vectors.inc"

ALWAYS f16 NAME(multiply_add)(f16 sum, const uint16_t *a, f16 b) {
  int pair;
  memcpy(&pair, a, 4);
  return (f16)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_epi32(pair), (__m512bh)b);
}

ALWAYS uint16_t NAME(convert)(float x) { return to_bfloat16(x); }

ALWAYS void NAME(store_elements)(uint16_t *p, f16 v) {
  _mm256_storeu_si256((__m256i *)p, (__m256i)_mm512_cvtneps_pbh((__m512)v));
}

ALWAYS void NAME(store_step)(uint16_t *p, f16 first, f16 second) {
  __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)first));
  __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)second));
  _mm512_storeu_si512(p, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
}

/// The 32 floats at p as 16 pairs.
ALWAYS __m512i NAME(load_elements)(const float *p) {
  return (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(p + 16), _mm512_loadu_ps(p));
}

#include "attention.inc"
#undef NAME
#pragma clang attribute pop

#define CHOOSE(name, is_bfloat16, ...)                                                             \
  if (is_bfloat16) {                                                                               \
    name##_bfloat16(__VA_ARGS__);                                                                  \
    return;                                                                                        \
  }                                                                                                \
  switch (cvk_level()) {                                                                           \
  case cvk_level_avx512: name##_avx512(__VA_ARGS__); break;                                        \
  case cvk_level_avx2: name##_avx2(__VA_ARGS__); break;                                            \
  default: name##_baseline(__VA_ARGS__); break;                                                    \
  }
#else
#define CHOOSE(name, is_bfloat16, ...) name##_baseline(__VA_ARGS__);
#endif

void cvk_pack_rows(void *packed, const float *input, size_t input_stride, size_t rows,
                   size_t columns, int is_bfloat16) {
  CHOOSE(pack_rows, is_bfloat16, packed, input, input_stride, rows, columns)
}

void cvk_pack_columns(void *packed, const float *input, size_t input_stride, size_t rows,
                      size_t columns, int is_bfloat16) {
  CHOOSE(pack_columns, is_bfloat16, packed, input, input_stride, rows, columns)
}

void cvk_attend(const cvk_attention *attention, void *scratch) {
  CHOOSE(attend, attention->is_bfloat16, attention, scratch)
}
