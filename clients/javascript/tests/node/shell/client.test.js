import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { Client } from "../../../node/index.js";
import {
  InvalidBody,
  InvalidRecipient,
  InvalidValue,
  LimitExceeded,
  UnsupportedVersion,
} from "../../../node/errors.js";
import { refusedPort } from "../support/peer.js";
import { after, answering, KEY, withPeer } from "../support/client.js";

test("an event has the bytes of the specification, and its receipt comes back", async () => {
  const seen = [];
  await withPeer(
    async (connection) => {
      await connection.greet();
      const frame = await connection.frame();
      seen.push(frame);
      connection.succeed(frame);
      await connection.end();
    },
    async (orbit) => {
      const receipt = await orbit.event(["Zoë, 0, /日本", { user: "*", session: "*", location: "/x" }], { a: "é😀" }, {
        ttl: 3,
        ack: "browser",
      });
      assert.deepEqual([receipt.ok, receipt.reached, receipt.id], [true, 1, seen[0].id]);
    },
  );
  assert.deepEqual(seen[0].lines, [
    "Orbit 1.1",
    "Event",
    `id: ${seen[0].id}`,
    "recipient: Zoë, 0, /日本",
    "recipient: *, *, /x",
    "ack: browser",
    "ttl: 3",
    "length: 14",
  ]);
  assert.equal(seen[0].body.toString(), '{"a":"é😀"}');
});

test("bodies are JSON unless they are not", async () => {
  const bodies = [];
  await withPeer(
    async (connection) => {
      await connection.greet();
      for (let frame = await connection.frame(); frame; frame = await connection.frame()) {
        bodies.push(frame.body.toString("latin1"));
        connection.succeed(frame);
      }
    },
    async (orbit) => {
      const bytes = Uint8Array.of(0xff, 0, 0x0a);
      const sending = [
        orbit.event(KEY, "text"),
        orbit.event(KEY, "<b>", { json: false }),
        orbit.event(KEY, bytes, { json: false }),
        orbit.event(KEY, new DataView(bytes.buffer, 1, 1), { json: false }),
        orbit.event(KEY, bytes.buffer, { json: false }),
      ];
      bytes.fill(1);
      await Promise.all(sending);
    },
  );
  assert.deepEqual(bodies, ['"text"', "<b>", "\xff\0\n", "\0", "\xff\0\n"]);
});

test("what can't be sent is refused before anything is", async () => {
  const orbit = new Client({ port: await refusedPort() });
  const circle = {};
  circle.circle = circle;
  for (
    const [call, error] of [
      [() => orbit.event("u, 0", 1), InvalidRecipient],
      [() => orbit.event(["u", "0", "/x"], 1), InvalidRecipient],
      [() => orbit.event([KEY, null], 1), InvalidRecipient],
      [() => orbit.event(undefined, 1), InvalidRecipient],
      [() => orbit.event(Buffer.from(KEY), 1), InvalidRecipient],
      [() => orbit.event(KEY, undefined), InvalidBody],
      [() => orbit.event(KEY, NaN), InvalidBody],
      [() => orbit.event(KEY, { a: [Infinity] }), InvalidBody],
      [() => orbit.event(KEY, circle), InvalidBody],
      [() => orbit.event(KEY, 1n), InvalidBody],
      [() => orbit.event(KEY, { "\ud800": 1 }), InvalidBody],
      [() => orbit.event(KEY, "\ud800", { json: false }), InvalidBody],
      [() => orbit.event(KEY, 7, { json: false }), InvalidBody],
      [() => orbit.event(KEY, 1, { ttl: 1.5 }), InvalidValue],
      [() => orbit.event(KEY, 1, { ack: "read" }), InvalidValue],
      [() => orbit.event(KEY, "x".repeat(1_048_575)), LimitExceeded],
      [() => orbit.event(KEY, 1, { timeout: -1 }), RangeError],
      [() => orbit.list(KEY, { limit: 0 }), InvalidValue],
      [() => orbit.close(KEY, { reason: "a\nb" }), InvalidValue],
      [() => orbit.auth(7), TypeError],
      [async () => await orbit.watch("u"), InvalidRecipient],
      [async () => await orbit.watch(KEY, { since: { epoch: "é", sequence: 1 } }), InvalidValue],
    ]
  ) {
    await assert.rejects(call, (thrown) => thrown instanceof error && !thrown.maybeDelivered, String(call));
  }
  assert.throws(() => new Client({ port: 0 }), RangeError);
  assert.throws(() => new Client({ whenFull: "panic" }), RangeError);
  assert.throws(() => new Client({ idPrefix: "a\n" }), RangeError);
});

