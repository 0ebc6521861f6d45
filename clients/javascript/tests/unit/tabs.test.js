import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Browser } from "../support/browser.js";
import { Server } from "../support/server.js";
import { until } from "../support/world.js";

beforeEach(async (context) => {
  context.server = await new Server().listen();
  context.browser = new Browser(context.server);
});

afterEach(async ({ browser, server }) => {
  browser.close();
  await server.close();
});

/** Open so many tabs, and wait until all of them are. */
async function open({ browser }, many, options) {
  const tabs = [];
  for (let tab = 0; tab < many; tab++) {
    tabs.push(browser.open(options));
    await until(() => tabs[tab].connection.state === "open" && synced(tabs[tab]));
  }
  return tabs;
}

const synced = ({ connection: { _tabs } }) => _tabs._leading || _tabs._synced;
const have = (tabs, number) => until(() => tabs.every(({ events }) => events.includes(number)), `all have ${number}`);
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test("tabs hold one connection, and each gets every event once, in order", async (context) => {
  const { server } = context;
  const tabs = await open(context, 3);
  server.send(...numbers(1, 50));
  await have(tabs, 50);
  tabs.forEach(({ events }) => assert.deepEqual(events, numbers(1, 50)));
  assert.equal(server.asked("ndjson"), 1);
  assert.deepEqual(tabs.map(({ leads }) => leads), [true, false, false]);
  assert.deepEqual(tabs.map(({ connection }) => connection.cursor), ["e-32", "e-32", "e-32"]);
  assert.deepEqual(tabs.map(({ connection }) => connection.transport), ["ndjson", "ndjson", "ndjson"]);
});

test("a tab that comes later begins at the present", async (context) => {
  const { server, browser } = context;
  const first = await open(context, 1);
  server.send(1, 2);
  await have(first, 2);
  const late = browser.open();
  await until(() => late.connection.state === "open" && synced(late));
  assert.equal(late.connection.cursor, "e-2");
  server.send(3);
  await have([late], 3);
  assert.deepEqual(late.told, ["open", 3]);
});

const ends = {
  "is closed": (tab) => tab.connection.close(),
  "crashes": (tab) => tab.crash(),
  "is frozen": (tab) => tab.page("freeze"),
  "is left": (tab) => tab.page("pagehide"),
};

for (const [what, end] of Object.entries(ends)) {
  test(`another tab takes over when the one that leads ${what}, and nothing is lost`, async (context) => {
    const { server } = context;
    const [leader, ...others] = await open(context, 3);
    server.send(1, 2, 3);
    await have([leader, ...others], 3);
    end(leader);
    server.send(4, 5);
    await until(() => others.some(({ leads }) => leads));
    server.send(6);
    await have(others, 6);
    others.forEach(({ events, told }) => {
      assert.deepEqual(events, numbers(1, 6));
      assert.ok(!told.includes("gap"));
    });
    assert.equal(server.asked("ndjson"), 2);
  });
}

test("a successor that has missed words learns them from the others before it connects", async (context) => {
  const { server } = context;
  const [leader, deaf, other] = await open(context, 3);
  deaf.deaf = true;
  server.send(1, 2);
  await have([leader, other], 2);
  await until(() => server.acknowledged === 2);
  leader.crash();
  deaf.deaf = false;
  await until(() => deaf.leads);
  server.send(3);
  await have([deaf, other], 3);
  assert.deepEqual(deaf.events, [1, 2, 3]);
  assert.deepEqual(other.events, [1, 2, 3]);
  assert.ok(!deaf.told.includes("gap"));
  assert.equal(server.requests.filter(({ last }) => last === "e-2").length, 1);
});

test("a tab that has missed a word learns it with the next one", async (context) => {
  const { server } = context;
  const [leader, follower] = await open(context, 2);
  follower.deaf = true;
  server.send(1, 2);
  await have([leader], 2);
  // What the channel carries now passes before what it carries later.
  await new Promise((resolve) => setImmediate(resolve));
  follower.deaf = false;
  server.send(3);
  await have([follower], 3);
  assert.deepEqual(follower.told, ["open", 1, 2, 3]);
});

test("a page that comes back from the cache learns what it missed", async (context) => {
  const { server } = context;
  const [leader, follower] = await open(context, 2);
  server.send(1);
  await have([leader, follower], 1);
  follower.page("pagehide");
  assert.equal(follower.connection.state, "connecting");
  server.send(2, 3);
  await have([leader], 3);
  follower.page("pageshow");
  await until(() => follower.connection.state === "open");
  server.send(4);
  await have([follower], 4);
  assert.deepEqual(follower.told, ["open", 1, "open", 2, 3, 4]);
  assert.equal(server.asked("ndjson"), 1);
});

test("a page that comes back after too long is told of a gap", async (context) => {
  const { server } = context;
  const [leader, follower] = await open(context, 2);
  server.send(0);
  await have([leader, follower], 0);
  follower.page("pagehide");
  server.send(...numbers(1, 300));
  await have([leader], 300);
  follower.page("pageshow");
  await until(() => follower.told.includes("gap"));
  server.send(301);
  await have([follower], 301);
  assert.deepEqual(follower.told, ["open", 0, "open", "gap", 301]);
});

