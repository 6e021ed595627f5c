/* The greatest rate of multiplications and additions: operands stay in registers, nothing is read.

   usage: peak THREADS

   Prints one JSON object with billions of operations per second of all threads together for each
   kind of numbers that the processor multiplies: float32, bfloat16, int8 (products into 32 bits). */
#include <immintrin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Enough sums in flight to hide an instruction's latency. */
enum { SUMS = 12, ROUNDS = 6000000 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

/* A loop of one instruction on 12 registers; as assembly, since compilers put arrays into memory. */
#define STEP(text, i) __asm__ volatile(text : "+v"(sum##i) : "v"(bits));
#define LOOP(name, text)                                                            \
  __attribute__((target("avx512f"))) static void *name(void *unused) {              \
    __m512i bits = _mm512_set1_epi32(0x3f803f80), zero = _mm512_setzero_si512();    \
    __m512i sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero, sum4 = zero;        \
    __m512i sum5 = zero, sum6 = zero, sum7 = zero, sum8 = zero, sum9 = zero;        \
    __m512i sum10 = zero, sum11 = zero;                                             \
    for (long round = 0; round < ROUNDS; round++) {                                 \
      STEP(text, 0) STEP(text, 1) STEP(text, 2) STEP(text, 3)                       \
      STEP(text, 4) STEP(text, 5) STEP(text, 6) STEP(text, 7)                       \
      STEP(text, 8) STEP(text, 9) STEP(text, 10) STEP(text, 11)                     \
    }                                                                               \
    return unused;                                                                  \
  }

LOOP(run_float32, "vfmadd231ps %1, %1, %0")
LOOP(run_bfloat16, "vdpbf16ps %1, %1, %0")
LOOP(run_int8, "vpdpbusd %1, %1, %0")

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
