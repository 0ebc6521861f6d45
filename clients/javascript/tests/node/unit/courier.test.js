import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import {
  ConnectFailed,
  ConnectionLost,
  Disconnected,
  Dropped,
  ProtocolError,
  QueueFull,
  RefusedError,
  Timeout,
  UnsupportedVersion,
} from "../../../node/errors.js";
import { authFrame } from "../../../node/frame.js";
import { DEFAULT_LIMITS } from "../../../node/limits.js";
import { Harness } from "../support/harness.js";

const CODE_102 = ["msg: The action is not Event", "code: 102 bad_action"];

/** A harness that is connected. */
function ready(options) {
  const harness = new Harness(options);
  harness.connect();
  assert.deepEqual(harness.actions, ["open"]);
  harness.greet();
  return harness;
}

const open = ({ value, error }) => value === undefined && error === undefined;

test("nothing is done before something is wanted", () => {
  const harness = new Harness();
  assert.deepEqual(harness.actions, []);
  assert.equal(harness.courier.deadline, Infinity);
  assert.equal(harness.courier.busy, false);
});

test("a connection begins with a Ping, and nothing else is sent before its answer", () => {
  const harness = new Harness();
  const event = harness.event();
  assert.deepEqual(harness.actions, ["open"]);
  assert.deepEqual(harness.sent(), []);
  harness.courier.opened(harness.now);
  assert.deepEqual(harness.sent(), [["Orbit 1.1", "Ping", "id: 1", "", ""]]);
  assert.deepEqual(harness.sent(), []);
  harness.say("Success", "id: 1");
  assert.deepEqual(harness.sentIds(), ["2"]);
  harness.say("Success", "id: 2", "reached: 1");
  assert.deepEqual([event.value.ok, event.value.reached, event.value.id], [true, 1, "2"]);
});

test("with a secret it begins with an Auth", () => {
  const harness = new Harness({ secret: "sesame" });
  harness.event();
  harness.courier.opened(harness.now);
  assert.deepEqual(harness.sent(), [["Orbit 1.1", "Auth", "id: 1", "length: 6", "", "sesame"]]);
  harness.say("Success", "id: 1");
  assert.equal(harness.sent().length, 1);
});

test("a secret that is another one ends all that waits, and is not tried again by itself", async () => {
  const harness = new Harness({ secret: "sesame" });
  const event = harness.event();
  const connect = harness.connect();
  const { buffer } = harness.watch();
  harness.greet("Failure", "msg: The secret is not the server's", "code: 502 auth_failed");
  for (const { error } of [event, connect]) {
    assert.ok(error instanceof RefusedError);
    assert.deepEqual([error.code, error.codeName, error.retriable, error.maybeDelivered], [
      502,
      "auth_failed",
      false,
      false,
    ]);
  }
  await assert.rejects(buffer.next(), RefusedError);
  assert.deepEqual(harness.actions, ["open", "close"]);
  assert.equal(harness.courier.deadline, Infinity);
});

test("without a secret where one is needed each call is told so, until an Auth", () => {
  const harness = new Harness();
  harness.event();
  harness.greet("Failure", "msg: The connection has not been let in by an Auth", "code: 501 auth_required");
  assert.ok(harness.courier.connected);
});

test("a secret that is given while a Ping is not answered is shown by its Auth, whatever the Ping is told", () => {
  const harness = new Harness();
  harness.connect();
  harness.courier.opened(harness.now);
  harness.sent();
  harness.courier.secret = Buffer.from("sesame");
  const auth = harness.call(authFrame(harness.courier.secret, DEFAULT_LIMITS));
  harness.say("Failure", "id: 1", "msg: The connection has not been let in by an Auth", "code: 501 auth_required");
  assert.deepEqual(harness.sent().map((lines) => lines[1]), ["Auth"]);
  harness.say("Success", "id: 2");
  assert.equal(auth.value, true);
});

