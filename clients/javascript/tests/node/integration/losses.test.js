import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../../../node/index.js";
import { ConnectionLost, Disconnected } from "../../../node/errors.js";
import { away, Browser } from "../support/browser.js";
import { Cutter } from "../support/cutter.js";
import { Orbited, skip } from "../support/orbited.js";
import { until, within } from "../support/within.js";

const KEY = "u, 0, /x";

/** Send so many events at once: `fates` are the receipts and errors in their order, `receipts` waits for so many. */
function send(orbit, count, options) {
  const watched = { number: Infinity, reached: () => {} };
  let receipts = 0;
  const one = async (at) => {
    try {
      const receipt = await orbit.event(KEY, at, options);
      receipts += 1;
      if (receipts >= watched.number) watched.reached();
      return { receipt };
    } catch (error) {
      return { error };
    }
  };
  const fates = Promise.all(Array.from({ length: count }, (_, at) => one(at)));
  return {
    fates: within(fates, "a receipt or an error for each event", 60_000),
    receipts: (number) => within(new Promise((reached) => Object.assign(watched, { number, reached })), "the receipts"),
  };
}

/** Wait until the client has seen that its server is gone, and end what it was not sent. */
async function giveUp(orbit) {
  await until(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return !orbit.connected;
  }, "the client sees that the server is gone");
  await orbit.disconnect({ timeout: 0 });
}

/** What a browser got until its stream ended. */
async function all(browser) {
  const got = [];
  for (let data = await browser.next(); data !== undefined; data = await browser.next()) got.push(Number(data));
  return got;
}

test("each of 10,000 events amid which the server is killed has a receipt, or a true error", { skip }, async () => {
  const COUNT = 10_000;
  await Orbited.run({}, async (server) => {
    const browser = await Browser.open(server, KEY);
    const got = all(browser);
    const orbit = new Client({ host: "127.0.0.1", port: server.controlPort });
    const sending = send(orbit, COUNT);
    await sending.receipts(500);
    await server.kill();
    await giveUp(orbit);
    const fates = await sending.fates;
    const arrived = await got;
    browser.close();
    assert.equal(fates.length, COUNT);
    const receipts = fates.filter(({ receipt }) => receipt);
    const errors = fates.flatMap(({ error }) => error ?? []);
    assert.ok(receipts.length >= 500 && receipts.every(({ receipt }) => receipt.ok));
    for (const error of errors) {
      const lost = error instanceof ConnectionLost && error.maybeDelivered;
      assert.ok(lost || (error instanceof Disconnected && error.safeToRetry), `${error}`);
    }
    assert.ok(errors.some((error) => error instanceof ConnectionLost));
    assert.deepEqual(arrived, Array.from({ length: arrived.length }, (_, at) => at));
    // Whatever arrived was told, or may have been delivered.
    for (const at of arrived) assert.ok(fates[at].receipt || fates[at].error.maybeDelivered, `event ${at}`);
  });
});

test("a server that shuts down amid events answers what it took, and the rest is safe", { skip }, async () => {
  const COUNT = 5_000;
  await Orbited.run({}, async (server) => {
    const browser = await Browser.open(server, KEY);
    const got = all(browser);
    const orbit = new Client({ host: "127.0.0.1", port: server.controlPort });
    const sending = send(orbit, COUNT);
    await sending.receipts(300);
    assert.equal(await server.terminate(), 0);
    await giveUp(orbit);
    const fates = await sending.fates;
    const arrived = new Set(await got);
    browser.close();
    for (const [at, { receipt, error }] of fates.entries()) {
      if (receipt && receipt.ok) assert.ok(arrived.has(at), `event ${at} was reported as reached`);
      if (error && !error.maybeDelivered) assert.ok(!arrived.has(at), `event ${at} was reported as not sent`);
    }
  });
});

