import assert from "node:assert/strict";
import { test } from "node:test";
import { Attempts } from "../../src/attempts.js";

const NAMES = ["ws", "sse", "ndjson", "poll", "iframe", "jsonp"];
const POLLS = ["poll", "jsonp"];
const attempts = (first = "", names = NAMES) => new Attempts(names, POLLS, first, () => 1);

const UNKNOWN = {};
const NETWORK = { network: true };
const HELD = { held: true };

test("the pauses double up to 30 s", () => {
  const one = attempts("", ["poll"]);
  const pauses = Array.from({ length: 7 }, () => one._failed({ status: 503 }));
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

test("the whole pause is a matter of chance", () => {
  const chances = [0, 0.25, 0.5];
  const one = new Attempts(["poll"], POLLS, "", () => chances.shift());
  assert.deepEqual([one._failed(UNKNOWN), one._failed(UNKNOWN), one._failed(UNKNOWN)], [0, 500, 2000]);
});

test("after a connection that lasted the pause is short again, and within the server's grace", () => {
  const one = attempts("", ["poll"]);
  for (let failure = 0; failure < 6; failure++) one._failed({ status: 503 });
  one._opened();
  assert.equal(one._lost(5000), 1000);
});

test("a server that ends each connection soon is asked less and less often", () => {
  const one = attempts("", ["poll"]);
  const pauses = [1, 2, 3, 4].map(() => {
    one._opened();
    return one._lost(10);
  });
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000]);
});

test("the server says how long the first pause may be", () => {
  const one = attempts();
  one._base = 3000;
  one._opened();
  assert.equal(one._lost(10000), 3000);
});

test("a page that begins tries everything at once, and pauses then", () => {
  const one = attempts();
  const tried = [];
  let wait;
  while (wait === undefined) {
    tried.push(one._name);
    wait = one._failed(one._name === "ws" ? UNKNOWN : NETWORK);
  }
  assert.deepEqual(tried, NAMES);
  assert.equal(wait, 1000);
  assert.equal(one._name, "ws");
});

test("a status other than 200 is a server that is away for all transports", () => {
  const one = attempts();
  assert.equal(one._failed(UNKNOWN), undefined);
  assert.equal(one._failed({ status: 502 }), 1000);
  assert.equal(one._name, "ws");
});

test("a server that was there and is away is not asked by all transports each time", () => {
  const one = attempts();
  one._opened();
  one._lost(60000);
  const rounds = [];
  let tried = [];
  while (rounds.length < 5) {
    tried.push(one._name);
    if (one._failed(one._name === "ws" ? UNKNOWN : NETWORK)) {
      rounds.push(tried.length);
      tried = [];
    }
  }
  assert.deepEqual(rounds, [2, 3, 3, 4, 4]);
});

test("what holds one stream back holds all back, so that polling is next", () => {
  const one = attempts("sse");
  assert.equal(one._failed(HELD), undefined);
  assert.equal(one._name, "poll");
});

test("a WebSocket that nothing answers is followed by the next transport", () => {
  const one = attempts();
  assert.equal(one._failed({ held: false }), undefined);
  assert.equal(one._name, "sse");
});

test("where no polling is left the next transport is tried", () => {
  const one = attempts("", ["sse", "ndjson"]);
  assert.equal(one._failed(HELD), undefined);
  assert.equal(one._name, "ndjson");
});

test("it begins with what worked before, and comes round to what stands before that", () => {
  const one = attempts("poll");
  const tried = [];
  do tried.push(one._name); while (!one._failed(UNKNOWN));
  assert.deepEqual(tried, ["poll", "iframe", "jsonp", "ws", "sse", "ndjson"]);
});

test("what worked is tried first after a loss", () => {
  const one = attempts();
  one._failed(UNKNOWN);
  one._opened();
  one._lost(60000);
  assert.equal(one._name, "sse");
});

test("a transport that breaks soon three times is given up", () => {
  const one = attempts();
  for (const expected of ["ws", "ws", "sse"]) {
    one._opened();
    one._lost(100);
    assert.equal(one._name, expected);
  }
});

test("better transports are tried in turn, and one that fails is given up for what worked, at once", () => {
  const one = attempts("ndjson");
  one._opened();
  const tried = [];
  for (let trial = 0; trial < 3; trial++) {
    assert.equal(one._better(), true);
    tried.push(one._name);
    assert.equal(one._failed(HELD), undefined);
    assert.equal(one._name, "ndjson");
    one._opened();
  }
  assert.deepEqual(tried, ["ws", "sse", "ws"]);
});

test("a better transport that works stays", () => {
  const one = attempts("poll");
  one._opened();
  one._better();
  one._opened();
  one._lost(60000);
  assert.equal(one._name, "ws");
  assert.equal(one._better(), false);
});

test("on another network the best is tried again", () => {
  const one = attempts("poll");
  one._opened();
  one._lost(100);
  assert.equal(one._restart(), 1000);
  assert.equal(one._name, "ws");
});
