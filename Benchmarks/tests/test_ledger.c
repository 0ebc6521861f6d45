// The ledger counts what goes wrong, each kind by itself.
#undef NDEBUG
#include <assert.h>

#include "../generator/ledger.h"

static void fan_out(void) {
  struct ledger ledger;
  ledger_open(&ledger, 2, 3, false);
  assert(ledger_audience(&ledger) == 2);
  assert(ledger_deliver(&ledger, 0, 0) && ledger_deliver(&ledger, 0, 2) && ledger_deliver(&ledger, 0, 1));
  assert(ledger.reordered == 1);
  assert(!ledger_deliver(&ledger, 0, 1));
  assert(ledger.duplicated == 1);
  assert(!ledger_deliver(&ledger, 0, 3));
  assert(ledger.stray == 1);
  assert(ledger_deliver(&ledger, 1, 1));
  assert(ledger.deliveries == 4 && ledger_lost(&ledger, 3) == 2);

  assert(ledger_receipt(&ledger, 0, 2) && ledger_receipt(&ledger, 1, 1));
  assert(!ledger_receipt(&ledger, 1, 1));
  assert(ledger.stray == 2 && ledger.refused == 1 && ledger_unanswered(&ledger, 3) == 1);
  assert(ledger_false(&ledger, 3) == 1);  // event 0 is said to have reached both
  assert(ledger_denied(&ledger, 3) == 1); // event 1 did reach both
}

static void unicast(void) {
  struct ledger ledger;
  ledger_open(&ledger, 1000, 1000, true);
  assert(ledger_audience(&ledger) == 1);
  static char met[1000];
  for (uint32_t event = 0; event < 1000; event++) {
    uint32_t target = ledger_target(&ledger, event);
    assert(target < 1000 && !met[target]);
    met[target] = 1;
    assert(ledger_deliver(&ledger, target, event));
  }
  assert(!ledger_deliver(&ledger, ledger_target(&ledger, 1), 0) && ledger.stray == 1);
  assert(!ledger_deliver(&ledger, ledger_target(&ledger, 0), 0) && ledger.duplicated == 1);
  assert(ledger_lost(&ledger, 1000) == 0 && ledger.reordered == 0);
}

int main(void) {
  fan_out();
  unicast();
  return 0;
}
