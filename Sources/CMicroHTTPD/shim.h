#ifndef CMICROHTTPD_SHIM_H
#define CMICROHTTPD_SHIM_H

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>

/// Leaves percent escapes as they are: libmicrohttpd decodes into C strings, which lose "%00".
static inline size_t cmicrohttpd_keep_escapes(void *context, struct MHD_Connection *connection,
                                              char *text) {
  (void)context;
  (void)connection;
  return strlen(text);
}

/// MHD_start_daemon is variadic, which Swift cannot call. `address` is a numeric IPv4 or IPv6
/// address. Returns NULL with errno set when the daemon cannot start, errno 0 when `address` is
/// none.
static inline struct MHD_Daemon *cmicrohttpd_start(
    const char *address, uint16_t port, unsigned int threads, unsigned int connections,
    unsigned int idle_seconds, MHD_AccessHandlerCallback handle, void *context,
    MHD_RequestCompletedCallback completed) {
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD;
  struct sockaddr *place = (struct sockaddr *)&v4;
  if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
    flags |= MHD_USE_IPv6;
    place = (struct sockaddr *)&v6;
  } else if (inet_pton(AF_INET, address, &v4.sin_addr) != 1) {
    errno = 0;
    return NULL;
  }
  // A pool of one is refused: no option means one thread.
  struct MHD_OptionItem pool[] = {
      {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads, NULL},
      {MHD_OPTION_END, 0, NULL}};
  return MHD_start_daemon(
      flags, port, NULL, NULL, handle, context, MHD_OPTION_SOCK_ADDR, place,
      MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
      MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
      MHD_OPTION_UNESCAPE_CALLBACK, cmicrohttpd_keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED,
      completed, NULL, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
}

/// MHD_get_daemon_info is variadic. Returns 0 when the port is not known.
static inline uint16_t cmicrohttpd_port(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info ? info->port : 0;
}

#endif
