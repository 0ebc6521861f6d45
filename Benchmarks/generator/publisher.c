#define _GNU_SOURCE
#include "publisher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "response.h"
#include "system.h"

enum { MOST_WAITING = 1 << 21, LINE = 256, SHOWN_REFUSALS = 3 };

void publisher_open(struct publisher *publisher, const struct options *options, int epoll, uint64_t data) {
  publisher->options = options;
  publisher->epoll = epoll;
  publisher->data = data;
  publisher->descriptor = begin_connecting((uint16_t)options->publish_port, 0, 0);
  publisher->writable_wanted = true;
  watch(epoll, EPOLL_CTL_ADD, publisher->descriptor, EPOLLIN | EPOLLOUT, data);
  if (options->audience != AUDIENCE_NAMES) { return; }
  for (uint32_t browser = 0; browser < options->browsers; browser++) {
    char name[LINE];
    options_expand(name, sizeof name, options->name, browser);
    buffer_format(&publisher->names, "recipient: %s\r\n", name);
  }
}

bool publisher_free(const struct publisher *publisher) {
  return !publisher->busy && publisher->out.length < MOST_WAITING;
}

static void flush(struct publisher *publisher) {
  while (publisher->out.length > 0) {
    ssize_t taken = write(publisher->descriptor, publisher->out.bytes, publisher->out.length);
    if (taken < 0 && (errno == EAGAIN || errno == ENOTCONN)) { break; }
    if (taken < 0) { fail("publishing"); }
    buffer_take(&publisher->out, (size_t)taken);
  }
  bool wanted = publisher->out.length > 0;
  if (wanted == publisher->writable_wanted) { return; }
  publisher->writable_wanted = wanted;
  watch(publisher->epoll, EPOLL_CTL_MOD, publisher->descriptor, EPOLLIN | (wanted ? EPOLLOUT : 0), publisher->data);
}

// A JSON string of `size` bytes, its quotes among them.
static void append_body(struct publisher *publisher, struct marker marker) {
  size_t size = publisher->options->size;
  char *body = buffer_room(&publisher->out, size);
  memset(body, 'x', size);
  body[0] = body[size - 1] = '"';
  marker_write(body + 1, marker);
  publisher->out.length += size;
}

void publisher_send(struct publisher *publisher, struct marker marker, uint32_t browser) {
  const struct options *options = publisher->options;
  struct buffer *out = &publisher->out;
  char name[LINE];
  if (options->wire == WIRE_HTTP) {
    options_expand(name, sizeof name, options->publish_path, browser);
    buffer_format(out, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %u\r\n\r\n", name, options->size);
    publisher->busy = true;
    publisher->event = marker.event;
  } else {
    const char *version = options->wire == WIRE_ORBIT_1_0 ? "1.0" : "1.1";
    buffer_format(out, "Orbit %s\r\nEvent\r\nid: %u\r\n", version, marker.event);
    if (options->audience == AUDIENCE_NAMES) {
      buffer_append(out, publisher->names.bytes, publisher->names.length);
    } else {
      options_expand(name, sizeof name, options->audience == AUDIENCE_ONE ? options->name : options->pattern, browser);
      buffer_format(out, "recipient: %s\r\n", name);
    }
    buffer_format(out, "length: %u\r\n\r\n", options->size);
  }
  append_body(publisher, marker);
  flush(publisher);
}

static void refused(struct publisher *publisher, const char *reply, size_t length) {
  if (publisher->refusals++ >= SHOWN_REFUSALS) { return; }
  fprintf(stderr, "generator: not all were reached: %.*s\n", (int)(length < 400 ? length : 400), reply);
}

// The value of the header whose line begins with `name`, which has CRLF before it and `: ` behind, or a null pointer.
static const char *header(const char *reply, size_t length, const char *name) {
  const char *line = memmem(reply, length, name, strlen(name));
  return line == NULL ? NULL : line + strlen(name);
}

// [CTL-34] [CTL-35] [CTL-118]: a receipt of Orbit 1.0 says only who was not reached, one of 1.1 how many were.
static void read_receipt(struct publisher *publisher, const char *reply, size_t length) {
  const struct options *options = publisher->options;
  const char *id = header(reply, length, "\r\nid: "), *reached = header(reply, length, "\r\nreached: ");
  if (id == NULL) {
    errno = 0;
    fail("the server says %.*s", (int)length, reply);
  }
  uint32_t count = options->audience == AUDIENCE_ONE ? 1 : options->browsers;
  if (reached != NULL) {
    count = (uint32_t)strtoul(reached, NULL, 10);
  } else {
    static const char unreached[] = "\r\nrecipient: (";
    const char *at = reply, *end = reply + length;
    for (; (at = memmem(at, (size_t)(end - at), unreached, sizeof unreached - 1)) != NULL; at++) { count--; }
  }
  if (reply[0] != 'S') { refused(publisher, reply, length); }
  publisher->take(publisher->context, (uint32_t)strtoul(id, NULL, 10), count);
}

// The length of the reply at the front, after it was given away; 0 if it is not there as a whole.
static size_t read_reply(struct publisher *publisher, const char *bytes, size_t length) {
  if (publisher->options->wire != WIRE_HTTP) {
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL) { return 0; }
    read_receipt(publisher, bytes, (size_t)(end + 4 - bytes));
    return (size_t)(end + 4 - bytes);
  }
  struct response response;
  if (!response_read(bytes, length, &response)) { return 0; }
  if (response.status < 200 || response.status > 299) { refused(publisher, bytes, response.length); }
  bool taken = response.status >= 200 && response.status <= 299;
  uint32_t all = publisher->options->audience == AUDIENCE_ONE ? 1 : publisher->options->browsers;
  publisher->busy = false;
  publisher->take(publisher->context, publisher->event, taken ? all : 0);
  return response.length;
}

void publisher_ready(struct publisher *publisher, uint32_t events) {
  enum { READ = 1 << 16 };
  if (events & EPOLLOUT) { flush(publisher); }
  if (!(events & ~(uint32_t)EPOLLOUT)) { return; }
  ssize_t got = read(publisher->descriptor, buffer_room(&publisher->in, READ), READ);
  if (got < 0 && errno == EAGAIN) { return; }
  if (got <= 0) { fail("the server has ended a publishing connection"); }
  publisher->in.length += (size_t)got;
  size_t at = 0, length;
  while ((length = read_reply(publisher, publisher->in.bytes + at, publisher->in.length - at)) > 0) { at += length; }
  buffer_take(&publisher->in, at);
}