test("a leader that comes back from the cache follows", async (context) => {
  const { server } = context;
  const [first, second] = await open(context, 2);
  server.send(1);
  await have([first, second], 1);
  first.page("pagehide");
  await until(() => second.leads && second.connection.state === "open");
  server.send(2);
  await have([second], 2);
  first.page("pageshow");
  await have([first], 2);
  assert.deepEqual(first.events, [1, 2]);
  assert.equal(first.leads, false);
});

test("a leader that hangs is deposed, and follows when it wakes", async (context) => {
  const { server } = context;
  const [hanging, follower] = await open(context, 2, { silence: 1000 });
  server.send(1);
  await have([hanging, follower], 1);
  hanging.mute = true;
  const beats = setInterval(() => server.current?.heartbeat(), 50);
  try {
    await until(() => follower.leads && follower.connection.state === "open");
    hanging.mute = false;
    server.send(2);
    await have([follower, hanging], 2);
  } finally {
    clearInterval(beats);
  }
  assert.deepEqual([hanging.events, follower.events], [[1, 2], [1, 2]]);
  assert.ok(!hanging.told.includes("replaced"));
  assert.equal(hanging.leads, false);
});

test("when another browser takes over all tabs are told, and stay away", async (context) => {
  const { server } = context;
  const tabs = await open(context, 3);
  const other = new Browser(server);
  try {
    const theirs = other.open();
    await until(() => tabs.every(({ connection }) => connection.state === "replaced"));
    server.send(1);
    await have([theirs], 1);
  } finally {
    other.close();
  }
  assert.equal(server.asked("ndjson"), 2);
  tabs.forEach(({ told }) => assert.deepEqual(told, ["open", "replaced"]));
});

test("the others follow the leader's state", async (context) => {
  const { server } = context;
  const [leader, follower] = await open(context, 2);
  server.send(1);
  await have([leader, follower], 1);
  server.acknowledged = 1;
  server.current.shutdown();
  server.current = undefined;
  server.written = 2;
  server.acknowledged = 2;
  server.events.push(2);
  await until(() => follower.told.includes("gap"));
  server.send(3);
  await have([follower], 3);
  assert.deepEqual(follower.told, ["open", 1, "reconnecting", "open", "gap", 3]);
  assert.deepEqual(leader.told, follower.told);
});

test("without locks each page connects by itself", async (context) => {
  const { browser, server } = context;
  for (const extra of [{ navigator: {} }, { navigator: undefined }]) {
    const tab = browser.open({ location: "/alone" }, extra);
    await until(() => tab.connection.state === "open");
    assert.equal(tab.connection._tabs, null);
    tab.connection.close();
  }
  assert.equal(server.asked("ndjson"), 2);
});

test("a page that does not want to share connects by itself", async (context) => {
  const { browser } = context;
  const tab = browser.open({ share: false });
  await until(() => tab.connection.state === "open");
  assert.equal(browser.locks.held.size, 0);
});

test("where locks are forbidden the page connects by itself", async (context) => {
  const locks = { request: () => Promise.reject(new DOMException("Not here.", "SecurityError")) };
  const tab = context.browser.open({}, { navigator: { locks } });
  await until(() => tab.connection.state === "open");
  context.server.send(1);
  await have([tab], 1);
});

test("a refusal of one page is not the others'", async (context) => {
  const { server } = context;
  const [leader, follower] = await open(context, 2);
  server.refusal = 403;
  server.current.shutdown();
  await until(() => leader.connection.state === "closed");
  server.refusal = 0;
  await until(() => follower.leads && follower.connection.state === "open");
});

test("a session that the application closed is over for all tabs", async (context) => {
  const { server } = context;
  const tabs = await open(context, 3);
  const asked = server.requests.length;
  server.current.close("You have logged out.");
  await until(() => tabs.every(({ connection }) => connection.state === "closed"));
  assert.equal(server.requests.length, asked);
});

test("tabs that come and go in any way miss nothing", async (context) => {
  const { server, browser } = context;
  const steady = browser.open();
  let tabs = [steady];
  let sent = 0;
  const firsts = new Map([[steady, 1]]);
  await until(() => steady.connection.state === "open");
  const ways = Object.values(ends);
  for (let turn = 0; turn < 24; turn++) {
    server.send(++sent, ++sent);
    const late = browser.open();
    await until(() => late.connection.state === "open" && synced(late), "the late one is open");
    firsts.set(late, (Number.parseInt(late.connection.cursor.slice(2), 16) || 0) + 1);
    tabs.push(late);
    server.send(++sent);
    if (turn % 2) {
      const leader = tabs.find(({ leads }) => leads);
      if (leader && leader !== steady) {
        tabs = tabs.filter((tab) => tab !== leader);
        ways[(turn >> 1) % ways.length](leader);
      } else if (leader) {
        steady.page("pagehide");
        server.send(++sent);
        steady.page("pageshow");
      }
      server.send(++sent);
    }
  }
  await have(tabs, sent);
  for (const tab of tabs) {
    assert.ok(!tab.told.includes("gap"));
    assert.deepEqual(tab.events, numbers(firsts.get(tab), sent));
  }
  assert.ok(server.asked("ndjson") > 5);
});