test("a server of Orbit 1.0 gets its events in Orbit 1.0, and what needs more fails clearly", async () => {
  const harness = new Harness();
  const plain = harness.event(["u, 0, /x", "v, 0, /x"]);
  const asking = [
    harness.event("*, 0, /x"),
    harness.event("u, 0, /x", { ttl: 1 }),
    harness.event("u, 0, /x", { ack: "browser" }),
    harness.ping(),
    harness.list(),
    harness.close(),
  ];
  const { buffer } = harness.watch();
  harness.greet("Failure", ...CODE_102);
  const [frame, ...others] = harness.sent();
  assert.deepEqual(frame.slice(0, 2), ["Orbit 1.0", "Event"]);
  assert.deepEqual(others, []);
  for (const { error } of asking) {
    assert.ok(error instanceof UnsupportedVersion);
    assert.match(error.message, /Orbit 1\.0 only/);
    assert.deepEqual([error.code, error.maybeDelivered], [102, false]);
  }
  await assert.rejects(buffer.next(), UnsupportedVersion);
  harness.say("Failure", "id: 2", "msg: Failed to reach one or more recipients", "recipient: (v, 0, /x)");
  assert.equal(plain.value.reached, 1);
  assert.deepEqual(plain.value.unreached.map(({ key, code, name }) => [`${key}`, code, name]), [
    ["v, 0, /x", null, null],
  ]);
});

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

test("pauses grow with full jitter up to 30 seconds, and begin anew after a connection that lasted", () => {
  const harness = new Harness({}, () => 1);
  harness.event("u, 0, /x", { timeout: Infinity });
  const pauses = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    assert.deepEqual(harness.actions, ["open"]);
    harness.lose("refused");
    pauses.push(harness.courier.deadline - harness.now);
    harness.pass(pauses[attempt]);
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  harness.greet();
  harness.sent();
  harness.watch();
  harness.pass(4_999);
  harness.lose();
  assert.equal(harness.courier.deadline - harness.now, 30_000);
  harness.pass(30_000);
  harness.greet();
  harness.pass(5_000);
  harness.lose();
  assert.equal(harness.courier.deadline - harness.now, 1_000);
});

test("a connection that lasted has done so also if the server said good-bye at its end", () => {
  const harness = new Harness({}, () => 1);
  harness.watch();
  for (let attempt = 0; attempt < 3; attempt++) {
    harness.lose("refused");
    harness.pass(harness.courier.deadline - harness.now);
  }
  harness.greet();
  harness.pass(5_000);
  harness.say("Failure", "msg: The server is shutting down", "code: 402 shutting_down");
  harness.lose();
  assert.equal(harness.courier.deadline - harness.now, 1_000);
});

test("after a lost connection nobody connects unless something is wanted", () => {
  const harness = ready();
  harness.lose();
  assert.deepEqual([harness.actions, harness.courier.deadline], [[], Infinity]);
  harness.event();
  assert.deepEqual(harness.actions, ["open"]);
});

test("connect makes one attempt, also while others are waited with", () => {
  const harness = new Harness();
  const event = harness.event();
  const first = harness.connect();
  harness.lose("refused");
  assert.ok(first.error instanceof ConnectFailed);
  assert.match(first.error.message, /server:9000: refused/);
  assert.equal(first.error.safeToRetry, true);
  assert.ok(open(event));
  const second = harness.connect();
  assert.deepEqual(harness.actions, ["open", "open"]);
  harness.greet();
  assert.equal(second.value, true);
});

test("connecting and greeting have a time, and a late connection is closed", () => {
  const harness = new Harness();
  const connect = harness.connect();
  harness.pass(10_000);
  assert.ok(connect.error instanceof ConnectFailed);
  assert.deepEqual(harness.actions, ["open", "close"]);
  const other = harness.connect();
  harness.courier.opened(harness.now);
  harness.pass(10_000);
  assert.ok(other.error instanceof ConnectFailed);
  assert.deepEqual(harness.actions, ["open", "close"]);
});

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

