#include "histogram.h"

#include <inttypes.h>
#include <stdbool.h>

// Values below HISTOGRAM_HALF have a bucket each. Above, the highest bit chooses a row, and the HISTOGRAM_BITS bits
// below it the bucket in that row.
unsigned histogram_bucket(uint64_t value) {
  if (value < HISTOGRAM_HALF) { return (unsigned)value; }
  unsigned shift = 63 - (unsigned)__builtin_clzll(value) - HISTOGRAM_BITS;
  return (shift + 1) * HISTOGRAM_HALF + (unsigned)((value >> shift) - HISTOGRAM_HALF);
}

uint64_t histogram_upper(unsigned bucket) {
  if (bucket < HISTOGRAM_HALF) { return bucket; }
  unsigned shift = bucket / HISTOGRAM_HALF - 1;
  uint64_t lower = ((uint64_t)HISTOGRAM_HALF + bucket % HISTOGRAM_HALF) << shift;
  return lower + (((uint64_t)1 << shift) - 1);
}

void histogram_record(struct histogram *histogram, uint64_t value) { histogram->counts[histogram_bucket(value)]++; }

void histogram_print(const struct histogram *histogram, FILE *file) {
  bool first = true;
  fputc('[', file);
  for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
    if (histogram->counts[bucket] == 0) { continue; }
    fprintf(file, "%s[%" PRIu64 ",%" PRIu64 "]", first ? "" : ",", histogram_upper(bucket), histogram->counts[bucket]);
    first = false;
  }
  fputc(']', file);
}
