import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../src/connection.js";
import { attach_iframe } from "../../src/orbited.js";
import { usable } from "../../src/transports/list.js";
import { Clock } from "../support/clock.js";
import { documents, requests, sockets, sources } from "../support/doubles.js";
import { record, world } from "../support/world.js";

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A connection on one transport, in a world that has what the transport needs. */
async function on(transport, parts, options = {}) {
  const clock = new Clock();
  const surroundings = world({
    ...clock,
    location: new URL("https://page.example/"),
    ...parts,
  });
  const connection = new Connection(
    { user: "u", location: "/t", url: "https://push.example", transports: [transport], ...options },
    surroundings,
  );
  const told = record(connection);
  const cursors = [];
  connection.addEventListener("event", ({ cursor }) => cursors.push(cursor));
  await tick();
  return { connection, told, cursors, clock, world: surroundings };
}

const URL_OF = (transport) => `https://push.example/t?user=u&session=0&transport=${transport}`;

test("ws opens a socket with the subprotocol, and reads its messages", async () => {
  const { WebSocket, made } = sockets();
  const { connection, told, cursors } = await on("ws", { WebSocket });
  assert.equal(made[0].url, URL_OF("ws").replace("https", "wss"));
  assert.equal(made[0].protocol, "orbited.1");
  made[0].says({ cursor: "a-0" });
  made[0].says({ cursor: "a-1", data: { x: 1 } });
  made[0].says({});
  assert.deepEqual(told, ["open", { x: 1 }]);
  assert.deepEqual(cursors, ["a-1"]);
  assert.equal(connection.cursor, "a-1");
  connection.close();
  assert.ok(made[0].closed);
});

test("ws acknowledges with a message, once a second", async () => {
  const { WebSocket, made } = sockets();
  const { clock } = await on("ws", { WebSocket });
  for (const number of [1, 2, 3]) made[0].says({ cursor: `a-${number}`, data: number });
  assert.deepEqual(made[0].sent, []);
  clock.pass(1000);
  assert.deepEqual(made[0].sent, [{ ack: "a-3" }]);
  clock.pass(5000);
  assert.equal(made[0].sent.length, 1);
});

test("a ws that was replaced stays away, also when only its code says so", async () => {
  for (
    const end of [(socket) => socket.says({ closed: "replaced" }), (socket) => socket.ends(4001, "replaced")]
  ) {
    const { WebSocket, made } = sockets();
    const { connection, clock } = await on("ws", { WebSocket });
    made[0].says({ cursor: "a-0" });
    end(made[0]);
    clock.pass(100000);
    assert.equal(connection.state, "replaced");
    assert.equal(made.length, 1);
  }
});

test("a ws whose session the application closed stays away", async () => {
  const { WebSocket, made } = sockets();
  const { connection, clock } = await on("ws", { WebSocket });
  made[0].says({ cursor: "a-0" });
  const closed = new Promise((resolve) => connection.addEventListener("closed", resolve));
  made[0].says({ closed: "closed", reason: "You have logged out." });
  assert.equal((await closed).reason, "You have logged out.");
  clock.pass(100000);
  assert.equal(made.length, 1);
});

test("a code from 4000 to 4099 is the end, and any other is not", async () => {
  for (
    const [code, state] of [[4000, "closed"], [4099, "closed"], [4100, "reconnecting"], [
      1001,
      "reconnecting",
    ]]
  ) {
    const { WebSocket, made } = sockets();
    const { connection } = await on("ws", { WebSocket });
    made[0].says({ cursor: "a-0" });
    made[0].ends(code, "Because.");
    assert.equal(connection.state, state, String(code));
  }
});

test("a ws message that is not JSON ends the connection", async () => {
  const { WebSocket, made } = sockets();
  const { connection } = await on("ws", { WebSocket });
  made[0].onmessage({ data: "<html>" });
  assert.equal(connection.state, "reconnecting");
  assert.ok(made[0].closed);
});

test("a connection comes back with its cursor", async () => {
  const { WebSocket, made } = sockets();
  const { clock } = await on("ws", { WebSocket });
  made[0].says({ cursor: "a-1", data: 1 });
  made[0].ends();
  clock.pass(1000);
  assert.equal(made[1].url, `${URL_OF("ws").replace("https", "wss")}&last=a-1`);
});

