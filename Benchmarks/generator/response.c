#define _GNU_SOURCE
#include "response.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "system.h"

enum { STATUS_AT = 9, STATUS_END = 12 };

int response_status(const char *bytes, size_t length) {
  return length < STATUS_END ? 0 : atoi(bytes + STATUS_AT);
}

bool response_read(const char *bytes, size_t length, struct response *response) {
  static const char name[] = "\r\ncontent-length:";
  const char *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (end == NULL) { return false; }
  size_t body_length = 0;
  for (const char *line = bytes; line < end;) {
    if (strncasecmp(line, name, sizeof name - 1) == 0) { body_length = strtoul(line + sizeof name - 1, NULL, 10); }
    const char *next = memmem(line + 2, (size_t)(end + 2 - line - 2), "\r\n", 2);
    if (next == NULL) { break; }
    line = next;
  }
  *response = (struct response){
      .status = response_status(bytes, length), .head = bytes, .body = end + 4, .body_length = body_length,
      .length = (size_t)(end + 4 - bytes) + body_length,
  };
  return response->length <= length;
}

void response_field(const struct response *response, const char *name, char *value, size_t size) {
  size_t length = strlen(name), copied = 0;
  const char *line = response->head, *end = response->body - 2;
  while ((line = memmem(line, (size_t)(end - line), "\r\n", 2)) != NULL) {
    line += 2;
    if ((size_t)(end - line) <= length || strncasecmp(line, name, length) != 0 || line[length] != ':') { continue; }
    for (line += length + 1; *line == ' '; line++) {}
    while (copied < size - 1 && line[copied] != '\r') { copied++; }
    memcpy(value, line, copied);
    break;
  }
  value[copied] = '\0';
}
