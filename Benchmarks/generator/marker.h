// What tells an event's number and the time at which it was due, wherever it stands in what a browser reads:
// `$`, 8 hexadecimal digits of the number, 16 of the time in nanoseconds, `$`.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { MARKER_LENGTH = 26 };

struct marker {
  uint32_t event;
  uint64_t time;
};

// Writes exactly MARKER_LENGTH bytes.
void marker_write(char *to, struct marker marker);

// Finds the next marker in the bytes from `from` to `end`. Returns where it ends, or a null pointer if there is no
// whole marker; `*rest` is then where one may have begun that is not over yet, or `end`.
const char *marker_find(const char *from, const char *end, struct marker *marker, const char **rest);