test("sse is read with an EventSource where fetch can't read streams", async () => {
  const { EventSource, made } = sources();
  const { connection, told, cursors, clock } = await on("sse", { EventSource }, { credentials: true });
  const [source] = made;
  assert.equal(source.url, URL_OF("sse"));
  assert.deepEqual(source.options, { withCredentials: true });
  source.onopen();
  source.says("message", '"é"', "a-1");
  source.says("gap", "", "a-2");
  source.says("message", "<b>", "a-3");
  assert.deepEqual(told, ["open", "é", "gap", "<b>"]);
  assert.deepEqual(cursors, ["a-1", "a-3"]);
  clock.pass(200000);
  assert.equal(connection.state, "open");
  source.onerror();
  assert.ok(source.closed);
  clock.pass(1000);
  assert.equal(made[1].url, `${URL_OF("sse")}&last=a-3`);
  made[1].onopen();
  made[1].says("replaced", "", "");
  assert.equal(connection.state, "replaced");
});

test("xhr_stream reads frames as they come, and forgets its cursor", async () => {
  const { XMLHttpRequest, made } = requests();
  const { connection, told } = await on("xhr_stream", { XMLHttpRequest });
  const [request] = made;
  assert.deepEqual([request.method, request.url], ["GET", URL_OF("xhr_stream")]);
  request.gets(".".repeat(256));
  request.gets("\r\n\r\n");
  assert.deepEqual(told, ["open"]);
  request.gets('{"a":1}\r\n|O');
  request.gets("|\r\n\r\n|O|\r\nping\r\n|O|\r\nplain\r\n|O|\r\n");
  assert.deepEqual(told, ["open", { a: 1 }, "plain"]);
  assert.equal(connection.cursor, null);
  request.done();
  assert.equal(connection.state, "reconnecting");
});

test("xhr asks for one event after the other", async () => {
  const { XMLHttpRequest, made } = requests();
  const { told, clock } = await on("xhr", { XMLHttpRequest });
  made[0].done('"a"');
  made[1].done("plain");
  clock.pass(30000);
  made[2].done("");
  assert.equal(made.length, 4);
  assert.deepEqual(told, ["open", "a", "plain"]);
});

test("a server that answers polls at once and empty is not asked without end", async () => {
  const { XMLHttpRequest, made } = requests();
  const { connection } = await on("xhr", { XMLHttpRequest });
  made[0].done("");
  made[1].done("");
  assert.equal(connection.state, "reconnecting");
  assert.equal(made.length, 2);
});

test("a refusal of an XMLHttpRequest is the end", async () => {
  const { XMLHttpRequest, made } = requests();
  const { connection } = await on("xhr_stream", { XMLHttpRequest });
  const reasons = [];
  connection.addEventListener("closed", ({ reason }) => reasons.push(reason));
  made[0].done("Not you.\n", 403);
  assert.deepEqual(reasons, ["Not you."]);
});

test("a poll that waits counts as open", async () => {
  const { XMLHttpRequest } = requests();
  const { connection, clock } = await on("xhr", { XMLHttpRequest });
  assert.equal(connection.state, "connecting");
  clock.pass(1000);
  assert.equal(connection.state, "open");
});

test("jsonp asks with a script whose function is its answer's", async () => {
  const { document, made } = documents();
  const { told, cursors, world } = await on("jsonp", { document });
  const name = (script) => /&callback=([A-Za-z_$][\w$]*)$/.exec(script.src)[1];
  const [first] = made;
  assert.equal(first.src, `${URL_OF("jsonp")}&callback=${name(first)}`);
  world[name(first)]({ cursor: "a-2", events: [1, 2] });
  first.onload();
  assert.equal(first.parent, undefined);
  assert.equal(name(first) in world, false);
  const [, second] = made;
  assert.match(second.src, /&last=a-2&callback=/);
  world[name(second)]({ cursor: "a-3", gap: true, events: [3] });
  second.onload();
  assert.deepEqual(told, ["open", 1, 2, "gap", 3]);
  assert.deepEqual(cursors, [null, "a-2", "a-3"]);
});

