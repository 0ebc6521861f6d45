import assert from "node:assert/strict";
import { test } from "node:test";
import { Aborted } from "../../../node/errors.js";
import { after, answering, KEY, withPeer } from "../support/client.js";

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
