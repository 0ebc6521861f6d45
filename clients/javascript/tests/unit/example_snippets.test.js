import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext, Script } from "node:vm";

// What the server's example page offers to copy.
const source = readFileSync(
  new URL("../../../../Sources/OrbitedServer/HTTP/Files/snippets.js", import.meta.url),
  "utf8",
);
const context = createContext({});
runInContext(source, context);
const snippets = /** @type {any} */ (context).snippets;

const key = { user: 'Zoë\'s "</script>"', session: "7 & 8", location: "/a b/<c>" };
const query = "?user=Zo%C3%AB's%20%22%3C%2Fscript%3E%22&session=7%20%26%208&transport=";

/** The programs in a page: whether each is a module, and its text. */
function scripts(/** @type {string} */ page) {
  return [...page.matchAll(/<script( type="module")?>\n(.*?)<\/script>/gs)].map(([, isModule, text]) => ({
    isModule: Boolean(isModule),
    text,
  }));
}

for (const transport of ["", ...snippets.transports]) {
  test(`what is to be copied for ${transport || "any transport"} is a program, whatever the names`, () => {
    for (const page of [snippets.library(key, transport), snippets.plain(key, transport)]) {
      const found = scripts(page);
      assert.equal(found.length, 1);
      assert.ok(new Script(found[0].isModule ? `async () => {\n${found[0].text}}` : found[0].text));
      assert.equal(page.split("</script>").length, page.split("<script").length);
    }
  });

  test(`the URL for ${transport || "any transport"} names the key and the transport`, () => {
    const url = `/a%20b/%3Cc%3E${query}${transport || "sse"}`;
    const written = transport === "iframe" ? url.replace(/&/g, "&amp;") : url;
    assert.ok(snippets.plain(key, transport).includes(`"${written}"`));
  });
}

test("the library is told of a transport only if one was chosen", () => {
  assert.ok(!snippets.library(key, "").includes("transports"));
  assert.match(snippets.library(key, "ws"), /location: "[^"]*",\n {4}transports: \["ws"\]\n/);
});

test("the command quotes the key for a shell, and names the port if it is not the usual one", () => {
  const names = { user: "O'Neil", session: "0", location: "/chat" };
  const event = `orbited event 'O'\\''Neil, 0, /chat' '{"hello": "world"}'`;
  assert.equal(snippets.command(names, { host: null, port: null }), event);
  assert.equal(snippets.command(names, { host: "127.0.0.2", port: 9001 }), `${event} --host '127.0.0.2' --port 9001`);
});

test("the lines of Python have the key as one string", () => {
  const names = { user: 'a"b', session: "0", location: "/chat" };
  const end = 'orbit.event(["a\\"b, 0, /chat"], {"hello": "world"})';
  const begin = "from pyorbited.simple import Client\n";
  assert.equal(snippets.python(names, { host: null, port: null }), `${begin}orbit = Client()\n${end}`);
  assert.equal(
    snippets.python(names, { host: "::2", port: 9001 }),
    `${begin}orbit = Client(addr="::2", port=9001)\n${end}`,
  );
});
