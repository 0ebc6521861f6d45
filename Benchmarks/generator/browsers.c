#define _GNU_SOURCE
#include "browsers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "response.h"
#include "system.h"

enum { READ = 1 << 18, CURSOR = 64, VALIDATOR = 64, REQUEST = 1024 };

struct browser {
  int descriptor;
  enum { CONNECTING, IN_HEAD, READING, GONE } state;
  uint64_t begun;      // when it began to connect
  uint8_t head_end;    // how many bytes of the blank line after a head have come
  uint8_t tail_length; // of a marker that may have begun at the end of what was read last
  char tail[MARKER_LENGTH];
};

void browsers_open(struct browsers *browsers, const struct options *options, int epoll, take_event *take, void *context) {
  *browsers = (struct browsers){.options = options, .epoll = epoll, .take = take, .context = context};
  browsers->each = allocate(options->browsers, sizeof *browsers->each);
  browsers->answers = allocate(options->browsers, sizeof *browsers->answers);
}

void browsers_connect(struct browsers *browsers, uint32_t number) {
  const struct options *options = browsers->options;
  struct browser *browser = &browsers->each[number];
  *browser = (struct browser){.state = CONNECTING, .begun = now()};
  browser->descriptor =
      begin_connecting((uint16_t)options->port, 1 + number % options->sources, options_narrow(options, number));
  watch(browsers->epoll, EPOLL_CTL_ADD, browser->descriptor, EPOLLOUT, number);
}

void browsers_break_off(struct browsers *browsers) {
  for (uint32_t number = 0; number < browsers->options->browsers; number++) {
    struct browser *browser = &browsers->each[number];
    if (browser->state != GONE) { close(browser->descriptor); }
    browser->state = GONE;
    browsers->answers[number].length = 0;
  }
  browsers->waiting = 0;
}

static void waits(struct browsers *browsers, struct browser *browser) {
  browser->state = READING;
  browsers->waiting++;
  if (browsers->waits != NULL) { histogram_record(browsers->waits, now() - browser->begun); }
}

static void ask(
    struct browsers *browsers, uint32_t number, const char *cursor, size_t cursor_length, const char *fields) {
  const struct options *options = browsers->options;
  static const char upgrade[] =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  char path[REQUEST / 2], request[REQUEST];
  options_expand(path, sizeof path, options->path, number);
  int length = snprintf(
      request, sizeof request, "GET %s%s%.*s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\n%s%s\r\n", path,
      cursor_length > 0 ? "&last=" : "", (int)cursor_length, cursor, options->accept, fields,
      options->transport == TRANSPORT_WEBSOCKET ? upgrade : "");
  if (length >= (int)sizeof request) { fail("the request of browser %u is too long", number); }
  if (write(browsers->each[number].descriptor, request, (size_t)length) != length) { fail("a request was not taken"); }
}

// Gives away the events in what was read, which is `length` bytes at `bytes`, with room for a tail before them.
static void find_events(struct browsers *browsers, uint32_t number, char *bytes, size_t length) {
  struct browser *browser = &browsers->each[number];
  uint64_t at = now();
  const char *end = bytes + length, *from = bytes - browser->tail_length, *rest, *next;
  memcpy(bytes - browser->tail_length, browser->tail, browser->tail_length);
  struct marker marker;
  for (; (next = marker_find(from, end, &marker, &rest)) != NULL; from = next) {
    browsers->take(browsers->context, number, marker, at);
  }
  browser->tail_length = (uint8_t)(end - rest);
  memcpy(browser->tail, rest, browser->tail_length);
}

// Skips the head of a response, over as many reads as it takes; returns how many of these bytes belong to it.
static size_t skip_head(struct browsers *browsers, uint32_t number, const char *bytes, size_t length) {
  struct browser *browser = &browsers->each[number];
  int expected = browsers->options->transport == TRANSPORT_WEBSOCKET ? 101 : 200;
  int status = response_status(bytes, length);
  if (browser->head_end == 0 && strncmp(bytes, "HTTP/", 5) == 0 && status != 0 && status != expected) {
    errno = 0;
    fail("browser %u was answered %.*s", number, (int)(length < 300 ? length : 300), bytes);
  }
  for (size_t at = 0; at < length; at++) {
    browser->head_end = bytes[at] == "\r\n\r\n"[browser->head_end] ? browser->head_end + 1 : bytes[at] == '\r';
    if (browser->head_end == 4) {
      waits(browsers, browser);
      return at + 1;
    }
  }
  return length;
}

