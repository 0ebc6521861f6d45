// Events are found wherever they stand, and what only looks like one is not taken for one.
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../generator/marker.h"

int main(void) {
  char text[200] = "$.$$data: \"";
  size_t length = strlen(text);
  marker_write(text + length, (struct marker){.event = 0xfedcba98, .time = 0x123456789abcdef0});
  char *first = text + length;
  length += MARKER_LENGTH;
  memcpy(text + length, "$0000000g0000000000000000$", MARKER_LENGTH);
  length += MARKER_LENGTH;
  marker_write(text + length, (struct marker){.event = 7, .time = 0});
  char *second = text + length;
  const char *end = text + length + MARKER_LENGTH, *rest;
  struct marker marker;

  const char *next = marker_find(text, end, &marker, &rest);
  assert(next == first + MARKER_LENGTH && marker.event == 0xfedcba98 && marker.time == 0x123456789abcdef0);
  next = marker_find(next, end, &marker, &rest);
  assert(next == second + MARKER_LENGTH && marker.event == 7 && marker.time == 0);
  assert(marker_find(next, end, &marker, &rest) == NULL && rest == end);
  for (int cut = 1; cut < MARKER_LENGTH; cut++) {
    assert(marker_find(second, end - cut, &marker, &rest) == NULL && rest == second);
  }
  return 0;
}
