// A response is read once it is whole, and its fields are found in any case.
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../generator/response.h"

int main(void) {
  static const char text[] =
      "HTTP/1.1 200 OK\r\nX-Etag: a\r\netag:   \"7\"\r\nLast-Modified: long ago\r\nContent-Length: 8\r\n\r\nEtag: no";
  size_t length = sizeof text - 1;
  struct response response;
  char value[8];
  assert(!response_read(text, length - 1, &response));
  assert(response_read(text, length, &response) && response.status == 200 && response.length == length);
  response_field(&response, "Etag", value, sizeof value);
  assert(strcmp(value, "\"7\"") == 0);
  response_field(&response, "Last-Modified", value, sizeof value);
  assert(strcmp(value, "long ag") == 0);
  response_field(&response, "Date", value, sizeof value);
  assert(strcmp(value, "") == 0);
  return 0;
}