static void read_poll(struct browsers *browsers, uint32_t number, const char *bytes, size_t length) {
  struct buffer *answer = &browsers->answers[number];
  struct response response;
  buffer_append(answer, bytes, length);
  if (!response_read(answer->bytes, answer->length, &response)) { return; }
  if (response.status != 200) { fail("browser %u was answered %d", number, response.status); }
  const char *end = response.body + response.body_length, *from = response.body, *rest, *next;
  uint64_t at = now();
  struct marker marker;
  for (; (next = marker_find(from, end, &marker, &rest)) != NULL; from = next) {
    browsers->take(browsers->context, number, marker, at);
  }
  static const char begins[] = "{\"cursor\":\"";
  char cursor[CURSOR];
  size_t cursor_length = 0;
  if (response.body_length > sizeof begins && memcmp(response.body, begins, sizeof begins - 1) == 0) {
    const char *first = response.body + sizeof begins - 1;
    while (cursor_length < CURSOR && first + cursor_length < end && first[cursor_length] != '"') { cursor_length++; }
    memcpy(cursor, first, cursor_length);
  }
  char fields[3 * VALIDATOR] = "";
  if (browsers->options->validators) {
    char modified[VALIDATOR], tag[VALIDATOR];
    response_field(&response, "Last-Modified", modified, sizeof modified);
    response_field(&response, "Etag", tag, sizeof tag);
    snprintf(fields, sizeof fields, "If-Modified-Since: %s\r\nIf-None-Match: %s\r\n", modified, tag);
  }
  buffer_take(answer, response.length);
  if (browsers->each[number].state != READING) { // the first answer of a poll only tells the cursor
    waits(browsers, &browsers->each[number]);
  }
  ask(browsers, number, cursor, cursor_length, fields);
}

static void connected(struct browsers *browsers, uint32_t number) {
  struct browser *browser = &browsers->each[number];
  errno = connecting_error(browser->descriptor);
  if (errno != 0) { fail("browser %u could not connect", number); }
  ask(browsers, number, "", 0, "");
  browser->state = IN_HEAD;
  if (browsers->options->transport == TRANSPORT_XHR) { // which is answered only when there is an event
    waits(browsers, browser);
  }
  watch(browsers->epoll, EPOLL_CTL_MOD, browser->descriptor, EPOLLIN, number);
}

void browsers_ready(struct browsers *browsers, uint32_t number) {
  static char memory[MARKER_LENGTH + READ];
  struct browser *browser = &browsers->each[number];
  if (browser->state == GONE) { return; }
  if (browser->state == CONNECTING) {
    connected(browsers, number);
    return;
  }
  char *bytes = memory + MARKER_LENGTH;
  ssize_t got = read(browser->descriptor, bytes, READ);
  if (got < 0 && errno == EAGAIN) { return; }
  if (got <= 0) {
    browsers->gone++;
    browser->state = GONE;
    close(browser->descriptor);
    return;
  }
  enum transport transport = browsers->options->transport;
  if (transport == TRANSPORT_POLL || transport == TRANSPORT_XHR) {
    read_poll(browsers, number, bytes, (size_t)got);
    return;
  }
  size_t head = browser->state == IN_HEAD ? skip_head(browsers, number, bytes, (size_t)got) : 0;
  if ((size_t)got > head) { find_events(browsers, number, bytes + head, (size_t)got - head); }
}

void browsers_slow_read(struct browsers *browsers, bool reads) {
  for (uint32_t number = 0; number < browsers->options->browsers; number++) {
    struct browser *browser = &browsers->each[number];
    if (!options_slow(browsers->options, number) || browser->state == GONE) { continue; }
    watch(browsers->epoll, EPOLL_CTL_MOD, browser->descriptor, reads ? EPOLLIN : 0, number);
  }
}
