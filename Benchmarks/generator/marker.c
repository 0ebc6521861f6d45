#include "marker.h"

#include <stdbool.h>
#include <string.h>

static void write_hex(char *to, uint64_t value, int digits) {
  for (int at = digits - 1; at >= 0; at--, value >>= 4) { to[at] = "0123456789abcdef"[value & 15]; }
}

static bool read_hex(const char *from, int digits, uint64_t *value) {
  *value = 0;
  for (int at = 0; at < digits; at++) {
    char digit = from[at];
    if (digit >= '0' && digit <= '9') {
      *value = *value << 4 | (uint64_t)(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
      *value = *value << 4 | (uint64_t)(digit - 'a' + 10);
    } else {
      return false;
    }
  }
  return true;
}

void marker_write(char *to, struct marker marker) {
  to[0] = to[MARKER_LENGTH - 1] = '$';
  write_hex(to + 1, marker.event, 8);
  write_hex(to + 9, marker.time, 16);
}

const char *marker_find(const char *from, const char *end, struct marker *marker, const char **rest) {
  while ((from = memchr(from, '$', (size_t)(end - from))) != NULL) {
    if (end - from < MARKER_LENGTH) {
      *rest = from;
      return NULL;
    }
    uint64_t event;
    if (from[MARKER_LENGTH - 1] == '$' && read_hex(from + 1, 8, &event) && read_hex(from + 9, 16, &marker->time)) {
      marker->event = (uint32_t)event;
      return from + MARKER_LENGTH;
    }
    from++; // a dollar of something else, such as the length of a WebSocket frame
  }
  *rest = end;
  return NULL;
}
