// SHA-1 and SHA-2 of nettle; the short names are macros for functions that Swift sees as
// `nettle_sha256_…`.
#ifndef MIXINSTRUCT_CNETTLE_SHIM_H
#define MIXINSTRUCT_CNETTLE_SHIM_H

#include <nettle/sha1.h>
#include <nettle/sha2.h>

#endif
