import assert from "node:assert/strict";
import { test } from "node:test";
import { NoticesOverflow, RefusedError, Timeout } from "../../../node/errors.js";
import { Harness } from "../support/harness.js";

/** A harness that is connected, with a watch whose frame has the id 2. */
function watching(options, ...reply) {
  const harness = new Harness();
  const watch = harness.watch("*, *, /chat", options);
  harness.greet();
  const [frame] = harness.sent();
  if (reply.length > 0) harness.say("Success", "id: 2", ...reply);
  return { harness, frame, ...watch };
}

const signon = (watch, sequence, user = "u", epoch = "e") => [
  "Signon",
  `watch: ${watch}`,
  `epoch: ${epoch}`,
  `sequence: ${sequence}`,
  `key: (${user}, 0, /chat)`,
];
const present = (...given) => ["Present", ...signon(...given).slice(1)];

async function read(buffer, count) {
  const found = [];
  for (let at = 0; at < count; at++) {
    const { value } = await buffer.next();
    found.push(value.type === "gap" ? "gap" : `${value.type} ${value.key.user} ${value.sequence}`);
  }
  return found;
}

/** Lose the connection, and let the next one be greeted: gives the frames that are sent then. */
function reconnect(harness) {
  harness.lose();
  harness.pass(30_000);
  harness.greet();
  return harness.sent();
}

test("a watch begins with its frame, and is told the notices in their order", async () => {
  const { harness, frame, buffer } = watching({ state: true }, "epoch: e", "sequence: 4", "present: 1");
  assert.deepEqual(frame, ["Orbit 1.1", "Watch", "id: 2", "recipient: *, *, /chat", "state: yes", "", ""]);
  assert.deepEqual(await buffer.ready, { epoch: "e", sequence: 4, present: 1, resumed: false });
  harness.say(...present(2, 4, "a"));
  harness.say(...signon(2, 5, "b"));
  assert.deepEqual(await read(buffer, 2), ["present a 4", "signon b 5"]);
});

test("after a lost connection it goes on after the last notice that came, read or not", async () => {
  const { harness, buffer } = watching({}, "epoch: e", "sequence: 4");
  harness.say(...signon(2, 5));
  harness.say(...signon(2, 8));
  const [frame] = reconnect(harness);
  assert.deepEqual(frame.slice(3), ["recipient: *, *, /chat", "epoch: e", "sequence: 8", "", ""]);
  harness.say("Success", "id: 4", "epoch: e", "sequence: 8", "resumed: yes");
  harness.say(...signon(4, 9));
  assert.deepEqual(await read(buffer, 3), ["signon u 5", "signon u 8", "signon u 9"]);
});

test("a watch that has had no notice goes on where it began", () => {
  const { harness } = watching({}, "epoch: e", "sequence: 4");
  assert.deepEqual(reconnect(harness)[0].slice(4), ["epoch: e", "sequence: 4", "", ""]);
});

test("a watch that the server had not answered is asked for as if it were new", () => {
  const { harness } = watching({});
  assert.deepEqual(reconnect(harness)[0].slice(3), ["recipient: *, *, /chat", "", ""]);
});

test("if it can't go on, a gap is told before all else, and then the state", async () => {
  const { harness, buffer } = watching({ state: true }, "epoch: e", "sequence: 4", "present: 0");
  harness.say(...signon(2, 5));
  reconnect(harness);
  harness.say("Success", "id: 4", "epoch: f", "sequence: 1", "present: 1", "resumed: no");
  harness.say(...present(4, 1, "a", "f"));
  assert.deepEqual(await read(buffer, 3), ["signon u 5", "gap", "present a 1"]);
  const [frame] = reconnect(harness);
  assert.deepEqual(frame.slice(5), ["epoch: f", "sequence: 1", "", ""]);
});

