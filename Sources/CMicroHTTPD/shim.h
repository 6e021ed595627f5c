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

/// What a daemon is started with; texts and context are borrowed.
struct cmicrohttpd_settings {
  /// A numeric IPv4 or IPv6 address.
  const char *address;
  uint16_t port;
  unsigned int threads;
  unsigned int connections;
  /// 0 is any number.
  unsigned int connections_per_address;
  unsigned int idle_seconds;
  /// For the header and its parsed fields.
  size_t connection_memory;
  int is_secure;
  /// PEM texts, used when `is_secure`.
  const char *certificate;
  const char *key;
  MHD_AccessHandlerCallback handle;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection_changed;
  /// Given to the three callbacks.
  void *context;
};

/// MHD_start_daemon is variadic, which Swift cannot call. Returns NULL with errno set when the
/// daemon cannot start, errno 0 when the address is none.
static inline struct MHD_Daemon *cmicrohttpd_start(const struct cmicrohttpd_settings *settings) {
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(settings->port)};
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(settings->port)};
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
  struct sockaddr *place = (struct sockaddr *)&v4;
  if (inet_pton(AF_INET6, settings->address, &v6.sin6_addr) == 1) {
    flags |= MHD_USE_IPv6;
    place = (struct sockaddr *)&v6;
  } else if (inet_pton(AF_INET, settings->address, &v4.sin_addr) != 1) {
    errno = 0;
    return NULL;
  }
  struct MHD_OptionItem more[8];
  int count = 0;
  // A pool of one is refused: no option means one thread.
  if (settings->threads > 1)
    more[count++] =
        (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)settings->threads, NULL};
  if (settings->is_secure) {
    flags |= MHD_USE_TLS;
    more[count++] =
        (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)settings->certificate};
    more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)settings->key};
    more[count++] = (struct MHD_OptionItem){
        MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"};
  }
  more[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
  // Left at 0, a start that fails for another reason than a system call's could not be told apart
  // from a wrong address.
  errno = EINVAL;
  return MHD_start_daemon(
      flags, settings->port, NULL, NULL, settings->handle, settings->context,
      MHD_OPTION_SOCK_ADDR, place, MHD_OPTION_CONNECTION_LIMIT, settings->connections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings->connections_per_address,
      MHD_OPTION_CONNECTION_TIMEOUT, settings->idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->connection_memory,
      MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
      MHD_OPTION_UNESCAPE_CALLBACK, cmicrohttpd_keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED,
      settings->completed, settings->context, MHD_OPTION_NOTIFY_CONNECTION,
      settings->connection_changed, settings->context, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

/// MHD_get_connection_info is variadic. Returns -1 when the socket is not known.
static inline int cmicrohttpd_descriptor(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

/// What MHD_OPTION_NOTIFY_CONNECTION's callback stored; NULL when there is nothing.
static inline void *cmicrohttpd_socket_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

/// The length of the request line with the header fields; 0 before it is known.
static inline size_t cmicrohttpd_header_size(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info ? info->header_size : 0;
}

/// Writes the client's numeric address; returns 0 when it is not known or does not fit.
static inline int cmicrohttpd_client_address(struct MHD_Connection *connection, char *text,
                                             size_t size) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *place = info ? info->client_addr : NULL;
  if (!place) return 0;
  const void *bytes = place->sa_family == AF_INET6
                          ? (const void *)&((const struct sockaddr_in6 *)place)->sin6_addr
                          : (const void *)&((const struct sockaddr_in *)place)->sin_addr;
  return inet_ntop(place->sa_family, bytes, text, (socklen_t)size) != NULL;
}

/// MHD_get_daemon_info is variadic. Returns 0 when the port is not known.
static inline uint16_t cmicrohttpd_port(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info ? info->port : 0;
}

#endif
