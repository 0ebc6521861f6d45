import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../../../node/index.js";
import { ConnectFailed, ConnectionLost, ProtocolError, Timeout } from "../../../node/errors.js";
import { refusedPort } from "../support/peer.js";
import { after, answering, KEY, withPeer } from "../support/client.js";

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
