#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

/// inflateInit2 is a macro, which Swift cannot import. 16 added to the window bits asks for gzip's
/// own header and checksum. The caller ends the stream with inflateEnd.
static inline int czlib_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

/// deflateInit2 is a macro. The header carries no name and no time, so equal input gives equal
/// bytes. The caller ends the stream with deflateEnd.
static inline int czlib_deflate_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