test("a server that says good-bye is sent nothing more, and what it refused is sent to the next", () => {
  const harness = ready();
  const taken = harness.event("a, 0, /", { onLoss: "again" });
  const refused = harness.event("b, 0, /", { onLoss: "again" });
  const given = harness.event("c, 0, /");
  harness.sent();
  const goodbye = ["msg: The server is shutting down", "code: 402 shutting_down"];
  harness.say("Failure", "id: 3", ...goodbye);
  harness.say("Failure", "id: 4", ...goodbye);
  assert.deepEqual([given.error.code, given.error.safeToRetry], [402, true]);
  harness.event("d, 0, /");
  assert.deepEqual(harness.sent(), []);
  harness.say("Success", "id: 2", "reached: 1");
  assert.equal(taken.value.reached, 1);
  harness.lose("the server closed it");
  harness.pass(1_000);
  harness.greet();
  assert.deepEqual(harness.sent().map((lines) => lines[3]), ["recipient: b, 0, /", "recipient: d, 0, /"]);
  harness.say("Success", "id: 6", "reached: 1");
  assert.equal(refused.value.reached, 1);
});

test("a good-bye without id stops the sending too, and a server that does not close then is left", () => {
  const harness = ready();
  const event = harness.event();
  harness.sent();
  harness.say("Failure", "msg: The frame was not finished within 30 seconds", "code: 401 frame_timeout");
  assert.equal(harness.courier.connected, false);
  harness.pass(10_000);
  assert.ok(event.error instanceof ConnectionLost);
  assert.deepEqual(harness.actions, ["close"]);
});

test("a server with too many connections is tried again later", () => {
  const harness = new Harness();
  const event = harness.event();
  harness.courier.opened(harness.now);
  harness.say("Failure", "msg: There are already 1000 control connections", "code: 403 too_many_connections");
  assert.deepEqual(harness.actions, ["open", "close"]);
  harness.pass(500);
  assert.deepEqual(harness.actions, ["open"]);
  assert.ok(open(event));
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

test("disconnect carries out what there is, takes nothing new, and leaves the client of use", () => {
  const harness = ready();
  const [one, two] = [harness.event(), harness.event()];
  harness.sent();
  const three = harness.event();
  const { buffer } = harness.watch();
  const gone = harness.disconnect();
  assert.ok(harness.event().error instanceof Disconnected);
  assert.ok(harness.connect().error instanceof Disconnected);
  harness.say("Success", "id: 2", "reached: 1");
  harness.say("Success", "id: 3", "reached: 1");
  assert.ok(open(gone));
  assert.deepEqual(harness.sentIds(), ["4"]);
  harness.say("Success", "id: 4", "reached: 1");
  assert.deepEqual([one, two, three].map(({ value }) => value.reached), [1, 1, 1]);
  assert.equal(gone.value, true);
  assert.deepEqual(harness.actions, ["close"]);
  assert.equal(harness.courier.deadline, Infinity);
  harness.event();
  assert.deepEqual(harness.actions, ["open"]);
  return buffer.next().then(({ done }) => assert.ok(done));
});

test("disconnect ends what is left when its time is over", () => {
  const harness = ready();
  const sent = harness.event();
  harness.sent();
  const unsent = harness.event();
  const gone = harness.disconnect(1_000);
  harness.pass(1_000);
  assert.equal(gone.value, true);
  assert.ok(sent.error instanceof Disconnected && unsent.error instanceof Disconnected);
  assert.deepEqual([sent.error.maybeDelivered, unsent.error.maybeDelivered], [true, false]);
  assert.deepEqual(harness.actions, ["close"]);
});

test("disconnect without a connection does not wait for one that can't be made", () => {
  const harness = new Harness();
  assert.equal(harness.disconnect().value, true);
  const event = harness.event();
  const gone = harness.disconnect();
  assert.ok(open(gone));
  harness.lose("refused");
  assert.ok(event.error instanceof Disconnected);
  assert.equal(gone.value, true);
  harness.event();
  harness.lose("refused");
  assert.equal(harness.disconnect().value, true);
  assert.equal(harness.courier.deadline, Infinity);
});
