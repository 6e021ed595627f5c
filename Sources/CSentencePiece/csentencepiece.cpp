#include "csentencepiece.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <sentencepiece_processor.h>
#include <vector>

struct csentencepiece_processor {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

std::string_view view(const uint8_t *bytes, size_t length) {
  return std::string_view(reinterpret_cast<const char *>(bytes), length);
}

/// Cuts into a vector that each thread keeps, so that short texts cost no allocation of their own.
/// Returns NULL on failure: no C++ exception may pass into Swift.
const std::vector<int> *cut(const csentencepiece_processor *processor, const uint8_t *text,
                            size_t length) {
  thread_local std::vector<int> ids;
  try {
    return processor->processor.Encode(view(text, length), &ids).ok() ? &ids : nullptr;
  } catch (const std::exception &) {
    return nullptr;
  }
}

} // namespace

csentencepiece_processor *csentencepiece_create(const uint8_t *model, size_t length, char *reason,
                                                size_t capacity) {
  try {
    auto processor = std::make_unique<csentencepiece_processor>();
    auto status = processor->processor.LoadFromSerializedProto(view(model, length));
    if (status.ok()) return processor.release();
    std::snprintf(reason, capacity, "%s", status.error_message());
  } catch (const std::exception &error) {
    std::snprintf(reason, capacity, "%s", error.what());
  }
  return nullptr;
}

void csentencepiece_release(csentencepiece_processor *processor) { delete processor; }

int64_t csentencepiece_count(const csentencepiece_processor *processor, const uint8_t *text,
                             size_t length) {
  auto ids = cut(processor, text, length);
  return ids ? static_cast<int64_t>(ids->size()) : -1;
}

int csentencepiece_encode(const csentencepiece_processor *processor, const uint8_t *text,
                          size_t length, void *context,
                          void (*receive)(void *context, const int *ids, size_t count)) {
  auto ids = cut(processor, text, length);
  if (ids == nullptr) return 0;
  receive(context, ids->data(), ids->size());
  return 1;
}
