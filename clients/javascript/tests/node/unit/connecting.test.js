import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { ConnectFailed, ConnectionLost, Disconnected, RefusedError, UnsupportedVersion } from "../../../node/errors.js";
import { authFrame } from "../../../node/frame.js";
import { DEFAULT_LIMITS } from "../../../node/limits.js";
import { Harness, open, ready } from "../support/harness.js";

const CODE_102 = ["msg: The action is not Event", "code: 102 bad_action"];

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
