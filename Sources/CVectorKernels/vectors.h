// What vectors.inc needs, once for each file that includes it.
#ifndef CVK_VECTORS_H
#define CVK_VECTORS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef float f16 __attribute__((vector_size(64)));
typedef float f8 __attribute__((vector_size(32)));
typedef float f4 __attribute__((vector_size(16)));
typedef int32_t i16 __attribute__((vector_size(64)));
typedef uint16_t h16 __attribute__((vector_size(32)));
typedef uint8_t b16 __attribute__((vector_size(16)));
// The same at any address, over memory of any type.
typedef float f16u __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint16_t h16u __attribute__((vector_size(32), aligned(2), may_alias));
typedef uint8_t b16u __attribute__((vector_size(16), aligned(1), may_alias));

// Vectors are passed only to functions that are always inlined, so their calling convention, which
// differs between the levels, is never used.
#pragma clang diagnostic ignored "-Wpsabi"

#define ALWAYS static inline __attribute__((always_inline))

// Calls BODY(c, n) for whole vectors (n = 16) and once for the rest of the row.
#define FOR_COLUMNS(columns, BODY)                                                                 \
  do {                                                                                             \
    size_t c = 0;                                                                                  \
    for (; c + 16 <= (columns); c += 16) BODY(c, (size_t)16);                                      \
    if (c < (columns)) BODY(c, (columns) - c);                                                     \
  } while (0)

#define LOAD(p, n, fill) ((n) == 16 ? NAME(load)(p) : NAME(load_part)(p, n, fill))
#define STORE(p, v, n)                                                                             \
  do {                                                                                             \
    if ((n) == 16) NAME(store)(p, v);                                                              \
    else NAME(store_part)(p, v, n);                                                                \
  } while (0)

#endif
