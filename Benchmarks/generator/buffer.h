// Bytes that grow at one end and are taken from the other.
#pragma once
#include <stddef.h>

struct buffer {
  char *bytes;
  size_t length, capacity;
};

// Makes room for more bytes, and returns where they go; `length` is for the caller to raise.
char *buffer_room(struct buffer *buffer, size_t more);

void buffer_append(struct buffer *buffer, const char *bytes, size_t length);

void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Drops the first bytes.
void buffer_take(struct buffer *buffer, size_t length);
