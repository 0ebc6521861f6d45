import assert from "node:assert/strict";
import { test } from "node:test";
import { Acknowledger } from "../../src/acknowledger.js";
import { Clock } from "../support/clock.js";

function acknowledger() {
  const clock = new Clock();
  const sent = [];
  return { clock, sent, acks: new Acknowledger(clock, () => sent.push(clock.now)) };
}

test("what comes within a second is acknowledged together", () => {
  const { clock, sent, acks } = acknowledger();
  acks._saw();
  clock.pass(300);
  acks._saw();
  clock.pass(10000);
  assert.deepEqual(sent, [1000]);
});

test("a steady stream is acknowledged once a second", () => {
  const { clock, sent, acks } = acknowledger();
  for (let event = 0; event < 100; event++) {
    acks._saw();
    clock.pass(50);
  }
  assert.deepEqual(sent.map((time, at) => time - (sent[at - 1] ?? 0) >= 1000), sent.map(() => true));
  assert.ok(sent.length >= 4 && sent.length <= 5, String(sent));
});

test("nothing is acknowledged after the end", () => {
  const { clock, sent, acks } = acknowledger();
  acks._saw();
  acks._stop();
  clock.pass(5000);
  assert.deepEqual(sent, []);
});
