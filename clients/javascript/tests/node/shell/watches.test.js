import assert from "node:assert/strict";
import { test } from "node:test";
import { Aborted, Timeout } from "../../../node/errors.js";
import { KEY, withPeer } from "../support/client.js";

test("a watch has the client's time to begin, or its own", async () => {
  await withPeer(
    async (connection) => {
      await connection.greet();
      await connection.end();
    },
    async (orbit) => {
      await orbit.connect({ timeout: 20_000 });
      await assert.rejects(orbit.watch(KEY).ready, Timeout);
      await assert.rejects(orbit.watch(KEY, { timeout: 5 }).next(), Timeout);
      assert.throws(() => orbit.watch(KEY, { timeout: -1 }), RangeError);
    },
    { timeout: 20 },
  );
});

test("a watch is read with for await, and leaving the loop ends it", async () => {
  const frames = [];
  await withPeer(
    async (connection) => {
      await connection.greet();
      const watch = await connection.frame();
      frames.push(watch);
      connection.say("Success", `id: ${watch.id}`, "epoch: e", "sequence: 1", "present: 1");
      const place = ["epoch: e", "sequence: 1"];
      connection.say("Present", `watch: ${watch.id}`, ...place, "key: (a, 0, /)");
      connection.say("Signon", `watch: ${watch.id}`, "epoch: e", "sequence: 2", "key: (b, 0, /)");
      const unwatch = await connection.frame();
      frames.push(unwatch);
      connection.succeed(unwatch);
      await connection.answerAll();
    },
    async (orbit) => {
      const users = [];
      for await (const notice of orbit.watch("*, *, /", { state: true })) {
        users.push(`${notice.type} ${notice.key.user}`);
        if (users.length === 2) break;
      }
      assert.deepEqual(users, ["present a", "signon b"]);
      await orbit.ping();
    },
  );
  assert.equal(frames[1].value("watch"), frames[0].id);
});

test("a signal ends a watch with an error, and unwatch without one", async () => {
  await withPeer(async (connection) => {
    await connection.greet();
    for (let frame = await connection.frame(); frame; frame = await connection.frame()) {
      if (frame.action === "Watch") connection.say("Success", `id: ${frame.id}`, "epoch: e", "sequence: 0");
      else connection.succeed(frame);
    }
  }, async (orbit) => {
    const controller = new AbortController();
    const watch = orbit.watch(KEY, { signal: controller.signal });
    await watch.ready;
    const next = watch.next();
    controller.abort();
    await assert.rejects(next, Aborted);
    await assert.rejects(orbit.watch(KEY, { signal: controller.signal }).next(), Aborted);
    const other = orbit.watch(KEY);
    await other.ready;
    const last = other.next();
    assert.equal(await orbit.unwatch(other), undefined);
    assert.ok((await last).done);
  });
});
