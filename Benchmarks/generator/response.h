// A whole HTTP response, as polls and publishing over HTTP get it.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct response {
  int status;
  const char *head;
  const char *body;
  size_t body_length, length; // of the body alone, and of all
};

// Tells whether the bytes begin with a whole response, and what it is. It must have a length or no body.
bool response_read(const char *bytes, size_t length, struct response *response);

// The value of a field of that head, which is `name` in any case; empty if it has none. Not more than `size` bytes with
// their NUL are copied.
void response_field(const struct response *response, const char *name, char *value, size_t size);

// The status of a response of whose head the first bytes are here, or 0 if those are too few.
int response_status(const char *bytes, size_t length);
