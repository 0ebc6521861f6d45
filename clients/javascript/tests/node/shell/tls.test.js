import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Client } from "../../../node/index.js";
import { ConnectFailed } from "../../../node/errors.js";
import { ScriptedPeer } from "../support/peer.js";

const read = (name) => readFileSync(new URL(`../support/tls/${name}.pem`, import.meta.url));
/** A certificate for `localhost`, which no authority has signed. */
const IDENTITY = { key: read("key"), cert: read("certificate") };

function overTls(body) {
  return ScriptedPeer.run([(connection) => connection.answerAll()], body, IDENTITY);
}

test("over TLS everything goes as without", async () => {
  await overTls(async ({ port }) => {
    const orbit = new Client({ host: "localhost", port, tls: { ca: IDENTITY.cert }, timeout: 20_000 });
    const receipts = await Promise.all(Array.from({ length: 100 }, () => orbit.event("u, 0, /x", "x".repeat(10_000))));
    assert.ok(receipts.every(({ ok }) => ok));
    await orbit.disconnect();
  });
});

test("a certificate that nobody vouches for, or that is for another host, is not taken", async () => {
  await overTls(async ({ port }) => {
    for (
      const [options, code] of [
        [{ host: "localhost", tls: true }, "DEPTH_ZERO_SELF_SIGNED_CERT"],
        [{ host: "127.0.0.1", tls: { ca: IDENTITY.cert } }, "ERR_TLS_CERT_ALTNAME_INVALID"],
      ]
    ) {
      const orbit = new Client({ port, ...options });
      await assert.rejects(orbit.connect(), (error) => error instanceof ConnectFailed && error.cause.code === code);
    }
  });
});

test("a server without TLS is not spoken to in the clear", async () => {
  await ScriptedPeer.run([(connection) => connection.end()], async ({ port }) => {
    const orbit = new Client({ host: "localhost", port, tls: true, connectTimeout: 200 });
    await assert.rejects(orbit.connect(), ConnectFailed);
  });
});
