// Products with packed weights. Sums of up to 6 rows and 64 columns stay in registers while one stream
// of weights goes by. No prefetch instruction is used: with a few rows the rate is that of the memory,
// and the processor's own prefetching reads a stream 1.3 to 2 times as fast without them.
#include "CVectorKernels.h"
#include "vectors.h"

#if defined(__x86_64__)

#define TARGET_float __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define TARGET_bfloat16                                                                            \
  __attribute__((target("avx512bf16,avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define TARGET_int8                                                                                \
  __attribute__((target("avx512vnni,avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))

// sum + the products of one step's elements at `a`, the same for all columns, with those of `b`.
TARGET_float ALWAYS __m512 add_float(__m512 sum, const char *a, __m512 b) {
  float x;
  memcpy(&x, a, 4);
  return _mm512_fmadd_ps(_mm512_set1_ps(x), b, sum);
}

TARGET_bfloat16 ALWAYS __m512 add_bfloat16(__m512 sum, const char *a, __m512 b) {
  int x;
  memcpy(&x, a, 4);
  return _mm512_dpbf16_ps(sum, (__m512bh)_mm512_set1_epi32(x), (__m512bh)b);
}

TARGET_int8 ALWAYS __m512 add_int8(__m512 sum, const char *a, __m512 b) {
  int x;
  memcpy(&x, a, 4);
  return (__m512)_mm512_dpbusd_epi32((__m512i)sum, _mm512_set1_epi32(x), (__m512i)b);
}

// Steps of one group of rows before the next group's turn. Up to three groups are bound by the memory:
// with short turns the next weights arrive while these are multiplied (22 against 14 GB/s for 8 rows
// on one thread). More rows are bound by arithmetic.
enum { memory_chunk = 16, cache_chunk = 1024 };

#define TILE(kind, n)                                                                              \
  tile_##kind(output, output_stride, left, left_stride, packed, steps, adds, n, vectors)
#define BLOCK(kind, n)                                                                             \
  block_##kind(y, output_stride, left, left_stride, rows, block, steps, n)

// One step is 4 bytes of a row and 64 bytes of 16 columns, for every kind of element.
#define PRODUCTS(kind)                                                                             \
  TARGET_##kind ALWAYS void tile_##kind(char *output, size_t output_stride, const char *left,             \
                                 size_t left_stride, const char *packed, size_t steps,             \
                                 int adds, const int rows, const int vectors) {                    \
    __m512 sums[6][4];                                                                             \
    for (int r = 0; r < rows; r++) {                                                               \
      for (int v = 0; v < vectors; v++) {                                                          \
        sums[r][v] = adds ? _mm512_loadu_ps(output + (size_t)r * output_stride + 64 * v)           \
                          : _mm512_setzero_ps();                                                   \
      }                                                                                            \
    }                                                                                              \
    for (size_t k = 0; k < steps; k++) {                                                           \
      __m512 right[4];                                                                             \
      for (int v = 0; v < vectors; v++) {                                                          \
        right[v] = _mm512_loadu_ps(packed + (k * (size_t)vectors + (size_t)v) * 64);               \
      }                                                                                            \
      for (int r = 0; r < rows; r++) {                                                             \
        for (int v = 0; v < vectors; v++) {                                                        \
          sums[r][v] = add_##kind(sums[r][v], left + (size_t)r * left_stride + 4 * k, right[v]);   \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
    for (int r = 0; r < rows; r++) {                                                               \
      for (int v = 0; v < vectors; v++) {                                                          \
        _mm512_storeu_ps(output + (size_t)r * output_stride + 64 * v, sums[r][v]);                 \
      }                                                                                            \
    }                                                                                              \
  }                                                                                                \
                                                                                                   \
  TARGET_##kind ALWAYS void rows_##kind(char *output, size_t output_stride, const char *left,      \
                                        size_t left_stride, size_t rows, const char *packed,       \
                                        size_t steps, int adds, const int vectors) {               \
    switch (rows) {                                                                                \
    case 1: TILE(kind, 1); break;                                                                  \
    case 2: TILE(kind, 2); break;                                                                  \
    case 3: TILE(kind, 3); break;                                                                  \
    case 4: TILE(kind, 4); break;                                                                  \
    case 5: TILE(kind, 5); break;                                                                  \
    default: TILE(kind, 6); break;                                                                 \
    }                                                                                              \
  }                                                                                                \
                                                                                                   \
  /* One block of columns: all rows for some of the steps, whose weights stay in the cache. */     \
  TARGET_##kind ALWAYS void block_##kind(char *output, size_t output_stride, const char *left,     \
                                         size_t left_stride, size_t rows, const char *packed,      \
                                         size_t steps, const int vectors) {                        \
    size_t parts = (rows + 5) / 6;                                                                 \
    size_t chunk = rows <= 6 ? steps : rows <= 18 ? memory_chunk : cache_chunk;                    \
    for (size_t k = 0; k < steps; k += chunk) {                                                    \
      size_t count = steps - k < chunk ? steps - k : chunk;                                        \
      for (size_t p = 0, first = 0; p < parts; p++) {                                              \
        /* Equal shares: 8 rows are 4 and 4 rather than 6 and 2. */                                \
        size_t share = (rows - first + parts - p - 1) / (parts - p);                               \
        rows_##kind(output + first * output_stride, output_stride,                                 \
                    left + first * left_stride + 4 * k, left_stride, share,                        \
                    packed + k * (size_t)vectors * 64, count, k > 0, vectors);                     \
        first += share;                                                                            \
      }                                                                                            \
    }                                                                                              \
  }                                                                                                \
                                                                                                   \
  TARGET_##kind static void multiply_##kind(char *output, size_t output_stride, const char *left,  \
                                            size_t left_stride, size_t rows, const char *packed,   \
                                            size_t steps, size_t block_stride, size_t columns,     \
                                            size_t width) {                                        \
    for (size_t c = 0; c < columns; c += width) {                                                  \
      char *y = output + c * 4;                                                                    \
      const char *block = packed + c / width * block_stride;                                       \
      switch (width) {                                                                             \
      case 16: BLOCK(kind, 1); break;                                                              \
      case 32: BLOCK(kind, 2); break;                                                              \
      case 48: BLOCK(kind, 3); break;                                                              \
      default: BLOCK(kind, 4); break;                                                              \
      }                                                                                            \
    }                                                                                              \
  }

PRODUCTS(float)
PRODUCTS(bfloat16)
PRODUCTS(int8)

void cvk_multiply_packed(void *output, size_t output_stride, const void *left, size_t left_stride,
                      size_t rows, const void *packed, size_t steps, size_t block_stride,
                      size_t columns, size_t width, int kind) {
  switch (kind) {
  case cvk_floats:
    multiply_float(output, output_stride, left, left_stride, rows, packed, steps, block_stride,
                       columns, width);
    break;
  case cvk_bfloat16s:
    multiply_bfloat16(output, output_stride, left, left_stride, rows, packed, steps,
                          block_stride, columns, width);
    break;
  default:
    multiply_int8(output, output_stride, left, left_stride, rows, packed, steps, block_stride,
                      columns, width);
    break;
  }
}

#else

// Weights are packed in this layout only where there is AVX-512.
void cvk_multiply_packed(void *output, size_t output_stride, const void *left, size_t left_stride,
                      size_t rows, const void *packed, size_t steps, size_t block_stride,
                      size_t columns, size_t width, int kind) {}

#endif
