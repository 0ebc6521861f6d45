#define _GNU_SOURCE
#include "system.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

void fail(const char *format, ...) {
  int error = errno;
  va_list arguments;
  va_start(arguments, format);
  fputs("generator: ", stderr);
  vfprintf(stderr, format, arguments);
  if (error != 0) { fprintf(stderr, ": %s", strerror(error)); }
  fputc('\n', stderr);
  exit(1);
}

void *allocate(size_t count, size_t size) {
  void *memory = calloc(count == 0 ? 1 : count, size);
  if (memory == NULL) { fail("no memory for %zu times %zu bytes", count, size); }
  return memory;
}

void *reallocate(void *memory, size_t size) {
  memory = realloc(memory, size);
  if (memory == NULL) { fail("no memory for %zu bytes", size); }
  return memory;
}

uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void set(int descriptor, int level, int option, int value) {
  if (setsockopt(descriptor, level, option, &value, sizeof value) != 0) { fail("socket option %d", option); }
}

static struct sockaddr_in address(uint32_t host, uint16_t port) {
  return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(host), .sin_port = htons(port)};
}

int begin_connecting(uint16_t port, unsigned source, int narrow) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) { fail("no socket (`ulimit -n` says how many there may be)"); }
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  // Thousands of connections that ended in order would be remembered for a minute, and slow the next run.
  struct linger abort = {.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  if (narrow) {
    // The small segments keep the server's side small, too: its buffer begins as a multiple of them.
    set(descriptor, SOL_SOCKET, SO_RCVBUF, 4096);
    set(descriptor, IPPROTO_TCP, TCP_MAXSEG, 536);
  }
  if (source != 0) {
    set(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    struct sockaddr_in from = address(0x7f000100 + source, 0);
    if (bind(descriptor, (struct sockaddr *)&from, sizeof from) != 0) { fail("bind to 127.0.1.%u", source); }
  }
  struct sockaddr_in to = address(INADDR_LOOPBACK, port);
  if (connect(descriptor, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
    fail("connect to port %u", port);
  }
  return descriptor;
}

int connecting_error(int descriptor) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

void watch(int epoll, int operation, int descriptor, uint32_t events, uint64_t data) {
  struct epoll_event event = {.events = events, .data.u64 = data};
  if (epoll_ctl(epoll, operation, descriptor, &event) != 0) { fail("epoll_ctl"); }
}

void raise_limit_of_descriptors(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) { fail("getrlimit"); }
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) { fail("setrlimit"); }
}
