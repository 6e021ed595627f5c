// A C view of simdjson's document object model: the parsed document is lent as simdjson's own
// "tape" (doc/tape.md of simdjson 3.0), which Swift walks directly.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that must be readable after the end of every parsed text.
enum { csimdjson_padding = 64 };

typedef struct csimdjson_parser csimdjson_parser;

/// A parsed document. Owned by the parser; valid until its next parse or its release.
typedef struct {
  const uint64_t *tape;
  const uint8_t *strings;
} csimdjson_document;

/// Makes a parser, or returns NULL when memory is short. The caller releases it.
csimdjson_parser *csimdjson_parser_create(void);

/// Releases a parser and the document it lends.
void csimdjson_parser_release(csimdjson_parser *parser);

/// Parses `length` bytes of UTF-8 JSON; `csimdjson_padding` bytes after them must be readable.
/// Returns NULL and fills `document`, or returns a static message and leaves `document` alone.
const char *csimdjson_parse(csimdjson_parser *parser, const uint8_t *text, size_t length,
                            csimdjson_document *document);

/// Writes the shortest decimal text that reads back as `value` (finite) into `buffer` of at least
/// 32 bytes, and returns its length. No NUL is written.
size_t csimdjson_write_double(double value, uint8_t *buffer);

#ifdef __cplusplus
}
#endif

#endif
