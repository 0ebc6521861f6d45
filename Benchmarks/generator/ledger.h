// What was sent, what each browser got, and what the receipts say: so that each event that is lost, doubled, out of
// order, or wrongly confirmed is counted, whatever comes after it.
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct ledger {
  uint32_t browsers, events;
  bool unicast;        // each event is for one browser, else each is for all
  uint8_t *seen;       // a bit for each event of each browser that was delivered
  uint32_t *next;      // for each browser: one more than the last event it got
  uint32_t *delivered; // for each event: how many browsers got it
  uint32_t *reached;   // for each event: how many its receipt says were reached
  uint8_t *answered;   // for each event: how many receipts it had
  uint64_t deliveries, receipts;
  uint64_t duplicated, reordered, stray, refused;
};

void ledger_open(struct ledger *ledger, uint32_t browsers, uint32_t events, bool unicast);

// The browser that an event is for, if the events are unicast: each browser in turn, in an order that jumps about.
uint32_t ledger_target(const struct ledger *ledger, uint32_t event);

// How many browsers an event is for.
uint32_t ledger_audience(const struct ledger *ledger);

// Notes that a browser got an event; tells whether it counts: whether it was for it, and new.
bool ledger_deliver(struct ledger *ledger, uint32_t browser, uint32_t event);

// Notes what the receipt of an event says; tells whether it counts: whether it is the first.
bool ledger_receipt(struct ledger *ledger, uint32_t event, uint32_t reached);

// Deliveries that are missing of the first `sent` events.
uint64_t ledger_lost(const struct ledger *ledger, uint32_t sent);

// Deliveries that receipts promise and that did not happen.
uint64_t ledger_false(const struct ledger *ledger, uint32_t sent);

// Deliveries that happened and that receipts deny.
uint64_t ledger_denied(const struct ledger *ledger, uint32_t sent);

// Events of the first `sent` that have no receipt.
uint64_t ledger_unanswered(const struct ledger *ledger, uint32_t sent);