test("many events are under way at once, in order, and their replies come in any", async () => {
  const COUNT = 3_000;
  await withPeer(
    after(COUNT, async (connection, frames) => {
      assert.deepEqual(frames.map(({ body }) => Number(body)), Array.from({ length: COUNT }, (_, at) => at));
      for (const { id } of frames.reverse()) connection.say("Success", `id: ${id}`, "reached: 1");
      await connection.end();
    }),
    async (orbit) => {
      const receipts = await Promise.all(Array.from({ length: COUNT }, (_, at) => orbit.event(KEY, at)));
      assert.equal(new Set(receipts.map(({ id }) => id)).size, COUNT);
    },
  );
});

test("replies may be cut anywhere and merged", async () => {
  await withPeer(
    after(3, async (connection, [one, two, three]) => {
      const reply = `Failure\r\nid: ${one.id}\r\nmsg: Failed to reach one or more recipients\r\nreached: 0\r\n` +
        `unreached: 301 unreachable (${KEY})\r\n\r\n` +
        `Success\r\nid: ${two.id}\r\nreached: 1\r\n\r\nSuccess\r\nid: ${three.id}\r\n`;
      for (const byte of Buffer.from(reply)) {
        connection.send(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      connection.send("reached: 2\r\n\r\n");
      await connection.end();
    }),
    async (orbit) => {
      const [one, two, three] = await Promise.all([1, 2, 3].map((body) => orbit.event(KEY, body)));
      assert.deepEqual(one.unreached.map(String), ["u, 0, /x (301 unreachable)"]);
      assert.deepEqual([one.ok, two.ok, three.reached], [false, true, 2]);
    },
  );
});

test("disconnect waits for the replies, and the client can be used again", async () => {
  await withPeer(answering, async (orbit, peer) => {
    const event = orbit.event(KEY, 1);
    await orbit.disconnect();
    assert.ok((await event).ok);
    assert.equal(orbit.connected, false);
    assert.ok((await orbit.event(KEY, 2)).ok);
    assert.equal(peer.connections, 2);
  });
});

test("disconnect closes the connection also if what it waited for can't be sent", async () => {
  let ended = false;
  const orbit10 = async (connection) => {
    const { id } = await connection.frame();
    connection.say("Failure", `id: ${id}`, "msg: The action is not Event", "code: 102 bad_action");
    await connection.end();
    ended = true;
  };
  await withPeer(orbit10, async (orbit) => {
    await orbit.connect();
    const refused = assert.rejects(orbit.ping(), UnsupportedVersion);
    await orbit.disconnect();
    await refused;
    while (!ended) await new Promise((resolve) => setImmediate(resolve));
  });
});

test("an auth is shown again on the next connection", async () => {
  const secrets = [];
  const recording = async (connection) => {
    for (let frame = await connection.frame(); frame; frame = await connection.frame()) {
      if (frame.action === "Auth") secrets.push(frame.body.toString());
      connection.succeed(frame);
    }
  };
  await withPeer(recording, async (orbit) => {
    await orbit.connect();
    await orbit.auth("sesame");
    await orbit.disconnect();
    await orbit.ping();
  });
  assert.deepEqual(secrets, ["sesame", "sesame"]);
});

test("ids begin as the client is told", async () => {
  await withPeer(answering, async (orbit) => {
    assert.match((await orbit.event(KEY, 1)).id, /^web1\/\d+$/);
  }, { idPrefix: "web1/" });
});

test("the ids of two clients differ", async () => {
  const ids = [];
  for (let at = 0; at < 2; at++) {
    await withPeer(answering, async (orbit) => ids.push((await orbit.event(KEY, 1)).id));
  }
  assert.match(ids[0], /^[0-9a-f]{10}-2$/);
  assert.notEqual(ids[0], ids[1]);
});

test("a server of Orbit 1.0 gets plain events, and nothing else", async () => {
  await withPeer(async (connection) => {
    for (let frame = await connection.frame(); frame; frame = await connection.frame()) {
      if (frame.version === "Orbit 1.0" && frame.action === "Event") connection.say("Success", `id: ${frame.id}`);
      else connection.say("Failure", `id: ${frame.id}`, "msg: No", "code: 102 bad_action");
    }
  }, async (orbit) => {
    assert.equal((await orbit.event([KEY, "v, 0, /x"], 1)).reached, 2);
    // Which is what Orbit 1.0 does.
    assert.ok((await orbit.event(KEY, 1, { ack: "written" })).ok);
    for (
      const call of [
        () => orbit.event(KEY, 1, { ack: "browser" }),
        () => orbit.event(KEY, 1, { ttl: 0 }),
        () => orbit.event("*, *, /x", 1),
        () => orbit.ping(),
        () => orbit.watch(KEY).ready,
      ]
    ) await assert.rejects(call, (error) => error instanceof UnsupportedVersion && error.code === 102, String(call));
  });
});
