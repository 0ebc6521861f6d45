import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import { test } from "node:test";
import { DEFAULT_LIMITS } from "../../../node/limits.js";
import { ReplyDecoder } from "../../../node/reply-decoder.js";
import { bytesOf, cuttings, joined, vectorsOf } from "../support/vectors.js";

const VECTORS = [
  ...vectorsOf("replies").map((vector) => ({ ...vector, old: true })),
  ...vectorsOf("replies-1.1"),
];

/** What comes out of the decoder, written as the vectors of Orbit 1.1 do. */
function decoded(pieces) {
  const decoder = new ReplyDecoder();
  const told = pieces.flatMap((piece) => decoder.feed(piece)).map(written);
  if (decoder.failure) told.push({ violation: true });
  return told;
}

function written(told) {
  if ("notice" in told) {
    const { type, key, ...rest } = told.notice;
    return { [type]: { watch: told.watch, ...rest, key: String(key) } };
  }
  const { success, message, codeName: _, recipients, unreached, body, ...rest } = told.reply;
  const fields = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  if (success) return { success: body === undefined ? fields : { ...fields, body: body.toString("hex") } };
  if (recipients.length > 0) fields.recipients = recipients.map(String);
  if (unreached.length > 0) {
    fields.unreached = unreached.map(({ key, code, name }) => ({ code, name, key: String(key) }));
  }
  return { failure: { ...fields, message } };
}

/** What a vector expects, in the same form; the vectors of Orbit 1.0 do not name headers that it does not know. */
function expected(vector, got) {
  return vector.expect.map((one, at) => {
    if ("violation" in one) return { violation: true };
    if (one.success?.body) return { success: { ...one.success, body: bytesOf(one.success.body).toString("hex") } };
    if (!vector.old) return one;
    const reached = got[at]?.success?.reached ?? got[at]?.failure?.reached;
    const more = reached === undefined ? {} : { reached };
    if (one.success) return { success: { ...one.success, ...more } };
    const { recipients, ...rest } = one.failure;
    return { failure: recipients.length > 0 ? { ...rest, ...more, recipients } : { ...rest, ...more } };
  });
}

test("there are vectors of both versions", () => {
  assert.ok(VECTORS.some((vector) => vector.old));
  assert.ok(VECTORS.some((vector) => !vector.old));
});

for (const [seed, vector] of VECTORS.entries()) {
  test(`replies: ${vector.id} [${vector.requirements}]`, () => {
    for (const [how, pieces] of cuttings(joined(vector.input), seed)) {
      const got = decoded(pieces);
      assert.deepEqual(got, expected(vector, got), how);
    }
  });
}

test("what comes before a violation is told, and nothing after it", () => {
  const decoder = new ReplyDecoder();
  assert.equal(
    decoder.feed(Buffer.from("Success\r\nid: 7\r\n\r\nHTTP/1.1 400\r\n\r\nSuccess\r\nid: 8\r\n\r\n")).length,
    1,
  );
  assert.equal(decoder.failure.violation, "word");
  assert.deepEqual(decoder.feed(Buffer.from("Success\r\nid: 9\r\n\r\n")), []);
});

test("a line may be as long as the longest key makes it, and no line is endless", () => {
  const key = `u, 0, /${"x".repeat(8192 - "recipient: u, 0, /".length)}`;
  const decoder = new ReplyDecoder();
  const [told] = decoder.feed(Buffer.from(`Failure\r\nid: 1\r\nunreached: 305 unconfirmed (${key})\r\n\r\n`));
  assert.equal(String(told.reply.unreached[0].key), key);
  decoder.feed(Buffer.alloc(9000, "x"));
  assert.equal(decoder.failure.violation, "line");
});

test("a body that would make a reply too large is refused when its length is told", () => {
  const decoder = new ReplyDecoder({ ...DEFAULT_LIMITS, reply: 100 });
  assert.equal(decoder.feed(Buffer.from(`Success\r\nid: 7\r\nlength: 60\r\n\r\n${"x".repeat(60)}`)).length, 1);
  assert.deepEqual(decoder.feed(Buffer.from("Success\r\nid: 8\r\nlength: 99\r\n\r\n")), []);
  assert.equal(decoder.failure.violation, "size");
});

test("a reply with too many lines is refused", () => {
  const decoder = new ReplyDecoder({ ...DEFAULT_LIMITS, reply: 1000 });
  decoder.feed(Buffer.from(`Success\r\nid: 7\r\n${"a: b\r\n".repeat(1000)}`));
  assert.equal(decoder.failure.violation, "size");
});

test("a large body that comes byte by byte takes time in proportion to its size", () => {
  const time = (size) => {
    const decoder = new ReplyDecoder();
    const byte = Buffer.from("x");
    const begin = process.cpuUsage().user;
    decoder.feed(Buffer.from(`Success\r\nid: 7\r\nlength: ${size}\r\n\r\n`));
    for (let at = 1; at < size; at++) decoder.feed(byte);
    assert.equal(decoder.feed(byte)[0].reply.body.length, size);
    return process.cpuUsage().user - begin;
  };
  const best = (size) => Math.min(time(size), time(size), time(size));
  const [small, large] = [best(200_000), best(3_200_000)];
  assert.ok(large < 16 * 6 * small, `16 times the bytes took ${(large / small).toFixed(1)} times as long`);
});
