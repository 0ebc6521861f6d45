import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../src/connection.js";
import { Clock } from "../support/clock.js";
import { documents, requests, sockets } from "../support/doubles.js";
import { record, storage, world } from "../support/world.js";

const tick = () => new Promise((resolve) => setImmediate(resolve));
const BETTER_MS = 300_000;

/** A connection that can use WebSockets and, after them, `xhr_stream`. */
async function connect({ options = {}, extra = {}, random = 0.5 } = {}) {
  const clock = new Clock();
  const { WebSocket, made } = sockets();
  const { XMLHttpRequest, made: asked } = requests();
  const { document } = documents();
  const surroundings = world({
    ...clock,
    WebSocket,
    XMLHttpRequest,
    document,
    Math: { random: () => random },
    ...extra,
  });
  const transports = ["ws", "xhr_stream"];
  const connection = new Connection(
    { user: "u", location: "/l", url: "http://push.example", transports, ...options },
    surroundings,
  );
  const told = record(connection);
  await tick();
  return { connection, told, clock, sockets: made, asked, document, world: surroundings };
}

const OPENING = { cursor: "a-0" };

test("nothing is asked before the page could listen, nor after it closed", async () => {
  const { WebSocket, made } = sockets();
  const connection = new Connection(
    { user: "u", location: "/l", url: "http://push.example" },
    world({ WebSocket }),
  );
  assert.equal(connection.state, "connecting");
  assert.equal(made.length, 0);
  connection.close();
  await tick();
  assert.equal(made.length, 0);
  assert.equal(connection.state, "closed");
});

test("a connection that can't be made on one transport is made on the next, at once", async () => {
  const { connection, told, clock, sockets, asked } = await connect();
  sockets[0].ends();
  clock.pass(0);
  asked[0].gets(".");
  assert.equal(connection.transport, "xhr_stream");
  assert.deepEqual(told, ["open"]);
});

test("a transport whose constructor is forbidden is passed over", async () => {
  class WebSocket {
    constructor() {
      throw new Error("forbidden by the page's policy");
    }
  }
  const { connection, clock, asked } = await connect({ extra: { WebSocket } });
  clock.pass(0);
  asked[0].gets(".");
  assert.equal(connection.transport, "xhr_stream");
});

test("a socket that does not open in time is given up", async () => {
  const { clock, sockets, asked } = await connect();
  clock.pass(4999);
  assert.equal(asked.length, 0);
  clock.pass(1);
  assert.ok(sockets[0].closed);
  assert.equal(asked.length, 1);
});

test("a lost connection is opened again after a random part of a second", async () => {
  const { connection, clock, sockets } = await connect();
  const waits = [];
  connection.addEventListener("reconnecting", ({ delay, reason }) => waits.push([delay, reason]));
  sockets[0].says(OPENING);
  clock.pass(10000);
  sockets[0].ends();
  assert.deepEqual(waits, [[500, "The server ended the connection."]]);
  assert.equal(connection.transport, null);
  clock.pass(499);
  assert.equal(sockets.length, 1);
  clock.pass(1);
  assert.equal(sockets.length, 2);
});

test("a connection on which two heartbeats were missed is dead", async () => {
  const { connection, clock, sockets } = await connect();
  sockets[0].says(OPENING);
  for (let beat = 0; beat < 10; beat++) {
    clock.pass(25000);
    sockets[0].says({});
  }
  clock.pass(59999);
  assert.equal(connection.state, "open");
  clock.pass(1);
  assert.equal(connection.state, "reconnecting");
  assert.ok(sockets[0].closed);
});

test("how long is too long can be chosen", async () => {
  const { connection, clock, sockets } = await connect({ options: { silence: 5000 } });
  sockets[0].says(OPENING);
  clock.pass(5000);
  assert.equal(connection.state, "reconnecting");
});

test("a better transport is tried after five minutes, and given up for the other at once", async () => {
  const { connection, told, clock, sockets, asked } = await connect({ options: { silence: 1e9 } });
  sockets[0].ends();
  clock.pass(0);
  asked[0].gets(".");
  clock.pass(BETTER_MS);
  assert.equal(sockets.length, 2);
  assert.ok(asked[0].aborted);
  assert.equal(connection.state, "connecting");
  clock.pass(2500);
  assert.ok(sockets[1].closed);
  asked[1].gets(".");
  assert.equal(connection.transport, "xhr_stream");
  clock.pass(BETTER_MS);
  sockets[2].says(OPENING);
  assert.equal(connection.transport, "ws");
  assert.deepEqual(told, ["open", "open", "open"]);
  clock.pass(10 * BETTER_MS);
  assert.equal(sockets.length, 3);
});

test("what worked is remembered for five minutes, over all pages", async () => {
  const localStorage = storage({ "http://push.example ws,xhr_stream": "xhr_stream 0" });
  const soon = await connect({ extra: { localStorage }, options: { silence: 1e9 } });
  assert.equal(soon.sockets.length, 0);
  soon.asked[0].gets(".");
  soon.clock.pass(BETTER_MS);
  assert.equal(soon.sockets.length, 1);
  const late = await connect({ extra: { localStorage, Date: { now: () => BETTER_MS } } });
  assert.equal(late.sockets.length, 1);
});

