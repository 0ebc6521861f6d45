// What the driver asks of one run of the generator; `options_read` has the list, with the defaults.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// How a browser reads: a response or a WebSocket that goes on, or one response for each poll.
enum transport { TRANSPORT_STREAM, TRANSPORT_WEBSOCKET, TRANSPORT_POLL, TRANSPORT_XHR };

// How an event is published: on the control wire, or as a POST of its body.
enum wire { WIRE_ORBIT_1_0, WIRE_ORBIT_1_1, WIRE_HTTP };

// Whom an event names: all browsers at once, all of them one by one, or one of them.
enum audience { AUDIENCE_PATTERN, AUDIENCE_NAMES, AUDIENCE_ONE };

struct options {
  uint32_t port, publish_port, browsers, sources, publishers, size, warmup, count, window, slow_every, narrow_every;
  double rate, settle;
  bool storm, validators;
  enum transport transport;
  enum wire wire;
  enum audience audience;
  const char *path, *accept, *pattern, *name, *publish_path;
};

// Reads the command line; says what is wrong with it and exits with 2.
struct options options_read(int count, char **arguments);

// Whether a browser is one of those that stop reading.
static inline bool options_slow(const struct options *options, uint32_t browser) {
  return options->slow_every != 0 && browser % options->slow_every == 0;
}

// Whether the system holds little for a browser: so it is for the slow ones, and for others to compare them with.
static inline bool options_narrow(const struct options *options, uint32_t browser) {
  return options_slow(options, browser) || (options->narrow_every != 0 && browser % options->narrow_every == 0);
}

// Copies a template, with the number of a browser in the place of each `%i`. Returns the length without the NUL.
int options_expand(char *to, int size, const char *from, uint32_t browser);
