// The floor: what the system alone costs. One thread, one write(2) for each browser of an event, and nothing else: no
// sessions, no cursors, no chunks, no queue, no heartbeat. What a socket does not take at once is lost.
//
//     floor BROWSERS_PORT CONTROL_PORT
//
// Browsers ask for /u0, /u1 and so on, and get server-sent events. The control wire is as much of Orbit 1.1 as the load
// generator speaks: a recipient is one browser, `u7, s, /`, or all, `*, *, /`.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BROWSERS = 1 << 16, INPUT = 1 << 22, READY = 1024, BODY = 1 << 20 };
enum role { NOBODY, LISTENS_FOR_BROWSERS, LISTENS_FOR_CONTROL, ASKS, READS, CONTROLS };

static enum role roles[BROWSERS];   // by descriptor
static int browsers[BROWSERS];      // descriptors, by number; 0 is none
static int most;                    // one more than the highest number
static char input[INPUT];           // of the one control connection
static size_t input_length;
static char event[BODY];

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(int epoll, int descriptor, enum role role) {
  struct epoll_event interest = {.events = EPOLLIN, .data.fd = descriptor};
  roles[descriptor] = role;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &interest) != 0) { die("epoll_ctl"); }
}

static void listen_on(int epoll, int port, enum role role) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) { die("bind"); }
  if (listen(descriptor, 4096) != 0) { die("listen"); }
  watch(epoll, descriptor, role);
}

static void take_connections(int epoll, int listener) {
  enum role role = roles[listener] == LISTENS_FOR_BROWSERS ? ASKS : CONTROLS;
  int descriptor, yes = 1;
  while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    if (descriptor >= BROWSERS) { die("too many connections"); }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    watch(epoll, descriptor, role);
  }
}

static bool give(int browser, const char *bytes, size_t length) {
  return browser != 0 && write(browser, bytes, length) == (ssize_t)length;
}

static void answer_browser(int descriptor, const char *request) {
  static const char head[] =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\nretry: 1000\n\n";
  int number = strncmp(request, "GET /u", 6) == 0 ? atoi(request + 6) : -1;
  if (number < 0 || number >= BROWSERS || !give(descriptor, head, sizeof head - 1)) { die("a browser's request"); }
  browsers[number] = descriptor;
  if (number >= most) { most = number + 1; }
  roles[descriptor] = READS;
}

// Hands an event to each recipient of a head; returns how many took it.
static unsigned deliver(const char *head, const char *end, const char *body, size_t length) {
  static const char name[] = "\r\nrecipient: ";
  memcpy(event, "data: ", 6);
  memcpy(event + 6, body, length);
  memcpy(event + 6 + length, "\n\n", 2);
  unsigned reached = 0;
  for (const char *at = head; (at = memmem(at, (size_t)(end - at), name, sizeof name - 1)) != NULL;) {
    at += sizeof name - 1;
    if (*at == '*') {
      for (int number = 0; number < most; number++) { reached += give(browsers[number], event, length + 8); }
    } else {
      int number = atoi(at + 1);
      reached += number >= 0 && number < most && give(browsers[number], event, length + 8);
    }
  }
  return reached;
}

static void answer_control(int descriptor) {
  size_t at = 0;
  for (;;) {
    char *head = input + at, *blank = memmem(head, input_length - at, "\r\n\r\n", 4), reply[128];
    if (blank == NULL) { break; }
    char *length = memmem(head, (size_t)(blank - head), "\r\nlength: ", 10);
    char *id = memmem(head, (size_t)(blank - head), "\r\nid: ", 6), *body = blank + 4;
    size_t size = length == NULL ? 0 : strtoul(length + 10, NULL, 10);
    if (size > BODY - 8) { die("a body that is too large"); }
    if (body + size > input + input_length) { break; }
    unsigned reached = deliver(head, blank, body, size);
    int reply_length = snprintf(reply, sizeof reply, "Success\r\nid: %lu\r\nreached: %u\r\n\r\n",
                                id == NULL ? 0 : strtoul(id + 6, NULL, 10), reached);
    if (!give(descriptor, reply, (size_t)reply_length)) { die("a receipt was not taken"); }
    at = (size_t)(body + size - input);
  }
  memmove(input, input + at, input_length - at);
  input_length -= at;
}

static void read_from(int descriptor) {
  static char request[1 << 16];
  bool control = roles[descriptor] == CONTROLS;
  char *to = control ? input + input_length : request;
  ssize_t got = read(descriptor, to, control ? INPUT - input_length : sizeof request - 1);
  if (got < 0 && errno == EAGAIN) { return; }
  if (got <= 0) {
    for (int number = 0; roles[descriptor] == READS && number < most; number++) {
      if (browsers[number] == descriptor) { browsers[number] = 0; }
    }
    roles[descriptor] = NOBODY;
    close(descriptor);
    return;
  }
  if (control) {
    input_length += (size_t)got;
    answer_control(descriptor);
  } else if (roles[descriptor] == ASKS) {
    request[got] = '\0';
    answer_browser(descriptor, request);
  }
}

int main(int count, char **arguments) {
  if (count != 3) {
    fputs("usage: floor BROWSERS_PORT CONTROL_PORT\n", stderr);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int epoll = epoll_create1(0);
  listen_on(epoll, atoi(arguments[1]), LISTENS_FOR_BROWSERS);
  listen_on(epoll, atoi(arguments[2]), LISTENS_FOR_CONTROL);
  for (;;) {
    struct epoll_event ready[READY];
    int events = epoll_wait(epoll, ready, READY, -1);
    for (int at = 0; at < events; at++) {
      int descriptor = ready[at].data.fd;
      if (roles[descriptor] == LISTENS_FOR_BROWSERS || roles[descriptor] == LISTENS_FOR_CONTROL) {
        take_connections(epoll, descriptor);
      } else {
        read_from(descriptor);
      }
    }
  }
}
