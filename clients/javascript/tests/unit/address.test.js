import assert from "node:assert/strict";
import { test } from "node:test";
import { Address } from "../../src/address.js";

const PAGE = "https://shop.example/basket?x=1#y";
const of = (options, page = PAGE) => new Address({ user: "zoë", location: "/chat", ...options }, page);

test("a server is the page's origin if nothing else is said", () => {
  assert.equal(of({})._of("sse", null), "https://shop.example/chat?user=zo%C3%AB&session=0&transport=sse");
  assert.equal(of({})._foreign, false);
});

test("a server may be anywhere, also below a path", () => {
  const address = of({ url: "https://push.example:8443/orbited/", session: "7" });
  assert.equal(
    address._of("ws", null),
    "https://push.example:8443/orbited/chat?user=zo%C3%AB&session=7&transport=ws",
  );
  assert.equal(address._foreign, true);
  assert.equal(address._origin, "https://push.example:8443");
});

test("cursor and token are fields", () => {
  const address = of({ token: "a+b" });
  assert.match(address._of("poll", "9f-1"), /&token=a%2Bb&transport=poll&last=9f-1$/);
  assert.match(address._ack("9f-1"), /\/chat\?user=zo%C3%AB&session=0&token=a%2Bb&ack=9f-1$/);
});

test("names can't leave their place", () => {
  const url = of({ user: "a&b=c", location: "/a b/c?d#e+f" })._of("sse", null);
  assert.equal(url, "https://shop.example/a%20b/c%3Fd%23e%2Bf?user=a%26b%3Dc&session=0&transport=sse");
});

test("a location without its slash gets one", () => {
  assert.equal(of({ location: "chat" })._key, of({})._key);
});

test("keys are the same for the same connection key alone", () => {
  const keys = [
    of({}),
    of({ session: "1" }),
    of({ user: "x" }),
    of({ location: "/x" }),
    of({ url: "https://a.example" }),
  ];
  assert.equal(new Set(keys.map(({ _key }) => _key)).size, keys.length);
  assert.equal(of({ token: "1" })._key, of({ token: "2" })._key);
});

test("a connection needs a user and a location", () => {
  for (const options of [{ user: "" }, { user: undefined }, { location: "" }]) {
    assert.throws(() => of(options), new TypeError("A connection needs a user and a location."));
  }
});
