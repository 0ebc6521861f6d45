import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../src/history.js";

const event = (number) => ({ cursor: `a-${number}`, events: [number] });

test("an event is new once", () => {
  const history = new History();
  assert.equal(history._take(event(1)), true);
  assert.equal(history._take(event(1)), false);
  assert.equal(history._cursor, "a-1");
});

test("an event that comes again does not lead back", () => {
  const history = new History();
  [1, 2].forEach((number) => history._take(event(number)));
  history._take(event(1));
  assert.equal(history._cursor, "a-2");
});

test("a position counts only while no other is known", () => {
  const history = new History();
  assert.equal(history._take({ cursor: "a-0" }), false);
  assert.equal(history._cursor, "a-0");
  history._take({ cursor: "a-7" });
  assert.equal(history._cursor, "a-0");
});

test("an empty answer to a poll is a position", () => {
  const history = new History();
  history._take(event(1));
  history._take({ cursor: "a-4", events: [] });
  assert.equal(history._cursor, "a-4");
});

test("events of a poll that has no cursor are new, and leave the cursor as it is [POL-9]", () => {
  const history = new History();
  history._take(event(1));
  assert.equal(history._take({ events: [2], batch: true }), true);
  assert.equal(history._cursor, "a-1");
});

test("a gap at the position is new, and once", () => {
  const history = new History();
  history._take({ cursor: "a-0" });
  assert.equal(history._take({ cursor: "a-0", gap: true }), true);
  assert.equal(history._take({ cursor: "a-0", gap: true }), false);
});

test("events without a cursor are all new, and leave no cursor behind", () => {
  const history = new History();
  history._take(event(1));
  history._take({});
  assert.equal(history._cursor, "a-1");
  assert.equal(history._take({ events: ["x"] }), true);
  assert.equal(history._take({ events: ["x"] }), true);
  assert.equal(history._cursor, null);
});

test("256 cursors are remembered", () => {
  const history = new History();
  for (let number = 1; number <= 257; number++) history._take(event(number));
  assert.equal(history._has("a-1"), false);
  assert.equal(history._has("a-2"), true);
  assert.equal(history._kept.size, 256);
});

test("what came after a cursor is known to a history that keeps whole messages", () => {
  const history = new History(true);
  history._take({ cursor: "a-0" });
  [1, 2, 3].forEach((number) => history._take(event(number)));
  assert.deepEqual(history._after("a-0"), [event(1), event(2), event(3)]);
  assert.deepEqual(history._after("a-2"), [event(3)]);
  assert.deepEqual(history._after("a-3"), []);
  assert.equal(history._after("b-1"), undefined);
});

test("a history of cursors alone knows nothing of what came after", () => {
  const history = new History();
  [1, 2].forEach((number) => history._take(event(number)));
  assert.equal(history._after("a-1"), undefined);
});

test("beyond 1 MiB the oldest messages are let go, and their cursors kept", () => {
  const history = new History(true);
  const large = "x".repeat(400_000);
  for (const number of [1, 2, 3, 4]) history._take({ cursor: `a-${number}`, events: [large] });
  assert.equal(history._after("a-1"), undefined);
  assert.equal(history._after("a-2").length, 2);
  assert.equal(history._has("a-1"), true);
  assert.ok(history._size <= 1 << 20);
});
