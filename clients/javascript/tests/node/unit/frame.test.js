import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { InvalidRecipient, InvalidValue, LimitExceeded } from "../../../node/errors.js";
import {
  authFrame,
  closeFrame,
  eventFrame,
  listFrame,
  pingFrame,
  unwatchFrame,
  watchFrame,
} from "../../../node/frame.js";
import { ConnectionKey } from "../../../node/key.js";
import { DEFAULT_LIMITS } from "../../../node/limits.js";
import { readRecipient } from "../../../node/recipients.js";
import { bytesOf, joined, vectorsOf } from "../support/vectors.js";

const ERRORS = {
  bad_key: InvalidRecipient,
  bad_id: InvalidValue,
  bad_value: InvalidValue,
  missing_header: InvalidValue,
};

function encoded({ action, version, id, recipients = [], body, secret, ...options }) {
  const keys = recipients.map((one) => version === "1.1" ? readRecipient(one) : keyOf(one));
  const frame = () => {
    switch (action) {
      case "Event":
        return eventFrame(keys, bytesOf(body), options);
      case "Auth":
        return authFrame(bytesOf(secret));
      case "Ping":
        return pingFrame();
      case "Watch":
        return watchFrame(keys[0], options);
      case "Unwatch":
        return unwatchFrame(options.watch);
      case "List":
        return listFrame(keys, options);
      case "Close":
        return closeFrame(keys, options);
    }
  };
  return frame().encode(`Orbit ${version}`, id);
}

/** In Orbit 1.0 `*` has no meaning. */
function keyOf(one) {
  return typeof one === "string" ? ConnectionKey.parse(one) : new ConnectionKey(one.user, one.session, one.location);
}

for (const vector of vectorsOf("frames")) {
  const { action, recipients } = vector.call;
  const skip = action === "Watch" && recipients.length !== 1 &&
    "a watch is given one recipient: no other number can be said";
  test(`frames: ${vector.id} [${vector.requirements}]`, { skip }, () => {
    if (vector.error) {
      assert.ok(vector.error in ERRORS, vector.error);
      assert.throws(() => encoded(vector.call), ERRORS[vector.error]);
    } else {
      assert.equal(encoded(vector.call).toString("latin1"), joined(vector.bytes).toString("latin1"));
    }
  });
}

const KEY = new ConnectionKey("u", "0", "/x");

test("what is exactly at a limit is allowed, and one more is not", () => {
  const limits = { ...DEFAULT_LIMITS, body: 10, recipients: 2, line: 30, head: 340 };
  const key = (location) => new ConnectionKey("u", "0", location);
  const limit = (name, make) => {
    assert.throws(make, (error) => error instanceof LimitExceeded && error.limit === name && !error.retriable);
  };
  eventFrame([KEY, KEY], Buffer.alloc(10), {}, limits);
  limit("body", () => eventFrame([KEY], Buffer.alloc(11), {}, limits));
  limit("recipients", () => listFrame([KEY, KEY, KEY], {}, limits));
  const longest = `/${"é".repeat(6)}`;
  const lineOf = (location) => Buffer.byteLength(`recipient: u, 0, ${location}`);
  assert.equal(lineOf(longest), 30);
  watchFrame(key(longest), {}, limits);
  limit("line", () => watchFrame(key(`${longest}x`), {}, limits));
  limit("head", () => closeFrame([KEY, KEY], { reason: "x".repeat(20) }, limits));
});

test("only what Orbit 1.0 does not know needs Orbit 1.1", () => {
  assert.equal(eventFrame([KEY], Buffer.alloc(0)).needs11, false);
  assert.equal(eventFrame([KEY], Buffer.alloc(0), { ttl: 1 }).needs11, true);
  assert.equal(eventFrame([readRecipient("*, 0, /x")], Buffer.alloc(0)).needs11, true);
  assert.equal(pingFrame().needs11, true);
});
