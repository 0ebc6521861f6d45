// The application: sends events on the control wire or over HTTP, and reads what became of them.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "marker.h"
#include "options.h"

// Takes the reply to an event: how many browsers it says were reached.
typedef void take_reply(void *context, uint32_t event, uint32_t reached);

struct publisher {
  const struct options *options;
  int epoll, descriptor;
  uint64_t data; // what epoll gives back
  struct buffer out, in, names;
  bool writable_wanted;
  bool busy;      // over HTTP: whether an event is under way,
  uint32_t event; // and which
  uint32_t refusals;
  take_reply *take;
  void *context;
};

void publisher_open(struct publisher *publisher, const struct options *options, int epoll, uint64_t data);

// Whether it can take one more event now.
bool publisher_free(const struct publisher *publisher);

// Sends an event to one browser, or to all.
void publisher_send(struct publisher *publisher, struct marker marker, uint32_t browser);

// Carries on after the system has said that its socket is ready.
void publisher_ready(struct publisher *publisher, uint32_t events);
