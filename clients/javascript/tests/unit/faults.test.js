import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Connection } from "../../src/connection.js";
import { Clock } from "../support/clock.js";
import { Server } from "../support/server.js";
import { record, storage, streamingWorld, until } from "../support/world.js";

// The server of a test is a part of its context, so that tests share nothing.
beforeEach(async (context) => {
  context.server = await new Server().listen();
  context.connections = [];
});

afterEach(async ({ server, connections }) => {
  connections.forEach((connection) => connection.close());
  await server.close();
});

function connect({ server, connections }, options = {}, extra = {}) {
  const all = { url: server.url, user: "u", location: "/faults", ...options };
  const connection = new Connection(all, streamingWorld(extra));
  connections.push(connection);
  return { connection, told: record(connection) };
}

test("streams that something holds back are left for polling", async (context) => {
  const { server } = context;
  server.held = ["sse", "ndjson"];
  const clock = new Clock();
  const { connection, told } = connect(context, {}, clock);
  await until(() => server.asked("sse") === 1);
  clock.pass(5000);
  await until(() => connection.state === "open");
  assert.equal(connection.transport, "poll");
  assert.equal(server.asked("sse"), 1);
  assert.equal(server.asked("ndjson"), 0);
  server.send(1);
  await until(() => told.includes(1));
});

test("the transport that worked is the next page's first", async (context) => {
  const { server } = context;
  const localStorage = storage();
  server.held = ["sse", "ndjson"];
  const clock = new Clock();
  const first = connect(context, {}, { localStorage, ...clock }).connection;
  await until(() => server.asked("sse") === 1);
  clock.pass(5000);
  await until(() => first.state === "open");
  first.close();
  const second = connect(context, {}, { localStorage, ...clock }).connection;
  await until(() => second.state === "open");
  assert.equal(second.transport, "poll");
  assert.equal(server.asked("sse"), 1);
});

for (const transport of ["sse", "ndjson", "poll"]) {
  for (const reason of ["You have logged out.", ""]) {
    test(`a session that the application closed is the end on ${transport}, ${reason ? "" : "also without "}a reason`, async (context) => {
      const { server } = context;
      const { connection, told } = connect(context, { transports: [transport] });
      await until(() => connection.state === "open" && server.current);
      const closed = new Promise((resolve) => connection.addEventListener("closed", resolve));
      server.current.close(reason);
      assert.equal((await closed).reason, reason || "The application closed the session.");
      assert.deepEqual(told, ["open", "closed"]);
      assert.equal(connection.state, "closed");
    });
  }
}

test("what a page asked for is not the choice of a page that asks for nothing", async (context) => {
  const localStorage = storage();
  const first = connect(context, { transports: ["poll"] }, { localStorage }).connection;
  await until(() => first.state === "open");
  first.close();
  const second = connect(context, {}, { localStorage }).connection;
  await until(() => second.state === "open");
  assert.equal(second.transport, "sse");
});

test("a page without storage works", async (context) => {
  const localStorage = {
    get getItem() {
      throw new Error("storage is forbidden");
    },
  };
  const { connection } = connect(context, {}, { localStorage });
  await until(() => connection.state === "open");
});

for (const transport of ["sse", "ndjson", "poll"]) {
  for (const status of [400, 403, 404]) {
    test(`a refusal with ${status} is the end on ${transport}, with the server's sentence`, async (context) => {
      const { server } = context;
      server.refusal = status;
      const { connection } = connect(context, { transports: [transport] });
      const { reason } = await new Promise((resolve) => connection.addEventListener("closed", resolve));
      assert.equal(connection.state, "closed");
      assert.equal(reason, "It is not for you.");
      assert.equal(server.requests.length, 1);
    });
  }
}

test("a server that is away for a while is asked again", async (context) => {
  const { server } = context;
  server.refusal = 503;
  const { connection, told } = connect(context);
  await until(() => told.length >= 3);
  assert.deepEqual(told.slice(0, 3), ["reconnecting", "reconnecting", "reconnecting"]);
  server.refusal = 0;
  await until(() => connection.state === "open");
});

test("a stream that falls silent is opened again, from its cursor", async (context) => {
  const { server } = context;
  const clock = new Clock();
  const { told } = connect(context, { transports: ["ndjson"] }, clock);
  server.send("a");
  await until(() => told.includes("a"));
  clock.pass(60000);
  assert.deepEqual(told, ["open", "a", "reconnecting"]);
  clock.pass(0);
  await until(() => told.filter((one) => one === "open").length > 1);
  assert.equal(server.requests.find(({ last }) => last).last, "e-1");
  assert.ok(!told.includes("gap"));
});

test("a shutdown is not the end", async (context) => {
  const { server } = context;
  const { connection, told } = connect(context, { transports: ["ndjson"] });
  await until(() => connection.state === "open");
  server.current.shutdown();
  await until(() => told.filter((one) => one === "open").length > 1);
  assert.deepEqual(told, ["open", "reconnecting", "open"]);
});

for (const transport of ["sse", "ndjson", "poll"]) {
  test(`a page that was replaced on ${transport} stays away`, async (context) => {
    const { server } = context;
    const first = connect(context, { transports: [transport] });
    await until(() => first.connection.state === "open" && server.current);
    const second = connect(context, { transports: [transport] });
    await until(() => first.connection.state === "replaced");
    await until(() => second.connection.state === "open" && server.current);
    server.send("for the second");
    await until(() => second.told.includes("for the second"));
    assert.deepEqual(first.told, ["open", "replaced"]);
  });
}

test("events that wait come with one poll, and only the last has a cursor", async (context) => {
  const { server } = context;
  server.send(1, 2, 3);
  const { connection } = connect(context, { transports: ["poll"] });
  const cursors = [];
  connection.addEventListener("event", ({ cursor }) => cursors.push(cursor));
  await until(() => cursors.length === 3);
  assert.deepEqual(cursors, [null, null, "e-3"]);
});

test("what was seen is acknowledged", async (context) => {
  const { server } = context;
  const { told } = connect(context, { transports: ["ndjson"], token: "t" });
  server.send(1, 2);
  await until(() => told.includes(2));
  await until(() => server.acknowledged === 2);
  const acks = server.requests.filter(({ ack }) => ack);
  assert.deepEqual(acks, [{ user: "u", session: "0", token: "t", ack: "e-2", method: "POST" }]);
});

test("a gap from before the page began is not shown", async (context) => {
  const { server } = context;
  const before = connect(context, { transports: ["ndjson"] });
  server.send("a");
  await until(() => before.told.includes("a"));
  before.connection.close();
  await until(() => !server.current);
  const { told } = connect(context, { transports: ["ndjson"] });
  server.send("b");
  await until(() => told.includes("b"));
  assert.deepEqual(told, ["open", "b"]);
});

test("for await reads the events, until the connection is closed", async (context) => {
  const { server } = context;
  const { connection } = connect(context);
  server.send(1, 2, 3);
  const read = [];
  for await (const event of connection) {
    read.push([event.type, event.data, event.cursor]);
    if (event.data === 3) connection.close();
  }
  assert.deepEqual(read, [["event", 1, "e-1"], ["event", 2, "e-2"], ["event", 3, "e-3"]]);
});

test("for await says that too many events waited", async (context) => {
  const { server } = context;
  const { connection, told } = connect(context, { transports: ["ndjson"] });
  const events = connection[Symbol.asyncIterator]();
  server.send(...Array.from({ length: 1100 }, (_, at) => at));
  assert.equal((await events.next()).value.data, 0);
  await until(() => told.includes(1099));
  await assert.rejects(events.next(), new Error("More than 1000 events wait to be read."));
});
