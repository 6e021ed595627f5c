/* The greatest rate at which memory is read: each thread reads its own half gigabyte front to back.

   usage: bandwidth THREADS

   Prints billions of bytes per second of all threads together. */
#include <immintrin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { PIECE = 512 << 20, TRIES = 8 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

static volatile long long sink;

/* Eight streams of a page's length keep more cache lines in flight than one. */
__attribute__((target("avx2"))) static void *read_piece(void *piece) {
  const char *start = piece;
  __m256i sum = _mm256_setzero_si256();
  for (size_t block = 0; block < PIECE; block += 8 * 4096)
    for (size_t i = 0; i < 4096; i += 64)
      for (int stream = 0; stream < 8; stream++) {
        const __m256i *line = (const __m256i *)(start + block + stream * 4096 + i);
        sum = _mm256_add_epi64(sum, _mm256_add_epi64(_mm256_load_si256(line), _mm256_load_si256(line + 1)));
      }
  sink = _mm256_extract_epi64(sum, 0);
  return NULL;
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 0;
  if (threads < 1 || threads > 64) {
    fprintf(stderr, "usage: bandwidth THREADS\n");
    return 64;
  }
  char *memory = mmap(
      NULL, (size_t)threads * PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 70;
  madvise(memory, (size_t)threads * PIECE, MADV_HUGEPAGE);
  memset(memory, 1, (size_t)threads * PIECE);
  double best = 0;
  for (int attempt = 0; attempt < TRIES; attempt++) {
    pthread_t others[64];
    double start = now();
    for (int i = 1; i < threads; i++)
      if (pthread_create(&others[i], NULL, read_piece, memory + (size_t)i * PIECE)) return 70;
    read_piece(memory);
    for (int i = 1; i < threads; i++) pthread_join(others[i], NULL);
    double found = 1e-9 * threads * (double)PIECE / (now() - start);
    if (found > best) best = found;
  }
  printf("%.1f\n", best);
  return 0;
}
