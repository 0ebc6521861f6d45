import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { Client } from "../../../node/index.js";
import {
  Aborted,
  ConnectFailed,
  ConnectionLost,
  InvalidBody,
  InvalidRecipient,
  InvalidValue,
  LimitExceeded,
  ProtocolError,
  Timeout,
  UnsupportedVersion,
} from "../../../node/errors.js";
import { refusedPort, ScriptedPeer } from "../support/peer.js";
import { within } from "../support/within.js";

const KEY = "u, 0, /x";

/** Run a client against a peer with these scripts. */
function withPeer(scripts, body, options = {}) {
  return ScriptedPeer.run([scripts].flat(), async (peer) => {
    const orbit = new Client({ host: "127.0.0.1", port: peer.port, ...options });
    try {
      await within(body(orbit, peer), "the end of the test");
    } finally {
      await orbit.disconnect({ timeout: 0 });
    }
  });
}

const answering = async (connection) => await connection.answerAll();

/** A peer that takes so many events after the greeting, and then does something. */
const after = (count, then) => async (connection) => {
  await connection.greet();
  const frames = [];
  for (let at = 0; at < count; at++) frames.push(await connection.frame());
  await then(connection, frames);
};

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

for (
  const [how, end] of Object.entries({
    "a reset": (connection) => connection.socket.resetAndDestroy(),
    "a half-close": (connection) => connection.socket.end(),
    "a reply that is cut": (connection) => connection.socket.end("Success\r\nid: 2\r\nrea"),
  })
) {
  test(`${how} before the reply leaves the fate open, and the next call goes on`, async () => {
    const losing = after(1, async (connection) => {
      end(connection);
      await connection.end();
    });
    await withPeer([losing, answering], async (orbit) => {
      await assert.rejects(
        orbit.event(KEY, 1),
        (error) => error instanceof ConnectionLost && error.maybeDelivered && !error.safeToRetry,
      );
      assert.ok((await orbit.event(KEY, 2)).ok);
    });
  });
}

test("with retry the event is sent again", async () => {
  const losing = after(1, (connection) => Promise.resolve(connection.socket.resetAndDestroy()));
  await withPeer([losing, losing, answering], async (orbit, peer) => {
    assert.ok((await orbit.event(KEY, 1, { retry: true })).ok);
    assert.equal(peer.connections, 3);
  });
});

for (
  const [what, bytes] of Object.entries({
    "a web server": "HTTP/1.1 400 Bad Request\r\n\r\n",
    "a reply to a wrong id": "Success\r\nid: 77\r\n\r\n",
    "an endless line": "x".repeat(20_000),
    "a body that is too large": "Success\r\nid: 2\r\nlength: 999999999\r\n\r\n",
  })
) {
  test(`${what} is no Orbit, and the call ends at once`, async () => {
    const scripts = after(1, async (connection) => {
      connection.send(bytes);
      await connection.end();
    });
    await withPeer(scripts, async (orbit) => {
      await assert.rejects(orbit.event(KEY, 1), (error) => error instanceof ProtocolError && error.maybeDelivered);
    });
  });
}

test("a server that nobody runs fails a connect at once, and an event when its time is over", async () => {
  const orbit = new Client({ host: "127.0.0.1", port: await refusedPort() });
  await assert.rejects(
    orbit.connect(),
    (error) => error instanceof ConnectFailed && /ECONNREFUSED/.test(error.message),
  );
  await assert.rejects(
    orbit.event(KEY, 1, { timeout: 50 }),
    (error) => error instanceof Timeout && error.safeToRetry && /ECONNREFUSED/.test(error.message),
  );
  await orbit.disconnect();
});

test("a host that does not exist is told by its name", async () => {
  const orbit = new Client({ host: "no-such-host.invalid" });
  await assert.rejects(
    orbit.connect(),
    (error) => error instanceof ConnectFailed && /no-such-host/.test(error.message),
  );
});

test("a server that says nothing is not waited for longer than allowed", async () => {
  const silent = async (connection) => await connection.end();
  await withPeer(silent, async (orbit) => {
    await assert.rejects(orbit.connect(), (error) => error instanceof ConnectFailed && error.safeToRetry);
  }, { connectTimeout: 50 });
  await withPeer(after(1, (connection) => connection.end()), async (orbit) => {
    await assert.rejects(
      orbit.event(KEY, 1, { timeout: 50 }),
      (error) => error instanceof Timeout && error.maybeDelivered,
    );
  });
});

test("a server that dies in silence is found out", async () => {
  await withPeer([after(1, (connection) => connection.end()), answering], async (orbit) => {
    await assert.rejects(
      orbit.event(KEY, 1),
      (error) => error instanceof ConnectionLost && /sign of life/.test(error.message),
    );
    assert.ok((await orbit.event(KEY, 2)).ok);
  }, { heartbeat: 50, connectTimeout: 200 });
});

test("an AbortSignal ends a call before it begins, while it waits and while it is under way", async () => {
  await withPeer(after(2, (connection) => connection.answerAll()), async (orbit) => {
    const reason = new Error("enough");
    await assert.rejects(
      orbit.event(KEY, 1, { signal: AbortSignal.abort(reason) }),
      (error) => error instanceof Aborted && error.name === "AbortError" && error.cause === reason && error.safeToRetry,
    );
    const waiting = new AbortController();
    const event = orbit.event(KEY, 2, { signal: waiting.signal });
    waiting.abort();
    await assert.rejects(event, (error) => error instanceof Aborted && !error.maybeDelivered);
    await orbit.connect();
    await assert.rejects(
      orbit.event(KEY, 3, { signal: AbortSignal.timeout(50) }),
      (error) => error instanceof Aborted && error.maybeDelivered && /timeout/.test(error.message),
    );
    const under = new AbortController();
    const ping = orbit.ping({ signal: under.signal });
    await new Promise((resolve) => setImmediate(resolve));
    under.abort();
    await assert.rejects(ping, Aborted);
    assert.ok((await orbit.event(KEY, 4, { signal: under.signal.aborted ? undefined : under.signal })).ok);
  });
});

test("an aborted connect leaves no trace", async () => {
  await withPeer(answering, async (orbit) => {
    const controller = new AbortController();
    const connect = orbit.connect({ signal: controller.signal });
    controller.abort();
    await assert.rejects(connect, Aborted);
    await orbit.connect();
    assert.ok(orbit.connected);
  });
});

test("a server that stops reading holds the client back, and nothing is lost", async () => {
  const COUNT = 300;
  const body = "x".repeat(200_000);
  let taken = 0;
  let goOn;
  const going = new Promise((resolve) => goOn = resolve);
  await withPeer(
    async (connection) => {
      await connection.greet();
      connection.socket.pause();
      await going;
      connection.socket.resume();
      for (let frame = await connection.frame(); frame; frame = await connection.frame()) {
        taken += 1;
        connection.succeed(frame);
      }
    },
    async (orbit) => {
      await orbit.connect();
      const sending = Array.from({ length: COUNT }, () => orbit.event(KEY, body));
      // By now the client has handed over what the system takes.
      await new Promise((resolve) => setImmediate(resolve));
      goOn();
      const receipts = await Promise.all(sending);
      assert.ok(receipts.every(({ ok }) => ok));
      assert.equal(taken, COUNT);
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