test("a jsonp answer that comes after the end finds a function", async () => {
  const { document, made } = documents();
  const { connection, told, world } = await on("jsonp", { document });
  const name = /callback=(.*)$/.exec(made[0].src)[1];
  connection.close();
  assert.equal(made[0].parent, undefined);
  world[name]({ cursor: "a-1", events: [1] });
  assert.deepEqual(told, ["closed"]);
});

test("a jsonp script that can't be loaded is a failure", async () => {
  const { document, made } = documents();
  const { clock, connection } = await on("jsonp", { document });
  made[0].onerror();
  clock.pass(50);
  assert.equal(connection.state, "reconnecting");
});

test("a jsonp script that fails since its page is left has no successor", async () => {
  const { document, made } = documents();
  const { clock, connection, world } = await on("jsonp", { document });
  made[0].onerror();
  assert.notEqual(connection.state, "reconnecting");
  world.dispatchEvent(new Event("pagehide"));
  clock.pass(100000);
  assert.equal(made.length, 1);
});

test("an iframe of the page's origin calls the page", async () => {
  const { document, made } = documents();
  const { connection, told, world } = await on("iframe", { document }, { url: "https://page.example" });
  const [element] = made;
  assert.equal(element.src, "https://page.example/t?user=u&session=0&transport=iframe");
  const frame = { frameElement: element };
  world.Orbited.attach_iframe(frame);
  frame.e({ a: 1 });
  frame.p();
  assert.deepEqual(told, ["open", { a: 1 }]);
  element.onload();
  assert.equal(connection.state, "reconnecting");
  assert.equal(element.parent, undefined);
});

test("an iframe of another origin posts to the page, and nobody else can", async () => {
  const { document, made } = documents();
  const { told, world } = await on("iframe", { document });
  const [element] = made;
  assert.equal(element.src, `${URL_OF("iframe")}&origin=https%3A%2F%2Fpage.example`);
  const post = (data, source, origin) =>
    world.dispatchEvent(Object.assign(new Event("message"), { data, source, origin }));
  post({ orbited: "forged" }, {}, "https://push.example");
  post({ orbited: "forged" }, element.contentWindow, "https://evil.example");
  assert.deepEqual(told, []);
  post({}, element.contentWindow, "https://push.example");
  post({ orbited: { a: 1 } }, element.contentWindow, "https://push.example");
  post(null, element.contentWindow, "https://push.example");
  assert.deepEqual(told, ["open", { a: 1 }]);
});

test("the page's own Orbited keeps its function for frames", async () => {
  const { document } = documents();
  const own = () => {};
  const { world } = await on("iframe", { document, Orbited: { attach_iframe: own } });
  assert.equal(world.Orbited.attach_iframe, own);
});

test("a frame that the page has made itself gets an empty p", () => {
  const frame = {};
  attach_iframe(frame);
  assert.equal(frame.p(), undefined);
  assert.equal(typeof frame.e, "function");
});

test("the best transports are used that the browser has", () => {
  const all = {
    WebSocket: 1,
    EventSource: 1,
    fetch: 1,
    ReadableStream: 1,
    TextDecoder: 1,
    XMLHttpRequest: 1,
  };
  assert.deepEqual(usable(undefined, { ...all, document: 1 }), [
    "ws",
    "sse",
    "ndjson",
    "poll",
    "xhr_stream",
    "iframe",
    "jsonp",
  ]);
  assert.deepEqual(usable(undefined, { XMLHttpRequest: 1, document: 1 }), ["xhr_stream", "iframe", "jsonp"]);
});

test("old names of transports are known", () => {
  const all = { fetch: 1, ReadableStream: 1, TextDecoder: 1, XMLHttpRequest: 1, document: 1 };
  const names = [
    "iframe",
    "xhr_stream",
    "xhr",
    "sse",
    "server_sent_events",
    "stream",
    "htmlfile",
    "xhr_multipart",
  ];
  assert.deepEqual(names.map((name) => usable([name], all)[0]), [
    "iframe",
    "xhr_stream",
    "xhr",
    "sse",
    "sse",
    "xhr_stream",
    "iframe",
    "xhr_stream",
  ]);
});

test("a transport that is not known, or not there, is an error", () => {
  assert.throws(() => usable(["toString"], {}), new TypeError("There is no transport toString."));
  assert.throws(() => usable(["ws"], {}), new TypeError("This browser has none of the transports."));
});
