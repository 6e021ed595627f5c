// A C view of SentencePiece's processor, which has a C++ interface only.
#ifndef CSENTENCEPIECE_H
#define CSENTENCEPIECE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csentencepiece_processor csentencepiece_processor;

/// Makes a processor from a serialized model. Returns NULL and writes a NUL-terminated reason of at
/// most `capacity` bytes when the model is not a good one. The caller releases the processor.
csentencepiece_processor *csentencepiece_create(const uint8_t *model, size_t length, char *reason,
                                                size_t capacity);

/// Releases a processor.
void csentencepiece_release(csentencepiece_processor *processor);

/// The number of pieces that `length` bytes of UTF-8 are cut into, or -1 when that fails.
/// May be called from several threads at once.
int64_t csentencepiece_count(const csentencepiece_processor *processor, const uint8_t *text,
                             size_t length);

/// Cuts `length` bytes of UTF-8 and lends the pieces' ids to `receive`, once. Returns whether that
/// was possible. May be called from several threads at once.
int csentencepiece_encode(const csentencepiece_processor *processor, const uint8_t *text,
                          size_t length, void *context,
                          void (*receive)(void *context, const int *ids, size_t count));

#ifdef __cplusplus
}
#endif

#endif
