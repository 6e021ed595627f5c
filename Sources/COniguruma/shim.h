#ifndef CONIGURUMA_SHIM_H
#define CONIGURUMA_SHIM_H

#include <oniguruma.h>
#include <stddef.h>
#include <stdint.h>

/// The room that a message needs.
enum { coniguruma_message_size = ONIG_MAX_ERROR_MESSAGE_LEN };

/// Compiles a pattern in UTF-8: the encoding and the syntax are macros, which Swift cannot import.
/// Returns NULL and writes a NUL-terminated message of at most `coniguruma_message_size` bytes when
/// the pattern is not a good one. The caller frees the expression with onig_free.
static inline OnigRegex coniguruma_create(const uint8_t *pattern, size_t length, char *message) {
  OnigRegex expression = NULL;
  OnigErrorInfo info;
  int code = onig_new(&expression, pattern, pattern + length, ONIG_OPTION_NONE,
                      ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, &info);
  if (code == ONIG_NORMAL) return expression;
  onig_error_code_to_str((OnigUChar *)message, code, &info);
  return NULL;
}

/// Prepares the library; to be called once before anything else.
static inline void coniguruma_initialize(void) {
  OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
  onig_initialize(encodings, 1);
}

/// Looks for the first match at or after `start`. Returns 1 and sets the ends, 0 when there is none,
/// or the library's negative code when it gave up. `region` is the caller's scratch memory.
static inline int coniguruma_search(OnigRegex expression, const uint8_t *text, size_t length,
                                    size_t start, OnigRegion *region, ptrdiff_t *match_start,
                                    ptrdiff_t *match_end) {
  int position = onig_search(expression, text, text + length, text + start, text + length, region,
                             ONIG_OPTION_NONE);
  if (position == ONIG_MISMATCH) return 0;
  if (position < 0) return position;
  *match_start = region->beg[0];
  *match_end = region->end[0];
  return 1;
}

#endif
