// What the generator wants of the system, with its errors made fatal: a benchmark that goes on after one measures
// something else.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

// Says what went wrong, with the system's word for it if `errno` is not 0, and exits with 1.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

void *allocate(size_t count, size_t size);
void *reallocate(void *memory, size_t size);

// Nanoseconds of a clock that never jumps.
uint64_t now(void);

// Begins to connect to 127.0.0.1. `source` chooses the address to come from, 127.0.1.1 and so on, so that more
// connections fit than one address has ports; 0 leaves it to the system. `narrow` makes a connection of which the
// system holds as little as it can, for browsers that will not read.
int begin_connecting(uint16_t port, unsigned source, int narrow);

// The error with which connecting ended, 0 if it did not fail.
int connecting_error(int descriptor);

void watch(int epoll, int operation, int descriptor, uint32_t events, uint64_t data);

// As many descriptors as this process may have.
void raise_limit_of_descriptors(void);
