/* The greatest rate of multiplications and additions: operands stay in registers, nothing is read.

   usage: peak THREADS

   Prints one JSON object with billions of operations per second of all threads together for each
   kind of numbers that the processor multiplies: float32, bfloat16, int8 (products into 32 bits). */
#include <immintrin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Enough sums in flight to hide an instruction's latency, few enough for the 32 registers. */
enum { SUMS = 16, ROUNDS = 4000000 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

/* A loop of one instruction on SUMS registers. The empty assembly keeps each product in the loop. */
#define LOOP(name, features, type, zero, step)              \
  __attribute__((target(features))) static void *name(void *unused) { \
    type sum[SUMS];                                         \
    for (int i = 0; i < SUMS; i++) sum[i] = zero;           \
    __m512i bits = _mm512_set1_epi32(0x3f803f80);           \
    for (long round = 0; round < ROUNDS; round++) {         \
      _Pragma("GCC unroll 16")                              \
      for (int i = 0; i < SUMS; i++) {                      \
        sum[i] = step;                                      \
        __asm__ volatile("" : "+v"(sum[i]));                \
      }                                                     \
      __asm__ volatile("" : "+v"(bits));                    \
    }                                                       \
    return unused;                                          \
  }

LOOP(run_float32, "avx512f", __m512, _mm512_setzero_ps(),
     _mm512_fmadd_ps(_mm512_castsi512_ps(bits), _mm512_castsi512_ps(bits), sum[i]))
LOOP(run_bfloat16, "avx512f,avx512bf16", __m512, _mm512_setzero_ps(),
     _mm512_dpbf16_ps(sum[i], (__m512bh)bits, (__m512bh)bits))
LOOP(run_int8, "avx512f,avx512vnni", __m512i, _mm512_setzero_si512(),
     _mm512_dpbusd_epi32(sum[i], bits, bits))

/* The best of five tries: others may use the machine too. */
static double rate(void *(*run)(void *), int threads, int operations) {
  double best = 0;
  for (int attempt = 0; attempt < 5; attempt++) {
    pthread_t others[256];
    double start = now();
    for (int i = 1; i < threads; i++)
      if (pthread_create(&others[i], NULL, run, NULL)) exit(70);
    run(NULL);
    for (int i = 1; i < threads; i++) pthread_join(others[i], NULL);
    double found = 1e-9 * threads * operations * SUMS * (double)ROUNDS / (now() - start);
    if (found > best) best = found;
  }
  return best;
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 0;
  if (threads < 1 || threads > 256) {
    fprintf(stderr, "usage: peak THREADS\n");
    return 64;
  }
  const char *comma = "";
  printf("{");
  /* Two operations for each product, so many products in a register. */
  if (__builtin_cpu_supports("avx512f")) {
    printf("\"float32\": %.0f", rate(run_float32, threads, 32));
    comma = ", ";
  }
  if (__builtin_cpu_supports("avx512bf16"))
    printf("%s\"bfloat16\": %.0f", comma, rate(run_bfloat16, threads, 64));
  if (__builtin_cpu_supports("avx512vnni"))
    printf("%s\"int8\": %.0f", comma, rate(run_int8, threads, 128));
  printf("}\n");
  return 0;
}