test("when the network is back the best is tried, and all that was open is in doubt", async () => {
  const { clock, connection, sockets, asked, world } = await connect();
  sockets[0].ends();
  clock.pass(0);
  asked[0].gets(".");
  world.dispatchEvent(new Event("online"));
  assert.ok(asked[0].aborted);
  assert.equal(connection.state, "reconnecting");
  clock.pass(500);
  assert.equal(sockets.length, 2);
});

test("a page that is looked at again does not wait", async () => {
  const { clock, sockets, document } = await connect({ options: { transports: ["ws"] } });
  for (let failure = 0; failure < 6; failure++) {
    sockets.at(-1).ends();
    clock.pass(20000);
  }
  sockets.at(-1).ends();
  const { length } = sockets;
  document.hidden = true;
  document.events.dispatchEvent(new Event("visibilitychange"));
  assert.equal(sockets.length, length);
  document.hidden = false;
  document.events.dispatchEvent(new Event("visibilitychange"));
  assert.equal(sockets.length, length + 1);
});

test("a page in the cache holds no connection, and comes back with its cursor", async () => {
  const { connection, told, clock, sockets, world } = await connect();
  sockets[0].says({ cursor: "a-1", data: 1 });
  world.dispatchEvent(new Event("pagehide"));
  assert.ok(sockets[0].closed);
  assert.equal(connection.state, "connecting");
  clock.pass(100000);
  assert.equal(sockets.length, 1);
  world.dispatchEvent(new Event("pageshow"));
  assert.match(sockets[1].url, /&last=a-1$/);
  sockets[1].says({ cursor: "a-2", data: 2 });
  assert.deepEqual(told, ["open", 1, "open", 2]);
});

test("a page that is shown for the first time connects once", async () => {
  const { sockets, world } = await connect();
  world.dispatchEvent(new Event("pageshow"));
  assert.equal(sockets.length, 1);
});

test("there is never more than one connection", async () => {
  const { clock, sockets, asked, world, document } = await connect({ random: 0.9 });
  const open = () => sockets.filter(({ closed }) => !closed).length + asked.filter(({ aborted }) => !aborted).length;
  const acts = [
    () => sockets.at(-1).closed || sockets.at(-1).says(OPENING),
    () => asked.length && asked.at(-1).gets("."),
    () => clock.pass(700),
    () => clock.pass(6000),
    () => clock.pass(70000),
    () => clock.pass(BETTER_MS),
    () => world.dispatchEvent(new Event("online")),
    () => document.events.dispatchEvent(new Event("visibilitychange")),
    () => world.dispatchEvent(new Event("pagehide")),
    () => world.dispatchEvent(new Event("pageshow")),
  ];
  let seed = 7;
  for (let step = 0; step < 2000; step++) {
    seed = (seed * 48271) % 2147483647;
    acts[seed % acts.length]();
    assert.ok(open() <= 1, `${open()} after ${step} steps`);
  }
  assert.ok(sockets.length > 20 && asked.length > 20);
});

test("a gap on the first connection is the page's only after something came", async () => {
  const { told, clock, sockets } = await connect();
  sockets[0].says(OPENING);
  sockets[0].says({ cursor: "a-1", gap: true });
  sockets[0].says({ cursor: "a-2", gap: true });
  assert.deepEqual(told, ["open", "gap"]);
  sockets[0].ends();
  clock.pass(1000);
  assert.match(sockets[1].url, /&last=a-2$/);
  sockets[1].says({ cursor: "b-0" });
  sockets[1].says({ cursor: "b-0", gap: true });
  assert.deepEqual(told, ["open", "gap", "reconnecting", "open", "gap"]);
});

test("a gap that is not shown still tells the place", async () => {
  const { connection, sockets } = await connect();
  sockets[0].says({ cursor: "a-9", gap: true });
  assert.equal(connection.cursor, "a-9");
});

test("events after the page has closed its connection are not shown", async () => {
  const { connection, told, sockets } = await connect();
  connection.addEventListener("event", () => connection.close());
  sockets[0].says({ cursor: "a-2", events: [1, 2] });
  assert.deepEqual(told, ["open", 1, "closed"]);
});

test("a page that closes its connection on hearing that it is open gets nothing", async () => {
  const { connection, told, sockets } = await connect();
  connection.addEventListener("open", () => connection.close());
  sockets[0].says({ cursor: "a-1", data: 1 });
  assert.deepEqual(told, ["open", "closed"]);
});

test("close says so once, and stops everything", async () => {
  const { connection, told, clock, sockets, world } = await connect();
  sockets[0].says(OPENING);
  connection.close();
  connection.close();
  world.dispatchEvent(new Event("pageshow"));
  world.dispatchEvent(new Event("online"));
  clock.pass(1e7);
  assert.deepEqual(told, ["open", "closed"]);
  assert.equal(sockets.length, 1);
  assert.equal(clock.timers.size, 0);
});
