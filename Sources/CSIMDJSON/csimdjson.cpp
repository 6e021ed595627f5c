#include "csimdjson.h"

#include <charconv>
#include <new>
#include <simdjson.h>

struct csimdjson_parser {
  simdjson::dom::parser parser;
};

static_assert(csimdjson_padding >= simdjson::SIMDJSON_PADDING, "padding is too small");

csimdjson_parser *csimdjson_parser_create(void) { return new (std::nothrow) csimdjson_parser; }

void csimdjson_parser_release(csimdjson_parser *parser) { delete parser; }

const char *csimdjson_parse(csimdjson_parser *parser, const uint8_t *text, size_t length,
                            csimdjson_document *document) {
  auto error = parser->parser.parse(text, length, /*realloc_if_needed=*/false).error();
  if (error) {
    return simdjson::error_message(error);
  }
  document->tape = parser->parser.doc.tape.get();
  document->strings = parser->parser.doc.string_buf.get();
  return nullptr;
}

size_t csimdjson_write_double(double value, uint8_t *buffer) {
  char *start = reinterpret_cast<char *>(buffer);
  auto result = std::to_chars(start, start + 32, value);
  return static_cast<size_t>(result.ptr - start);
}
