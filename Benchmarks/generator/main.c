// The load generator: browsers that listen, and an application that sends them events. `generator --help` is its
// manual.
#define _GNU_SOURCE
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "browsers.h"
#include "histogram.h"
#include "ledger.h"
#include "options.h"
#include "publisher.h"
#include "system.h"

enum { PATIENCE_SECONDS = 5, READY_AT_ONCE = 4096, CONNECTING_AT_ONCE = 256 };
static const uint64_t SECOND = 1000000000, PUBLISHER = (uint64_t)1 << 32;

static struct options options;
static struct browsers browsers;
static struct publisher *publishers;
static struct ledger ledger;
static struct histogram histogram, waits; // of deliveries, and of browsers that come back in a storm
static int epoll;
static uint32_t *pending;              // for each event: deliveries to browsers that read, and receipts, to come
static uint32_t sent, under_way;       // events
static uint64_t last_progress, last_delivery;
static uint64_t measured;              // deliveries since the warm-up to browsers that read
static bool measuring;

static void progress(uint32_t event) {
  last_progress = now();
  if (--pending[event] == 0) { under_way--; }
}

static void delivered(void *context, uint32_t browser, struct marker marker, uint64_t at) {
  (void)context;
  if (!ledger_deliver(&ledger, browser, marker.event)) { return; }
  if (options_slow(&options, browser)) {
    last_progress = at;
    return;
  }
  progress(marker.event);
  if (!measuring || marker.event < options.warmup) { return; }
  measured++;
  last_delivery = at;
  histogram_record(&histogram, at > marker.time ? at - marker.time : 0);
}

static void replied(void *context, uint32_t event, uint32_t reached) {
  (void)context;
  if (!ledger_receipt(&ledger, event, reached)) { return; }
  last_progress = now();
  if (options.slow_every == 0) { progress(event); } // else it may have to wait for those that do not read
}

static void pump(uint64_t nanoseconds) {
  struct epoll_event ready[READY_AT_ONCE];
  struct timespec wait = {.tv_sec = (time_t)(nanoseconds / SECOND), .tv_nsec = (long)(nanoseconds % SECOND)};
  int count = epoll_pwait2(epoll, ready, READY_AT_ONCE, &wait, NULL);
  for (int at = 0; at < count; at++) {
    uint64_t data = ready[at].data.u64;
    if (data >= PUBLISHER) {
      publisher_ready(&publishers[data - PUBLISHER], ready[at].events);
    } else {
      browsers_ready(&browsers, (uint32_t)data);
    }
  }
}

static void pump_for(double seconds) {
  uint64_t end = now() + (uint64_t)(seconds * (double)SECOND), time;
  while ((time = now()) < end) { pump(end - time); }
}

// Tells the driver where we are, and waits until it has taken its measures.
static void phase(const char *name) {
  printf("phase %s\n", name);
  fflush(stdout);
  for (int byte; (byte = getchar()) != EOF && byte != '\n';) {}
}

static double connect_all(uint32_t at_once) {
  uint64_t begun = now(), last = begun;
  uint32_t connecting = 0, waiting = 0;
  while (browsers.waiting < options.browsers) {
    while (connecting < options.browsers && connecting - browsers.waiting < at_once) {
      browsers_connect(&browsers, connecting++);
    }
    pump(SECOND / 10);
    if (browsers.waiting != waiting) {
      waiting = browsers.waiting;
      last = now();
    } else if (now() - last > 3 * PATIENCE_SECONDS * SECOND) {
      fail("only %u of %u browsers could connect", waiting, options.browsers);
    }
  }
  return (double)(now() - begun) / (double)SECOND;
}

// Lets all come back in the same moment; returns the seconds until the last waits again.
static double storm(void) {
  browsers_break_off(&browsers);
  pump_for(2 * options.settle); // for the server to notice
  phase("gone");
  browsers.waits = &waits;
  double seconds = connect_all(options.browsers);
  browsers.waits = NULL;
  pump_for(options.settle);
  phase("back");
  return seconds;
}

static struct publisher *free_publisher(void) {
  for (uint32_t at = 0; at < options.publishers; at++) {
    if (publisher_free(&publishers[at])) { return &publishers[at]; }
  }
  return NULL;
}

static void publish(struct publisher *publisher, uint64_t due) {
  uint32_t slow = options.slow_every == 0 ? 0 : (options.browsers - 1) / options.slow_every + 1;
  pending[sent] = options.slow_every == 0 ? ledger_audience(&ledger) + 1 : options.browsers - slow;
  under_way++;
  publisher_send(publisher, (struct marker){.event = sent, .time = due}, ledger_target(&ledger, sent));
  sent++;
}

