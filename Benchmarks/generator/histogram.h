// A histogram of fixed precision, as HdrHistogram keeps it: each power of two is cut into as many buckets, so that the
// error of a value is at most 1 part in 128, from nanoseconds to hours, in a fixed amount of memory.
#pragma once
#include <stdint.h>
#include <stdio.h>

enum { HISTOGRAM_BITS = 7, HISTOGRAM_HALF = 1 << HISTOGRAM_BITS, HISTOGRAM_BUCKETS = HISTOGRAM_HALF * (65 - HISTOGRAM_BITS) };

struct histogram {
  uint64_t counts[HISTOGRAM_BUCKETS];
};

// The bucket that a value belongs to.
unsigned histogram_bucket(uint64_t value);

// The largest value that belongs to a bucket.
uint64_t histogram_upper(unsigned bucket);

void histogram_record(struct histogram *histogram, uint64_t value);

// Prints a JSON list of [largest value, count] for each bucket that is not empty, in ascending order.
void histogram_print(const struct histogram *histogram, FILE *file);
