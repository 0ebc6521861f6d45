#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marker.h"

static const char *const usage =
    "usage: generator --port P --publish-port P [option…]\n"
    "Browsers:\n"
    "  --browsers N          how many (1000)\n"
    "  --transport T         stream, ws, poll or xhr (stream)\n"
    "  --path T              what they ask for; %i is a browser's number (/)\n"
    "  --accept TYPE         their Accept header (*/*)\n"
    "  --validators          polls say what they have by the Last-Modified and Etag of the last response\n"
    "  --sources N           from how many addresses they come, 127.0.1.1 and so on (16)\n"
    "  --slow-every N        after the warm-up each Nth does not read until all else is over; 0 is none (0)\n"
    "  --narrow-every N      each Nth has small segments and a small buffer, as those that do not read have (0)\n"
    "  --settle S            seconds of silence after the last has connected (0.5)\n"
    "  --storm               once connected, all break off and come back at the same moment\n"
    "Events:\n"
    "  --wire W              1.0, 1.1 or http (1.1)\n"
    "  --publishers N        connections that publish; over http each has one event under way (1)\n"
    "  --publish-path T      for http; %i is the number of the browser, if the event is for one (/)\n"
    "  --audience A          pattern, names or one (pattern)\n"
    "  --pattern K           the recipient that stands for all (*, *, /)\n"
    "  --name K              the recipient that is one browser (u%i, s, /)\n"
    "  --size B              bytes of a body (100)\n"
    "  --warmup N            events that are not measured (0)\n"
    "  --count N             events that are; 0 measures connections alone (0)\n"
    "  --window N            events under way at once (2)\n"
    "  --rate R              events a second, in the place of a window\n"
    "It prints `phase NAME` at `start` and `connected`, with a storm at `gone` and `back`, with events at `warm` and\n"
    "`done`, and waits each time for a line on its standard input, or its end; then it prints its results as JSON.\n";

enum {
  PORT = 1, PUBLISH_PORT, BROWSERS, TRANSPORT, PATH, ACCEPT, SOURCES, SLOW_EVERY, NARROW_EVERY, VALIDATORS, SETTLE, STORM, WIRE, PUBLISHERS,
  PUBLISH_PATH, AUDIENCE, PATTERN, NAME, SIZE, WARMUP, COUNT, WINDOW, RATE,
};

static const struct option known[] = {
    {"port", 1, 0, PORT},         {"publish-port", 1, 0, PUBLISH_PORT}, {"browsers", 1, 0, BROWSERS},
    {"transport", 1, 0, TRANSPORT}, {"path", 1, 0, PATH},               {"accept", 1, 0, ACCEPT},
    {"sources", 1, 0, SOURCES},   {"slow-every", 1, 0, SLOW_EVERY},     {"settle", 1, 0, SETTLE},
    {"wire", 1, 0, WIRE},         {"publishers", 1, 0, PUBLISHERS},     {"publish-path", 1, 0, PUBLISH_PATH},
    {"audience", 1, 0, AUDIENCE}, {"pattern", 1, 0, PATTERN},           {"name", 1, 0, NAME},
    {"size", 1, 0, SIZE},         {"warmup", 1, 0, WARMUP},             {"count", 1, 0, COUNT},
    {"window", 1, 0, WINDOW},     {"rate", 1, 0, RATE},                 {"storm", 0, 0, STORM},
    {"narrow-every", 1, 0, NARROW_EVERY}, {"validators", 0, 0, VALIDATORS}, {0, 0, 0, 0},
};

static _Noreturn void refuse(const char *what, const char *value) {
  fprintf(stderr, "generator: %s: %s\n%s", what, value, usage);
  exit(2);
}

static uint32_t number(const char *text, uint32_t least) {
  char *end;
  unsigned long value = strtoul(text, &end, 10);
  if (*text == '\0' || *end != '\0' || value < least || value > 10000000) { refuse("no number that fits", text); }
  return (uint32_t)value;
}

static double seconds(const char *text) {
  char *end;
  double value = strtod(text, &end);
  if (*text == '\0' || *end != '\0' || !(value >= 0)) { refuse("no number that fits", text); }
  return value;
}

static int choice(const char *text, const char *const *names) {
  for (int at = 0; names[at] != NULL; at++) {
    if (strcmp(text, names[at]) == 0) { return at; }
  }
  refuse("no such choice", text);
}

struct options options_read(int count, char **arguments) {
  struct options options = {
      .browsers = 1000, .sources = 16, .publishers = 1, .size = 100, .window = 2, .settle = 0.5, .path = "/",
      .accept = "*/*", .pattern = "*, *, /", .name = "u%i, s, /", .publish_path = "/", .wire = WIRE_ORBIT_1_1,
  };
  static const char *const transports[] = {"stream", "ws", "poll", "xhr", NULL};
  static const char *const wires[] = {"1.0", "1.1", "http", NULL};
  static const char *const audiences[] = {"pattern", "names", "one", NULL};
  int option;
  while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
    switch (option) {
      case PORT: options.port = number(optarg, 1); break;
      case PUBLISH_PORT: options.publish_port = number(optarg, 1); break;
      case BROWSERS: options.browsers = number(optarg, 1); break;
      case TRANSPORT: options.transport = (enum transport)choice(optarg, transports); break;
      case PATH: options.path = optarg; break;
      case ACCEPT: options.accept = optarg; break;
      case SOURCES: options.sources = number(optarg, 1); break;
      case SLOW_EVERY: options.slow_every = number(optarg, 0); break;
      case VALIDATORS: options.validators = true; break;
      case NARROW_EVERY: options.narrow_every = number(optarg, 0); break;
      case SETTLE: options.settle = seconds(optarg); break;
      case STORM: options.storm = true; break;
      case WIRE: options.wire = (enum wire)choice(optarg, wires); break;
      case PUBLISHERS: options.publishers = number(optarg, 1); break;
      case PUBLISH_PATH: options.publish_path = optarg; break;
      case AUDIENCE: options.audience = (enum audience)choice(optarg, audiences); break;
      case PATTERN: options.pattern = optarg; break;
      case NAME: options.name = optarg; break;
      case SIZE: options.size = number(optarg, MARKER_LENGTH + 2); break;
      case WARMUP: options.warmup = number(optarg, 0); break;
      case COUNT: options.count = number(optarg, 0); break;
      case WINDOW: options.window = number(optarg, 1); break;
      case RATE: options.rate = seconds(optarg); break;
      default: fputs(usage, stderr); exit(2);
    }
  }
  if (optind < count) { refuse("what is this", arguments[optind]); }
  if (options.port == 0 || options.publish_port == 0) { refuse("missing", "--port or --publish-port"); }
  if (options.slow_every == 1) { refuse("somebody must read", "--slow-every 1"); }
  return options;
}

int options_expand(char *to, int size, const char *from, uint32_t browser) {
  int length = 0;
  while (*from != '\0' && length < size - 1) {
    if (from[0] == '%' && from[1] == 'i') {
      length += snprintf(to + length, (size_t)(size - length), "%u", browser);
      from += 2;
    } else {
      to[length++] = *from++;
    }
  }
  if (length >= size) { refuse("too long", from); }
  to[length] = '\0';
  return length;
}