// Sends so many events, and waits for them to arrive; tells how long that took, and gives up when nothing moves.
static double drive(uint32_t count) {
  uint64_t begun = last_progress = last_delivery = now();
  uint32_t first = sent, end = sent + count;
  while (sent < end || under_way > 0) {
    uint64_t wait = SECOND / 10, time = now();
    struct publisher *publisher;
    while (sent < end && (publisher = free_publisher()) != NULL) {
      uint64_t due = time = now();
      if (options.rate > 0) {
        due = begun + (uint64_t)((sent - first) / options.rate * (double)SECOND);
        if (due > time) {
          wait = due - time < wait ? due - time : wait;
          break;
        }
      } else if (under_way >= options.window) {
        break;
      }
      publish(publisher, due);
    }
    if (time > last_progress && time - last_progress > PATIENCE_SECONDS * SECOND) { break; }
    pump(wait);
  }
  return (double)(last_delivery - begun) / (double)SECOND;
}

static uint64_t missing(void) { return ledger_lost(&ledger, sent) + ledger_unanswered(&ledger, sent); }

// Waits for what those that were slow have still to get, and for the receipts.
static void drain(void) {
  last_progress = now();
  while (missing() > 0 && now() - last_progress < PATIENCE_SECONDS * SECOND) { pump(SECOND / 10); }
  pump_for(0.1); // what comes twice may come late
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void print(double connecting, double reconnecting, double seconds, double cpu, uint64_t receipts_waiting) {
  printf(
      "{\"connect_seconds\":%.6f,\"reconnect_seconds\":%.6f,\"seconds\":%.6f,\"generator_cpu_seconds\":%.6f,\"sent\":%" PRIu32
      ",\"deliveries\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"duplicated\":%" PRIu64 ",\"reordered\":%" PRIu64
      ",\"stray\":%" PRIu64 ",\"unanswered\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"false_receipts\":%" PRIu64
      ",\"denied\":%" PRIu64 ",\"unsent\":%" PRIu32 ",\"gone\":%" PRIu32 ",\"receipts_waiting\":%" PRIu64 ",\"latency\":",
      connecting, reconnecting, seconds, cpu, sent, measured, ledger_lost(&ledger, sent), ledger.duplicated, ledger.reordered,
      ledger.stray, ledger_unanswered(&ledger, sent), ledger.refused, ledger_false(&ledger, sent),
      ledger_denied(&ledger, sent), options.warmup + options.count - sent, browsers.gone, receipts_waiting);
  histogram_print(&histogram, stdout);
  fputs(",\"waits\":", stdout);
  histogram_print(&waits, stdout);
  puts("}");
}

int main(int count, char **arguments) {
  options = options_read(count, arguments);
  signal(SIGPIPE, SIG_IGN);
  raise_limit_of_descriptors();
  uint32_t events = options.count == 0 ? 0 : options.warmup + options.count;
  ledger_open(&ledger, options.browsers, events, options.audience == AUDIENCE_ONE);
  pending = allocate(events, sizeof *pending);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  browsers_open(&browsers, &options, epoll, delivered, NULL);
  phase("start");
  double connecting = connect_all(CONNECTING_AT_ONCE), reconnecting = 0, seconds = 0, cpu = 0;
  uint64_t receipts_waiting = 0; // while some browsers do not read
  pump_for(options.settle);
  phase("connected");
  if (options.storm) { reconnecting = storm(); }
  if (options.count > 0) {
    publishers = allocate(options.publishers, sizeof *publishers);
    for (uint32_t at = 0; at < options.publishers; at++) {
      publishers[at].take = replied;
      publisher_open(&publishers[at], &options, epoll, PUBLISHER + at);
    }
    drive(options.warmup);
    pump_for(0.1);
    measuring = true;
    if (options.slow_every != 0) { browsers_slow_read(&browsers, false); }
    phase("warm");
    double before = cpu_seconds();
    seconds = drive(options.count);
    cpu = cpu_seconds() - before;
    phase("done");
    receipts_waiting = ledger_unanswered(&ledger, sent);
    if (options.slow_every != 0) { browsers_slow_read(&browsers, true); }
    drain();
  }
  if (events == 0) { options.warmup = 0; }
  print(connecting, reconnecting, seconds, cpu, receipts_waiting);
  return 0;
}
