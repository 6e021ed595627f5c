#ifndef CLINUXEVENTS_SHIM_H
#define CLINUXEVENTS_SHIM_H

// Swift's Glibc module leaves these headers out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#endif
