import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../../../node/index.js";
import { away, Browser, poll } from "../support/browser.js";
import { Orbited, skip } from "../support/orbited.js";
import { until, within } from "../support/within.js";

const TIMEOUT = 60_000;

function withServer(options, body) {
  return Orbited.run(options, async (server) => {
    const orbit = new Client({ host: "127.0.0.1", port: server.controlPort });
    await within(body(server, orbit), "the end of the test", TIMEOUT);
    await orbit.disconnect({ timeout: 0 });
  });
}

const fates = ({ unreached }) => unreached.map(({ key, code, name }) => `${key}: ${code} ${name}`);

test("an event reaches its browser, in whatever language", { skip }, async () => {
  await withServer({}, async (server, orbit) => {
    const key = "José Müller, ☃, /räume/中文";
    const browser = await Browser.open(server, key);
    const body = { text: "Grüße 😀\u2028</script>", list: [1, null] };
    const receipt = await orbit.event(key, body);
    assert.deepEqual([receipt.ok, receipt.reached], [true, 1]);
    assert.deepEqual(JSON.parse(await browser.next()), body);
    browser.close();
  });
});

test("each recipient has its fate: unreachable, expired, overflow, refused, unconfirmed", { skip }, async () => {
  const options = { settings: { "session.timeout": 60 }, sections: "[limits]\nsession.waiting = 1\n" };
  await withServer(options, async (server, orbit) => {
    const names = ["expired", "full", "closed"].map((user) => `${user}, 0, /x`);
    for (const name of names) await away(server, orbit, name);
    const here = await Browser.open(server, "here, 0, /x");
    const old = await Browser.open(server, "old, 0, /x", "iframe");
    const waits = orbit.event(names.slice(1), "waits");
    const receipt = await orbit.event(["nobody, 0, /x", "here, 0, /x", names[0], names[1]], 1, { ttl: 1 });
    assert.deepEqual(fates(receipt), [
      "nobody, 0, /x: 301 unreachable",
      "expired, 0, /x: 302 expired",
      "full, 0, /x: 303 overflow",
    ]);
    assert.deepEqual([receipt.ok, receipt.reached], [false, 1]);
    assert.equal(await orbit.close("closed, 0, /x", { reason: "Bye" }), 1);
    assert.equal(await poll(server, names[1]), '"waits"');
    assert.deepEqual(fates(await waits), ["closed, 0, /x: 304 refused"]);
    assert.deepEqual(fates(await orbit.event("old, 0, /x", 2, { ack: "browser" })), ["old, 0, /x: 305 unconfirmed"]);
    here.close();
    old.close();
  });
});

test("with ack: browser the receipt waits for the browser's word", { skip }, async () => {
  await withServer({}, async (server, orbit) => {
    const browser = await Browser.open(server, "u, 0, /x");
    let settled = false;
    const event = orbit.event("u, 0, /x", "important", { ack: "browser" }).finally(() => settled = true);
    assert.equal(await browser.next(), '"important"');
    await orbit.ping();
    assert.equal(settled, false);
    await browser.acknowledge();
    assert.ok((await event).ok);
    browser.close();
  });
});

test("ttl: 0 is now or never", { skip }, async () => {
  await withServer({ settings: { "session.timeout": 60 } }, async (server, orbit) => {
    await away(server, orbit, "away, 0, /x");
    const receipt = await orbit.event("away, 0, /x", 1, { ttl: 0 });
    assert.deepEqual(fates(receipt), ["away, 0, /x: 302 expired"]);
  });
});

test("a pattern reaches all that it stands for, each once", { skip }, async () => {
  await withServer({}, async (server, orbit) => {
    const browsers = await Promise.all(
      ["a, 0, /chat", "b, 1, /chat", "a, 0, /news"].map((key) => Browser.open(server, key)),
    );
    const receipt = await orbit.event(["*, *, /chat", "a, 0, /chat", "*, 1, *"], 1);
    assert.deepEqual([receipt.ok, receipt.reached], [true, 2]);
    assert.equal((await orbit.event("a, *, *", 2)).reached, 2);
    assert.deepEqual(await Promise.all(browsers.map((browser) => browser.next())), ["1", "1", "2"]);
    assert.deepEqual(await orbit.event("*, *, /nowhere", 3).then(({ ok, reached }) => [ok, reached]), [true, 0]);
    for (const browser of browsers) browser.close();
  });
});

test("list tells the keys, as many as the limit allows, and close ends their sessions", { skip }, async () => {
  await withServer({}, async (server, orbit) => {
    const keys = ["a, 0, /chat", "b, 0, /chat", "c, 0, /naïve, (x)"];
    const browsers = await Promise.all(keys.map((key) => Browser.open(server, key)));
    const { keys: found, more } = await orbit.list("*, *, *");
    assert.deepEqual([found.map(String).sort(), more], [keys, false]);
    const some = await orbit.list(["*, *, /chat"], { limit: 1 });
    assert.deepEqual([some.keys.length, some.more], [1, true]);
    assert.equal(await orbit.close(["*, *, /chat", keys[2]]), 3);
    await until(async () => (await orbit.list("*, *, *")).keys.length === 0, "no key has a session");
    assert.equal(await orbit.close("*, *, *"), 0);
    for (const browser of browsers) browser.close();
  });
});

test("a thousand events that are under way at once arrive in their order", { skip }, async () => {
  await withServer({}, async (server, orbit) => {
    const browser = await Browser.open(server, "u, 0, /x");
    const COUNT = 1_000;
    const sending = Promise.all(Array.from({ length: COUNT }, (_, at) => orbit.event("u, 0, /x", at)));
    for (let at = 0; at < COUNT; at++) assert.equal(await browser.next(), String(at));
    assert.ok((await sending).every(({ ok }) => ok));
    browser.close();
  });
});

test("a server with a secret is shown it, and tells who has none", { skip }, async () => {
  await Orbited.run({ secret: "sesame" }, async ({ controlPort: port }) => {
    const place = { host: "127.0.0.1", port };
    const orbit = new Client({ ...place, secret: "sesame" });
    await orbit.ping();
    await orbit.disconnect();

    const stranger = new Client(place);
    await assert.rejects(
      stranger.event("u, 0, /x", 1),
      (error) => error.code === 501 && error.codeName === "auth_required",
    );
    await stranger.auth("sesame");
    assert.equal((await stranger.event("u, 0, /x", 1)).unreached[0].code, 301);
    await stranger.disconnect();

    const wrong = new Client({ ...place, secret: "Sesame" });
    await assert.rejects(wrong.ping(), (error) => error.code === 502 && !error.retriable);
    await wrong.auth("sesame");
    await wrong.disconnect();
  });
});
