import assert from "node:assert/strict";
import { test } from "node:test";
import { frameDecoder, ndjsonDecoder, sseDecoder } from "../../src/decoders.js";

/** Decodes bytes that come in these pieces, as streams are decoded. */
function decode(makeDecoder, pieces) {
  const messages = [];
  const decoder = makeDecoder((message) => messages.push(message));
  const text = new TextDecoder();
  for (const piece of pieces) decoder(text.decode(piece, { stream: true }));
  return messages;
}

/** All ways to cut the bytes once, and one piece a byte. */
function* cuttings(text) {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield [...bytes].map((byte) => Uint8Array.of(byte));
}

const telling = (message) => Object.values(message).some((value) => value !== undefined);

const streams = {
  "ndjson": {
    decoder: ndjsonDecoder,
    text:
      '{"cursor":"a-1"}\n{}\n{"cursor":"a-2","data":"Zoë 😀\\n"}\n{"cursor":"a-3","gap":true}\n{"closed":"shutdown"}\n',
    messages: [
      { cursor: "a-1" },
      { cursor: "a-2", data: "Zoë 😀\n" },
      { cursor: "a-3", gap: true },
      { closed: "shutdown" },
    ],
  },
  "sse": {
    decoder: sseDecoder,
    text: 'retry: 1000\nid: a-1\n\n:\n\nid: a-2\ndata: {"a":\ndata: "é"}\n\nid: a-3\ndata: <b>😀\n\n' +
      "event: gap\nid: a-4\ndata: \n\nevent: other\ndata: 1\n\nid: a-5\ndata: \n\nevent: replaced\ndata: \n\n",
    messages: [
      { retry: 1000 },
      { cursor: "a-1" },
      { cursor: "a-2", data: { a: "é" } },
      { cursor: "a-3", data: "<b>😀" },
      { cursor: "a-4", gap: true },
      { cursor: "a-5", data: "" },
      { closed: "replaced" },
    ],
  },
  "xhr_stream": {
    decoder: frameDecoder,
    text: `${".".repeat(256)}\r\n\r\n"😀"\r\n|O|\r\n\r\n|O|\r\nping\r\n|O|\r\n|O|\r\n|O|\r\n{"a":[1]}\r\n|O|\r\n`,
    messages: [{ data: "😀" }, { data: "|O|" }, { data: { a: [1] } }],
  },
};

for (const [name, { decoder, text, messages }] of Object.entries(streams)) {
  test(`${name} means the same wherever its bytes are cut`, () => {
    let tried = 0;
    for (const pieces of cuttings(text)) {
      const plain = decode(decoder, pieces).filter(telling).map((message) => JSON.parse(JSON.stringify(message)));
      assert.deepEqual(plain, messages);
      tried += 1;
    }
    assert.ok(tried > text.length);
  });
}

test("a proxy's page is no sign of life on sse", () => {
  const page = new TextEncoder().encode("<!DOCTYPE html>\n\n<p>Please sign in: now\n\n");
  assert.deepEqual(decode(sseDecoder, [page]), []);
});

test("the heartbeat of each stream is a sign of life", () => {
  const of = (decoder, text) => decode(decoder, [new TextEncoder().encode(text)]).length;
  assert.equal(of(ndjsonDecoder, "{}\n"), 1);
  assert.equal(of(sseDecoder, ":\n\n"), 1);
  assert.equal(of(frameDecoder, "\r\n|O|\r\nping\r\n|O|\r\n"), 1);
});

test("a line that is not JSON is an error on ndjson", () => {
  assert.throws(() => decode(ndjsonDecoder, [new TextEncoder().encode("<html>\n")]), SyntaxError);
});