test("a state of which only a part came is asked for anew, and a gap tells so", async () => {
  const { harness, buffer } = watching({ state: true }, "epoch: e", "sequence: 4", "present: 2");
  harness.say(...present(2, 4, "a"));
  const [frame] = reconnect(harness);
  assert.deepEqual(frame.slice(3), ["recipient: *, *, /chat", "state: yes", "", ""]);
  harness.say("Success", "id: 4", "epoch: e", "sequence: 6", "present: 1");
  harness.say(...present(4, 6, "b"));
  assert.deepEqual(await read(buffer, 3), ["present a 4", "gap", "present b 6"]);
});

test("a watch may go on where another one was, and its place is that of the last notice read", async () => {
  const { harness, frame, buffer } = watching({ since: { epoch: "e", sequence: 7 } });
  assert.deepEqual(frame.slice(4), ["epoch: e", "sequence: 7", "", ""]);
  assert.deepEqual(buffer.position, { epoch: "e", sequence: 7 });
  harness.say("Success", "id: 2", "epoch: e", "sequence: 7", "resumed: yes");
  assert.deepEqual(buffer.position, { epoch: "e", sequence: 7 });
  harness.say(...signon(2, 8));
  harness.say(...signon(2, 9));
  await buffer.next();
  assert.deepEqual(buffer.position, { epoch: "e", sequence: 8 });
});

test("there is no place to go on from while a state is not read to its end", async () => {
  const { harness, buffer } = watching({ state: true }, "epoch: e", "sequence: 4", "present: 2");
  assert.equal(buffer.position, undefined);
  harness.say(...present(2, 4, "a"));
  harness.say(...present(2, 4, "b"));
  await buffer.next();
  assert.equal(buffer.position, undefined);
  await buffer.next();
  assert.deepEqual(buffer.position, { epoch: "e", sequence: 4 });
});

test("an old place that the server does not know is a gap", async () => {
  const { harness, buffer } = watching({ since: { epoch: "old", sequence: 7 } });
  harness.say("Success", "id: 2", "epoch: e", "sequence: 3", "resumed: no");
  assert.deepEqual(buffer.position, { epoch: "old", sequence: 7 });
  assert.deepEqual(await read(buffer, 1), ["gap"]);
  assert.deepEqual(buffer.position, { epoch: "e", sequence: 3 });
});

test("a watch that has not begun in its time ends, and says why there was no connection", async () => {
  const harness = new Harness();
  const { buffer } = harness.watch("*, *, *", { timeout: 100 });
  harness.lose("refused");
  harness.pass(100);
  await assert.rejects(buffer.ready, Timeout);
  await assert.rejects(buffer.next(), (error) => error.safeToRetry && /refused/.test(error.message));
  assert.ok((await buffer.next()).done);
  harness.pass(60_000);
  harness.greet();
  assert.deepEqual(harness.sent(), []);
});

test("a watch that the server does not answer in time is ended there, too", async () => {
  const { harness, buffer } = watching({ timeout: 100 });
  harness.pass(99);
  assert.deepEqual(harness.sent(), []);
  harness.pass(1);
  await assert.rejects(buffer.next(), (error) => error instanceof Timeout && /no reply in time/.test(error.message));
  assert.deepEqual(harness.sent(), [["Orbit 1.1", "Unwatch", "id: 3", "watch: 2", "", ""]]);
  harness.say("Success", "id: 2", "epoch: e", "sequence: 4");
  harness.say(...signon(2, 5));
  harness.say("Success", "id: 3");
  assert.ok((await buffer.next()).done);
});

test("a watch that has begun, or was ended, has all the time of the world", async () => {
  const { harness, buffer } = watching({ timeout: 100 }, "epoch: e", "sequence: 4");
  const { subscription } = harness.watch("*, *, *", { timeout: 100 });
  harness.courier.unwatch(subscription);
  harness.pass(1_000);
  harness.lose();
  harness.pass(1_000);
  harness.greet();
  const [frame] = harness.sent();
  harness.say("Success", frame[2], "epoch: e", "sequence: 4", "resumed: yes");
  harness.say(...signon(frame[2].slice(4), 5));
  assert.deepEqual(await read(buffer, 1), ["signon u 5"]);
});

