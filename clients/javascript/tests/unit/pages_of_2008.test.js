import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { attach_iframe, connect, Connection, create_xhr } from "../../src/orbited.js";
import { documents, requests } from "../support/doubles.js";
import { Server } from "../support/server.js";
import { until } from "../support/world.js";

// Pages of that time know nothing of surroundings that can be given: what a browser has is global, one test at a time.
beforeEach(async (context) => {
  context.server = await new Server().listen();
  context.connections = [];
  globalThis.location = new URL(context.server.url);
});

afterEach(async ({ server, connections }) => {
  connections.forEach((connection) => connection.close());
  for (const name of ["location", "XMLHttpRequest", "document", "Orbited"]) delete globalThis[name];
  await server.close();
});

test("connect calls back with the value of each event", async ({ server, connections }) => {
  const values = [];
  connections.push(connect((data) => values.push(data), "michael", "/chat"));
  server.send("Hello", { from: "jacob" });
  await until(() => values.length === 2);
  assert.deepEqual(values, ["Hello", { from: "jacob" }]);
  const [{ user, session }] = server.requests;
  assert.deepEqual([user, session], ["michael", "0"]);
  assert.ok(connections[0] instanceof Connection);
});

test("connect takes a session and a transport, by its old name too", async ({ connections }) => {
  const { XMLHttpRequest, made } = requests();
  Object.assign(globalThis, { XMLHttpRequest });
  for (const transport of ["xhr", "stream", "xhr_stream"]) {
    connections.push(connect(() => {}, "michael", "/chat", "7", transport));
  }
  await until(() => made.length === 3);
  const asked = made.map(({ url }) => new URL(url).searchParams);
  assert.deepEqual(asked.map((query) => query.get("transport")), ["xhr", "xhr_stream", "xhr_stream"]);
  assert.deepEqual(asked.map((query) => query.get("session")), ["7", "7", "7"]);
});

test("create_xhr makes an XMLHttpRequest", () => {
  const { XMLHttpRequest } = requests();
  Object.assign(globalThis, { XMLHttpRequest });
  assert.ok(create_xhr() instanceof XMLHttpRequest);
});

test("a frame of the page's own making calls the callback", ({ connections }) => {
  const values = [];
  const callback = (data) => values.push(data);
  connections.push(connect(callback, "michael", "/chat", "0", "sse"));
  const frame = {};
  attach_iframe(frame);
  assert.equal(frame.e, callback);
  frame.e("from the frame");
  frame.p();
  assert.deepEqual(values, ["from the frame"]);
});

test("htmlfile is an iframe", async ({ connections }) => {
  const { document, made } = documents();
  Object.assign(globalThis, { document, addEventListener() {}, removeEventListener() {} });
  try {
    const values = [];
    connections.push(connect((data) => values.push(data), "michael", "/chat", "0", "htmlfile"));
    await until(() => made.length === 1);
    const frame = { frameElement: made[0] };
    globalThis.Orbited.attach_iframe(frame);
    frame.e("Hello");
    assert.deepEqual(values, ["Hello"]);
  } finally {
    connections.pop().close();
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
  }
});
