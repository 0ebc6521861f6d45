import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionLost, Dropped, ProtocolError, QueueFull } from "../../../node/errors.js";
import { Harness, open, ready } from "../support/harness.js";

test("replies are matched by id, in any order", () => {
  const harness = ready();
  const [one, two] = [harness.event(), harness.event()];
  assert.deepEqual(harness.sentIds(), ["2", "3"]);
  harness.say("Success", "id: 3", "reached: 1");
  assert.ok(open(one));
  assert.equal(two.value.id, "3");
  harness.say("Success", "id: 2", "reached: 0");
  assert.equal(one.value.reached, 0);
});

test("no more frames are in flight than the limit, and the others stay in order", () => {
  const harness = ready({ limits: { inFlight: 2 } });
  const events = [1, 2, 3, 4].map(() => harness.event());
  assert.deepEqual(harness.sentIds(), ["2", "3"]);
  harness.say("Success", "id: 3", "reached: 1");
  assert.deepEqual(harness.sentIds(), ["4"]);
  harness.lose();
  assert.deepEqual(events.map(({ error }) => error?.maybeDelivered), [true, undefined, true, undefined]);
  harness.pass(1_000);
  harness.greet();
  assert.deepEqual(harness.sentIds(), ["6"]);
});

test("a lost connection leaves open the fate of what was sent, and only of that", () => {
  const harness = ready();
  const event = harness.event();
  const ping = harness.ping();
  const close = harness.close();
  harness.sent();
  const unsent = harness.event();
  harness.lose();
  for (const [{ error }, maybe] of [[event, true], [ping, false], [close, true]]) {
    assert.ok(error instanceof ConnectionLost);
    assert.deepEqual([error.retriable, error.maybeDelivered, error.safeToRetry], [true, maybe, !maybe]);
  }
  assert.ok(open(unsent));
  harness.pass(500);
  assert.deepEqual(harness.actions, ["open"]);
  harness.greet();
  assert.equal(harness.sent().length, 1);
});

test("with retry an event is sent again, before those that were not sent, and says what it can't know", () => {
  const harness = ready();
  const again = [harness.event("a, 0, /", { onLoss: "again" }), harness.event("b, 0, /", { onLoss: "again" })];
  harness.sent();
  harness.event("c, 0, /");
  const list = harness.list();
  harness.lose();
  harness.pass(500);
  harness.greet();
  assert.deepEqual(harness.sent().map((lines) => lines[3]), [
    "recipient: a, 0, /",
    "recipient: b, 0, /",
    "recipient: c, 0, /",
    "recipient: *, *, *",
  ]);
  harness.say("Failure", "id: 5", "msg: The body is longer than 3 bytes", "code: 204 body_too_large");
  assert.deepEqual([again[0].error.code, again[0].error.maybeDelivered], [204, true]);
  harness.say("Success", "id: 8", "keys: 0", "length: 0");
  assert.deepEqual(list.value.keys, []);
});

test("the queue is bounded while there is no connection, as the policy says", () => {
  for (
    const [whenFull, fates] of Object.entries({
      wait: [undefined, undefined, undefined],
      fail: [undefined, undefined, QueueFull],
      drop_oldest: [Dropped, undefined, undefined],
    })
  ) {
    const harness = new Harness({ queue: 2, whenFull });
    const events = [1, 2, 3].map(() => harness.event());
    assert.deepEqual(events.map(({ error }) => error?.constructor), fates, whenFull);
    for (const { error } of events) assert.ok(!error || error.safeToRetry);
    harness.greet();
    assert.equal(harness.sent().length, fates.filter((fate) => !fate).length);
  }
});

test("the queue is bounded also behind what may be in flight", () => {
  for (
    const [whenFull, fates] of Object.entries({
      wait: [undefined, undefined, undefined],
      fail: [undefined, undefined, QueueFull],
      drop_oldest: [Dropped, undefined, undefined],
    })
  ) {
    const harness = ready({ queue: 2, whenFull, limits: { inFlight: 1 } });
    const sent = harness.event();
    assert.deepEqual(harness.sentIds(), ["2"]);
    const events = [1, 2, 3].map(() => harness.event());
    assert.deepEqual(events.map(({ error }) => error?.constructor), fates, whenFull);
    assert.ok(open(sent));
  }
});

test("a queue without room lets nothing wait, and what can be sent at once is not bounded by it", () => {
  for (const whenFull of ["fail", "drop_oldest"]) {
    const harness = new Harness({ queue: 0, whenFull });
    assert.ok(harness.event().error instanceof QueueFull);
    harness.connect();
    harness.greet();
    assert.ok(open(harness.event()));
  }
});

test("a peer that speaks no Orbit ends at once what it was sent, and before that everything", () => {
  const harness = new Harness();
  const event = harness.event();
  harness.courier.opened(harness.now);
  harness.say("HTTP/1.1 400 Bad Request");
  assert.ok(event.error instanceof ProtocolError);
  assert.deepEqual([event.error.retriable, event.error.maybeDelivered], [false, false]);
  assert.deepEqual(harness.actions, ["open", "close"]);

  const later = ready();
  const answered = later.event();
  const sent = later.event("u, 0, /x", { onLoss: "again" });
  later.sent();
  const unsent = later.event();
  later.say("Success", "id: 2", "reached: 1", "", "Success", "id: 99");
  assert.equal(answered.value.reached, 1);
  assert.ok(sent.error instanceof ProtocolError);
  assert.equal(sent.error.maybeDelivered, true);
  assert.ok(open(unsent));
});

test("a reply that can't be meant for its call is no Orbit", () => {
  const ofEvent = (...lines) => {
    const harness = ready();
    const event = harness.event(["u, 0, /x", "*, 0, /y"]);
    harness.sent();
    harness.say(...lines);
    return event.error;
  };
  const msg = "msg: Failed to reach one or more recipients";
  for (
    const lines of [
      ["Success", "id: 2"],
      ["Success", "id: 2", "reached: 1", "unreached: 301 unreachable (u, 0, /x)"],
      ["Failure", "id: 2", msg, "reached: 1", "unreached: 301 unreachable (v, 0, /x)"],
      ["Failure", "id: 2", msg, "unreached: 301 unreachable (u, 0, /x)"],
      ["Success", "reached: 1"],
      ["Signon", "watch: 2", "epoch: e", "sequence: 1", "key: (a, 0, /)"],
    ]
  ) assert.ok(ofEvent(...lines) instanceof ProtocolError, lines.join("|"));
  assert.equal(ofEvent("Failure", "id: 2", msg, "reached: 1", "unreached: 305 unconfirmed (v, 0, /y)"), undefined);
});

test("large frames wait for each other, but one may always go", () => {
  const harness = ready({ limits: { inFlightBytes: 50 } });
  for (let at = 0; at < 3; at++) harness.event();
  assert.deepEqual(harness.sentIds(), ["2"]);
  harness.say("Success", "id: 2", "reached: 1");
  assert.deepEqual(harness.sentIds(), ["3"]);
  harness.lose();
  harness.pass(1_000);
  harness.greet();
  assert.deepEqual(harness.sentIds(), ["5"]);
});