test("with retry no event is missing after cuts, and their order is kept", { skip }, async () => {
  const COUNT = 3_000;
  await Orbited.run({}, (server) =>
    Cutter.run(server.controlPort, async (cutter) => {
      const browser = await Browser.open(server, KEY);
      const orbit = new Client({ host: "127.0.0.1", port: cutter.port });
      const sending = send(orbit, COUNT, { retry: true });
      await sending.receipts(200);
      cutter.cut();
      await sending.receipts(1_500);
      cutter.cut();
      const fates = await sending.fates;
      assert.deepEqual(fates.filter(({ receipt }) => !receipt?.ok), []);
      const first = new Set();
      while (first.size < COUNT) {
        const data = Number(await browser.next());
        // What was sent again may come twice, but nothing comes before what was sent before it.
        if (!first.has(data)) assert.equal(data, first.size);
        first.add(data);
      }
      browser.close();
      await orbit.disconnect();
    }));
});

test("a watch tells who comes and goes, with the events that were missed", { skip }, async () => {
  await Orbited.run({ settings: { "session.timeout": 1 } }, async (server) => {
    const orbit = new Client({ host: "127.0.0.1", port: server.controlPort, idPrefix: "web1/" });
    const before = await Browser.open(server, "before, 0, /x");
    const watch = orbit.watch("*, *, /x", { state: true });
    const { present } = await watch.ready;
    assert.equal(present, 1);
    const next = async () => (await within(watch.next(), "the next notice")).value;
    const told = ({ type, key }) => `${type} ${key}`;
    assert.equal(told(await next()), "present before, 0, /x");
    await away(server, orbit, "gone, 0, /x");
    assert.equal(told(await next()), "signon gone, 0, /x");
    const receipts = await Promise.all([1, 2].map((body) => orbit.event("gone, 0, /x", body)));
    const signoff = await next();
    assert.equal(told(signoff), "signoff gone, 0, /x");
    assert.equal(signoff.reason, "expired");
    assert.deepEqual(signoff.missed, receipts.map(({ id }) => id));
    assert.match(signoff.missed[0], /^web1\//);
    assert.deepEqual(receipts.map(({ unreached }) => unreached[0].code), [301, 301]);
    await orbit.close("before, 0, /x");
    assert.equal((await next()).reason, "closed");
    await orbit.unwatch(watch);
    before.close();
    await orbit.disconnect();
  });
});

test("a watch whose connection is cut misses nothing", { skip }, async () => {
  await Orbited.run({}, (server) =>
    Cutter.run(server.controlPort, async (cutter) => {
      const orbit = new Client({ host: "127.0.0.1", port: cutter.port });
      const watch = orbit.watch("*, *, /x");
      await watch.ready;
      const browsers = [];
      const users = [];
      for (let at = 0; at < 20; at++) {
        if (at % 5 === 2) cutter.cut();
        browsers.push(await Browser.open(server, `u${at}, 0, /x`));
      }
      let last = 0;
      while (users.length < 20) {
        const { value: notice } = await within(watch.next(), "the next notice");
        assert.equal(notice.type, "signon");
        assert.equal(notice.sequence, last + 1);
        last = notice.sequence;
        users.push(notice.key.user);
      }
      assert.deepEqual(users, Array.from({ length: 20 }, (_, at) => `u${at}`));
      for (const browser of browsers) browser.close();
      await orbit.disconnect();
    }));
});

test("a watch over a restart of the server is told of the gap, and then of the state", { skip }, async () => {
  await Orbited.run({}, async (first) => {
    const port = first.controlPort;
    const orbit = new Client({ host: "127.0.0.1", port });
    const watch = orbit.watch("*, *, /x", { state: true });
    const { epoch } = await watch.ready;
    await first.kill();
    await Orbited.run({ settings: { "op.port": port } }, async (second) => {
      const browser = await Browser.open(second, KEY);
      const { value: gap } = await within(watch.next(), "the gap");
      assert.equal(gap.type, "gap");
      assert.notEqual(gap.epoch, epoch);
      const { value } = await within(watch.next(), "the state or the sign-on");
      assert.ok(value.type === "present" || value.type === "signon");
      assert.equal(String(value.key), KEY);
      browser.close();
      await orbit.disconnect();
    });
  });
});
