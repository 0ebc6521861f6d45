#include "ledger.h"

#include "system.h"

enum { STRIDE = 48271 }; // a prime, so that it has no factor in common with a round number of browsers

void ledger_open(struct ledger *ledger, uint32_t browsers, uint32_t events, bool unicast) {
  *ledger = (struct ledger){.browsers = browsers, .events = events, .unicast = unicast};
  uint64_t bits = unicast ? events : (uint64_t)browsers * events;
  ledger->seen = allocate(bits / 8 + 1, 1);
  ledger->next = allocate(browsers, sizeof *ledger->next);
  ledger->delivered = allocate(events, sizeof *ledger->delivered);
  ledger->reached = allocate(events, sizeof *ledger->reached);
  ledger->answered = allocate(events, 1);
}

uint32_t ledger_target(const struct ledger *ledger, uint32_t event) {
  return (uint32_t)((uint64_t)event * STRIDE % ledger->browsers);
}

uint32_t ledger_audience(const struct ledger *ledger) { return ledger->unicast ? 1 : ledger->browsers; }

bool ledger_deliver(struct ledger *ledger, uint32_t browser, uint32_t event) {
  if (event >= ledger->events || (ledger->unicast && ledger_target(ledger, event) != browser)) {
    ledger->stray++;
    return false;
  }
  uint64_t bit = ledger->unicast ? event : (uint64_t)browser * ledger->events + event;
  if (ledger->seen[bit / 8] & (1 << bit % 8)) {
    ledger->duplicated++;
    return false;
  }
  ledger->seen[bit / 8] |= (uint8_t)(1 << bit % 8);
  if (event < ledger->next[browser]) {
    ledger->reordered++;
  } else {
    ledger->next[browser] = event + 1;
  }
  ledger->delivered[event]++;
  ledger->deliveries++;
  return true;
}

bool ledger_receipt(struct ledger *ledger, uint32_t event, uint32_t reached) {
  if (event >= ledger->events || ledger->answered[event] > 0) {
    ledger->stray++;
    return false;
  }
  ledger->answered[event] = 1;
  ledger->reached[event] = reached;
  ledger->receipts++;
  if (reached < ledger_audience(ledger)) { ledger->refused++; }
  return true;
}

uint64_t ledger_lost(const struct ledger *ledger, uint32_t sent) {
  return (uint64_t)sent * ledger_audience(ledger) - ledger->deliveries;
}

uint64_t ledger_false(const struct ledger *ledger, uint32_t sent) {
  uint64_t sum = 0;
  for (uint32_t event = 0; event < sent; event++) {
    if (ledger->reached[event] > ledger->delivered[event]) { sum += ledger->reached[event] - ledger->delivered[event]; }
  }
  return sum;
}

uint64_t ledger_denied(const struct ledger *ledger, uint32_t sent) {
  uint64_t sum = 0;
  for (uint32_t event = 0; event < sent; event++) {
    if (ledger->answered[event] && ledger->delivered[event] > ledger->reached[event]) {
      sum += ledger->delivered[event] - ledger->reached[event];
    }
  }
  return sum;
}

uint64_t ledger_unanswered(const struct ledger *ledger, uint32_t sent) { return sent - ledger->receipts; }
