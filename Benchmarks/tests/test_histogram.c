// Every value belongs to one bucket, and none is off by more than 1 part in 128.
#undef NDEBUG
#include <assert.h>

#include "../generator/histogram.h"

static void holds(uint64_t value) {
  unsigned bucket = histogram_bucket(value);
  assert(bucket < HISTOGRAM_BUCKETS);
  assert(histogram_upper(bucket) >= value);
  assert(histogram_upper(bucket) - value <= value / HISTOGRAM_HALF);
  assert(bucket == 0 || histogram_upper(bucket - 1) < value);
}

int main(void) {
  for (uint64_t value = 0; value < 100000; value++) { holds(value); }
  for (unsigned bit = 0; bit < 64; bit++) {
    uint64_t power = (uint64_t)1 << bit;
    holds(power - 1);
    holds(power);
    holds(power + 1);
  }
  holds(UINT64_MAX);
  assert(histogram_bucket(UINT64_MAX) == HISTOGRAM_BUCKETS - 1);
  for (unsigned bucket = 1; bucket < HISTOGRAM_BUCKETS; bucket++) {
    assert(histogram_bucket(histogram_upper(bucket)) == bucket);
    assert(histogram_bucket(histogram_upper(bucket - 1) + 1) == bucket);
  }
  static struct histogram histogram;
  histogram_record(&histogram, 5);
  histogram_record(&histogram, 5);
  histogram_record(&histogram, 1000000);
  histogram_print(&histogram, stdout);
  return 0;
}
