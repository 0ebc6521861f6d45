// The browsers: each connects, asks, and finds the events in what it reads.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "histogram.h"
#include "marker.h"
#include "options.h"

// Takes an event that a browser has read, and the time at which it did.
typedef void take_event(void *context, uint32_t browser, struct marker marker, uint64_t at);

struct browsers {
  const struct options *options;
  int epoll;
  struct browser *each;
  struct buffer *answers; // what polls have read of their responses
  take_event *take;
  void *context;
  uint32_t waiting; // how many wait for events
  uint32_t gone;    // how many connections the server has ended
  struct histogram *waits; // takes how long it was from a connection's beginning until it waited, if that is wanted
};

void browsers_open(struct browsers *browsers, const struct options *options, int epoll, take_event *take, void *context);

void browsers_connect(struct browsers *browsers, uint32_t browser);

// Has all browsers break off.
void browsers_break_off(struct browsers *browsers);

// Carries on after the system has said that a browser's socket is ready.
void browsers_ready(struct browsers *browsers, uint32_t browser);

// Lets the slow ones read, or not.
void browsers_slow_read(struct browsers *browsers, bool read);