test("unwatch tells the server, and what comes before its reply is told nobody", async () => {
  const { harness, buffer, subscription } = watching({}, "epoch: e", "sequence: 4");
  let done = false;
  buffer.discard();
  harness.courier.unwatch(subscription, () => done = true);
  assert.deepEqual(harness.sent(), [["Orbit 1.1", "Unwatch", "id: 3", "watch: 2", "", ""]]);
  harness.say(...signon(2, 5));
  assert.equal(done, false);
  harness.say("Success", "id: 3");
  assert.ok(done);
  assert.ok((await buffer.next()).done);
  assert.deepEqual(reconnectIdle(harness), "idle");
});

function reconnectIdle(harness) {
  harness.lose();
  return harness.courier.deadline === Infinity ? "idle" : "busy";
}

test("unwatch is done if the connection is gone, or the watch was never sent", () => {
  const { harness, subscription } = watching({}, "epoch: e", "sequence: 4");
  const done = [];
  harness.courier.unwatch(subscription, () => done.push(1));
  harness.lose();
  assert.deepEqual(done, [1]);
  const other = harness.watch();
  harness.courier.unwatch(other.subscription, () => done.push(2));
  assert.deepEqual(done, [1, 2]);
});

test("a watch that the server refuses ends with its reason", async () => {
  const { harness, buffer } = watching({});
  harness.say(
    "Failure",
    "id: 2",
    "msg: There are already 100 watches on this connection",
    "code: 206 too_many_watches",
  );
  await assert.rejects(buffer.next(), (error) => error instanceof RefusedError && error.code === 206);
  await assert.rejects(buffer.ready, RefusedError);
  assert.ok((await buffer.next()).done);
});

test("a watch that the server ends is read to its end first", async () => {
  const { harness, buffer } = watching({}, "epoch: e", "sequence: 4");
  harness.say(...signon(2, 5));
  harness.say("Failure", "id: 2", "msg: More than 10000 notices wait to be read", "code: 404 watch_overflow");
  assert.deepEqual(await read(buffer, 1), ["signon u 5"]);
  await assert.rejects(buffer.next(), (error) => error.code === 404 && error.retriable);
});

test("a reader that is too slow loses its watch, and is told so after what it has", async () => {
  const { harness, buffer } = watching({ notices: 2 }, "epoch: e", "sequence: 4");
  for (let sequence = 5; sequence < 8; sequence++) harness.say(...signon(2, sequence));
  assert.equal(harness.sent()[0][1], "Unwatch");
  harness.say(...signon(2, 8));
  assert.deepEqual(await read(buffer, 2), ["signon u 5", "signon u 6"]);
  await assert.rejects(buffer.next(), NoticesOverflow);
  assert.deepEqual(buffer.position, { epoch: "e", sequence: 6 });
  assert.ok((await buffer.next()).done);
});

test("a watch survives a server that closes just then", () => {
  const { harness } = watching({});
  harness.say("Failure", "id: 2", "msg: The server is shutting down", "code: 402 shutting_down");
  assert.equal(reconnect(harness)[0][1], "Watch");
});

test("watches go before the calls that wait", () => {
  const harness = new Harness();
  harness.event();
  harness.watch();
  harness.greet();
  assert.deepEqual(harness.sent().map((lines) => lines[1]), ["Watch", "Event"]);
});

test("several readers of one watch share its notices, and all are told of its end", async () => {
  const { harness, buffer } = watching({}, "epoch: e", "sequence: 4");
  const turns = [buffer.next(), buffer.next(), buffer.next()];
  harness.say(...signon(2, 5));
  buffer.end();
  const results = await Promise.all(turns);
  assert.deepEqual(results.map(({ done }) => done), [false, true, true]);
});
