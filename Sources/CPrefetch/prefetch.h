// Asks the processor for the line of memory that holds an address, and does not wait for it. The address need not be
// one that may be read: then nothing happens.
static inline void orbited_prefetch(const void *address) { __builtin_prefetch(address, 1); }
