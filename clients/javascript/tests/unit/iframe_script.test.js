import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

// The script that the server sends as /_/iframe.js. IFR-17 to IFR-19, IFR-30 to IFR-32
const script = readFileSync(new URL("../../../../Sources/OrbitedServer/HTTP/Files/iframe.js", import.meta.url), "utf8");

/**
 * Loads a frame in a page, and gives the frame's global.
 * @param {object} parent What the frame sees of its page.
 * @param {string} search The query of the frame's URL.
 */
function load(parent, search = "?user=m&transport=iframe") {
  const frame = /** @type {any} */ (createContext({ parent, location: { search } }));
  frame.window = frame;
  runInContext(script, frame);
  return frame;
}

/** A page of another origin: all but `postMessage` is out of reach. */
function foreignPage() {
  /** @type {[unknown, string][]} */
  const posts = [];
  const page = new Proxy({}, {
    get(_, name) {
      if (name !== "postMessage") throw new Error(`SecurityError: ${String(name)}`);
      return (/** @type {unknown} */ message, /** @type {string} */ origin) => {
        posts.push([JSON.parse(JSON.stringify(message)), origin]);
      };
    },
  });
  return { page, posts };
}

test("a page of the frame's origin attaches it, and gets what came before", () => {
  /** @type {unknown[]} */
  const got = [];
  /** @type {any[]} */
  const frames = [];
  const frame = load({ document: {}, Orbited: { attach_iframe: (/** @type {any} */ window) => frames.push(window) } });
  runInContext("e(1); p(); e({a: 2})", frame);
  frames[0].e = (/** @type {unknown} */ data) => got.push(JSON.stringify(data));
  runInContext("e(3)", frame);
  assert.equal(frames.length, 1);
  assert.deepEqual(got, ["1", '{"a":2}', "3"]);
});

test("a page of the frame's origin without the library has its function event called", () => {
  /** @type {unknown[]} */
  const got = [];
  const frame = load({ document: {}, event: (/** @type {unknown} */ data) => got.push(data) });
  runInContext("p(); e(1); e('two')", frame);
  assert.deepEqual(got, [1, "two"]);
});

test("a page of another origin gets messages, at the origin that the URL names", () => {
  const { page, posts } = foreignPage();
  const frame = load(page, "?user=m&origin=https%3A%2F%2Fpage.example%3A8443&transport=iframe");
  runInContext("e({a: [1]}); p(); e('two'); e(null)", frame);
  const origin = "https://page.example:8443";
  assert.deepEqual(posts, [
    [{}, origin],
    [{ orbited: { a: [1] } }, origin],
    [{}, origin],
    [{ orbited: "two" }, origin],
    [{ orbited: null }, origin],
  ]);
});

test("without an exact origin a page of another origin gets nothing", () => {
  const searches = [
    "?user=m",
    "?origin=",
    "?origin=*",
    "?origin=/",
    "?origin=null",
    "?origin=https://*",
    "?origin=https://a/b",
    "?xorigin=https://a",
  ];
  for (const search of searches) {
    const { page, posts } = foreignPage();
    runInContext("e(1); p(); e(2)", load(page, search));
    assert.deepEqual(posts, [], search);
  }
});
