import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { jsonBody, rawBody } from "../../../node/body.js";
import { InvalidBody, InvalidRecipient } from "../../../node/errors.js";
import { ConnectionKey, Pattern } from "../../../node/key.js";
import { Receipt, Unreached } from "../../../node/receipt.js";
import { readRecipients } from "../../../node/recipients.js";

test("a key is written as it is read, and its location may hold more commas", () => {
  const key = ConnectionKey.parse("Zoë, a,b, /x, y");
  assert.deepEqual([key.user, key.session, key.location], ["Zoë", "a,b", "/x, y"]);
  assert.equal(`${key}`, "Zoë, a,b, /x, y");
  assert.equal(JSON.stringify({ key }), '{"key":"Zoë, a,b, /x, y"}');
});

test("keys are the same if their parts are, and can't be changed", () => {
  const key = new ConnectionKey("u", "0", "/x");
  assert.ok(key.equals(ConnectionKey.parse("u, 0, /x")));
  assert.ok(!key.equals(ConnectionKey.parse("u, 0, /X")));
  assert.throws(() => key.user = "v", TypeError);
});

test("an error names the part of the key that is wrong", () => {
  for (
    const [parts, what] of [
      [["", "0", "/x"], /user is empty/],
      [["a, b", "0", "/x"], /user "a, b" holds ", "/],
      [["u", "\x7f", "/x"], /session holds a control character/],
      [["u", "0", "x"], /location "x" does not start with "\/"/],
      [["u", "0", "/\ud800"], /location holds a lone surrogate/],
      [["u", 0, "/x"], /session must be a string, not number/],
    ]
  ) {
    assert.throws(
      () => new ConnectionKey(...parts),
      (error) => error instanceof InvalidRecipient && what.test(error.message) && error.recipient[0] === parts[0],
    );
  }
});

test("a pattern stands for whole fields", () => {
  const pattern = new Pattern("*", "0", "/x");
  assert.ok(pattern.matches(ConnectionKey.parse("a, 0, /x")));
  assert.ok(!pattern.matches(ConnectionKey.parse("a, 1, /x")));
  assert.ok(!pattern.matches(ConnectionKey.parse("a, 0, /x/y")));
  assert.ok(new Pattern("*", "*", "*").matches(ConnectionKey.parse("a, 0, /x")));
  assert.throws(() => new Pattern("a", "0", "*x"), InvalidRecipient);
});

test("recipients may be given in any form, and count once", () => {
  const given = new Set(["a, 0, /x", new ConnectionKey("a", "0", "/x"), { user: "a", session: "0", location: "/x" }]);
  assert.deepEqual(readRecipients(given).map(String), ["a, 0, /x"]);
  const [one, two] = readRecipients(["*, 0, /x", { user: "a", session: "0", location: "*" }]);
  assert.ok(one instanceof Pattern && two instanceof Pattern);
  assert.ok(!(readRecipients("**, a*, /*")[0] instanceof Pattern));
  assert.deepEqual(readRecipients([]), []);
});

test("a key of Orbit 1.0 that Orbit 1.1 would take for a pattern is refused", () => {
  assert.throws(() => readRecipients(new ConnectionKey("*", "0", "/x")), InvalidRecipient);
});

test("JSON is written compact, with each character as itself", () => {
  assert.equal(jsonBody({ a: ["é", "\u2028", null, true, 1.5] }).toString(), '{"a":["é","\u2028",null,true,1.5]}');
  assert.equal(jsonBody({ toJSON: () => "x" }).toString(), '"x"');
  assert.equal(jsonBody("\\ud800").toString(), '"\\\\ud800"');
});

test("what JSON has no form for is refused, wherever it is", () => {
  for (const value of [undefined, () => {}, Symbol("x"), NaN, [-Infinity], 1n, "\udc00", { a: "x\ud800" }]) {
    assert.throws(() => jsonBody(value), InvalidBody);
  }
});

test("raw bytes are copied", () => {
  const bytes = Uint8Array.of(1, 2, 3).subarray(1);
  const body = rawBody(bytes);
  bytes[0] = 9;
  assert.deepEqual(body, Buffer.of(2, 3));
});

test("a receipt is good if nobody is unreached", () => {
  assert.ok(new Receipt("1", 2).ok);
  const receipt = new Receipt("1", 2, [new Unreached(ConnectionKey.parse("a, 0, /x"), 305, "unconfirmed")]);
  assert.ok(!receipt.ok);
  assert.equal(String(receipt.unreached[0]), "a, 0, /x (305 unconfirmed)");
});
