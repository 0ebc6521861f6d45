import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../src/connection.js";
import { CuttingProxy } from "../support/proxy.js";
import { Server } from "../support/server.js";
import { record, streamingWorld, until } from "../support/world.js";

const EARLY = ["é1", "é2"];
const LATE = ["é3", { four: "😀" }, 5];
const ALL = [...EARLY, ...LATE, "end"];

/**
 * One connection, of which the answer to one request is cut after some bytes.
 * @returns What the page was told, and how many bytes a whole answer has.
 */
async function cut(transport, after, request) {
  const server = await new Server().listen();
  const proxy = await new CuttingProxy(server.port).listen();
  proxy.cutAfter = after;
  proxy.cutRequest = request;
  const connection = new Connection(
    { url: proxy.url, user: "u", location: "/cuts", transports: [transport] },
    streamingWorld(),
  );
  const told = record(connection);
  try {
    // What waits for the first request of all can't be asked for again: a page that has just begun has no cursor.
    await until(() => server.current || proxy.cuts > 0);
    server.send(...EARLY);
    await until(() => proxy.cuts > 0 || told.includes("é2"));
    server.send(...LATE);
    const over = () => told.includes(5) || told.includes("gap");
    await until(over, `${transport}, cut after ${after} bytes, has all or a gap`);
    server.send("end");
    await until(() => told.includes("end"), `${transport}, cut after ${after} bytes, goes on`);
    return { told, cuts: proxy.cuts, bytes: proxy.passed };
  } finally {
    connection.close();
    await proxy.close();
    await server.close();
  }
}

/** Each event comes once and in order; if any is missing, a gap stands in its place. */
function check(told, what) {
  const rest = [...ALL];
  let gap = false;
  for (const one of told) {
    if (one === "gap") gap = true;
    if (["gap", "open", "reconnecting", "closed"].includes(one)) continue;
    const at = rest.findIndex((value) => JSON.stringify(value) === JSON.stringify(one));
    assert.ok(at >= 0, `${what}: ${JSON.stringify(one)} twice, or out of order: ${JSON.stringify(told)}`);
    assert.ok(at === 0 || gap, `${what}: events are missing without a gap: ${JSON.stringify(told)}`);
    rest.splice(0, at + 1);
    gap = false;
  }
  assert.deepEqual(rest, [], `${what}: ${JSON.stringify(told)}`);
}

const cases = [["ndjson", 1], ["sse", 1], ["poll", 1], ["poll", 2]];
for (const [transport, request] of cases) {
  test(`${transport} loses nothing silently wherever its answer ${request} is cut`, async (context) => {
    const { bytes } = await cut(transport, Infinity, request);
    let cuts = 0;
    let gaps = 0;
    const AT_ONCE = 8;
    for (let from = 0; from <= bytes; from += AT_ONCE) {
      const places = Array.from({ length: Math.min(AT_ONCE, bytes + 1 - from) }, (_, at) => from + at);
      const results = await Promise.all(places.map((after) => cut(transport, after, request)));
      results.forEach((result, at) => {
        check(result.told, `cut after ${places[at]} bytes`);
        cuts += result.cuts;
        gaps += result.told.includes("gap") ? 1 : 0;
      });
    }
    context.diagnostic(`${cuts} cuts, ${gaps} of them told as a gap`);
    // The length of a date, or of a chunk, may vary a little.
    assert.ok(cuts >= bytes - 8, `only ${cuts} cuts in ${bytes} bytes`);
  });
}
