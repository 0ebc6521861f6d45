#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "system.h"

char *buffer_room(struct buffer *buffer, size_t more) {
  if (buffer->capacity - buffer->length < more) {
    buffer->capacity = buffer->capacity * 2 > buffer->length + more ? buffer->capacity * 2 : buffer->length + more;
    buffer->bytes = reallocate(buffer->bytes, buffer->capacity);
  }
  return buffer->bytes + buffer->length;
}

void buffer_append(struct buffer *buffer, const char *bytes, size_t length) {
  memcpy(buffer_room(buffer, length), bytes, length);
  buffer->length += length;
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  enum { MOST = 512 };
  int length = vsnprintf(buffer_room(buffer, MOST), MOST, format, arguments);
  va_end(arguments);
  if (length < 0 || length >= MOST) { fail("a line of %d bytes", length); }
  buffer->length += (size_t)length;
}

void buffer_take(struct buffer *buffer, size_t length) {
  buffer->length -= length;
  memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}
