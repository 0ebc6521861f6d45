import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectFailed, ConnectionLost, Disconnected, Timeout } from "../../../node/errors.js";
import { Harness, open, ready } from "../support/harness.js";

test("a call whose time is over says whether it was sent, and its late reply hurts nobody", () => {
  const harness = ready();
  const sent = harness.event("a, 0, /", { timeout: 100 });
  const other = harness.event("b, 0, /", { timeout: 500 });
  harness.sent();
  const unsent = harness.event("c, 0, /", { timeout: 100 });
  harness.pass(100);
  assert.ok(sent.error instanceof Timeout && unsent.error instanceof Timeout);
  assert.deepEqual([sent.error.maybeDelivered, unsent.error.maybeDelivered], [true, false]);
  assert.equal(sent.error.retriable, true);
  assert.deepEqual(harness.sent(), []);
  harness.say("Success", "id: 2", "reached: 1");
  harness.say("Success", "id: 3", "reached: 1");
  assert.equal(other.value.reached, 1);
});

test("a call that waits for a connection says why there was none", () => {
  const harness = new Harness();
  const event = harness.event("a, 0, /", { timeout: 100 });
  harness.lose("refused");
  harness.pass(100);
  assert.match(event.error.message, /refused/);
  assert.ok(event.error.cause instanceof ConnectFailed);
  assert.equal(event.error.safeToRetry, true);
});

test("deadlines are kept in whatever order calls end", () => {
  const harness = new Harness({ connectTimeout: Infinity });
  const events = Array.from({ length: 200 }, (_, at) => harness.event("a, 0, /", { timeout: 1 + (at * 37) % 200 }));
  for (const at of [3, 50, 199, 0, 120]) {
    harness.courier.abort(events[at].call, () => new Disconnected("away"));
  }
  for (let time = 1; time <= 200; time++) {
    harness.pass(1);
    const over = events.filter(({ error }) => error instanceof Timeout).length;
    const expected = events.filter(({ error, call }) =>
      !(error instanceof Disconnected) && call.deadline <= harness.now
    );
    assert.equal(over, expected.length);
  }
  assert.ok(events.every(({ error }) => error));
});

test("a silent server is asked for a sign of life, and left without one", () => {
  const harness = ready();
  const event = harness.event("u, 0, /x", { timeout: Infinity });
  harness.sent();
  harness.pass(29_999);
  assert.deepEqual(harness.sent(), []);
  harness.pass(1);
  assert.equal(harness.sent()[0][1], "Ping");
  harness.say("Success", "id: 3");
  harness.pass(30_000);
  assert.equal(harness.sent()[0][1], "Ping");
  harness.pass(10_000);
  assert.ok(event.error instanceof ConnectionLost);
  assert.deepEqual(harness.actions, ["close"]);
});

test("a silent server is asked, too, while as much is in flight as may be", () => {
  const harness = ready({ limits: { inFlight: 1 } });
  const event = harness.event("u, 0, /x", { timeout: Infinity });
  harness.sent();
  harness.pass(30_000);
  assert.equal(harness.sent()[0][1], "Ping");
  harness.pass(10_000);
  assert.ok(event.error instanceof ConnectionLost);
});

test("a dead server is found out also by calls that do not wait long for it", () => {
  const harness = ready();
  let actions = [];
  for (let time = 0; actions.length === 0 && time < 60_000; time += 6_000) {
    harness.event("u, 0, /x", { timeout: 5_000 });
    harness.sent();
    harness.pass(6_000);
    actions = harness.actions;
  }
  assert.deepEqual(actions, ["close"]);
});

test("a connection that nobody waits for is left in peace", () => {
  const harness = ready();
  assert.equal(harness.courier.deadline, Infinity);
  harness.now += 1_000_000;
  harness.event();
  harness.sent();
  harness.pass(29_999);
  assert.deepEqual(harness.sent(), []);
});

test("a server that answers none of as many frames as may be in flight is left", () => {
  const harness = ready({ limits: { inFlight: 2 } });
  for (let at = 0; at < 3; at++) harness.event("u, 0, /x", { timeout: 100 });
  const waiting = harness.event("u, 0, /x", { timeout: 10_000 });
  harness.sent();
  harness.pass(100);
  assert.deepEqual(harness.actions, ["close"]);
  assert.ok(open(waiting));
  harness.pass(1_000);
  harness.greet();
  assert.equal(harness.sent().length, 1);
});

test("a server that answers none of as many bytes as may be in flight is left", () => {
  const harness = ready({ limits: { inFlightBytes: 50 } });
  harness.event("u, 0, /x", { timeout: 100 });
  const waiting = harness.event("u, 0, /x", { timeout: 10_000 });
  harness.sent();
  harness.pass(100);
  assert.deepEqual(harness.actions, ["close"]);
  assert.ok(open(waiting));
});

test("calls that are over and answered late do not count for ever", () => {
  const harness = ready({ limits: { inFlight: 2 } });
  for (let id = 2; id < 8; id++) {
    harness.event("u, 0, /x", { timeout: 100 });
    assert.deepEqual(harness.sentIds(), [`${id}`]);
    harness.pass(100);
    harness.say("Success", `id: ${id}`, "reached: 1");
  }
  harness.pass(100_000);
  assert.deepEqual(harness.actions, []);
  assert.equal(harness.courier.busy, false);
});
