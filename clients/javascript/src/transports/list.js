import { iframe } from "./iframe.js";
import { jsonp } from "./jsonp.js";
import { ndjson } from "./ndjson.js";
import { poll } from "./poll.js";
import { sse } from "./sse.js";
import { ws } from "./ws.js";
import { xhr } from "./xhr.js";
import { xhr_stream } from "./xhr_stream.js";

/**
 * All transports, best first; `xhr` only for those who ask for it.
 * @type {Record<string, import("./call.js").Transport>}
 */
export const transports = { ws, sse, ndjson, poll, xhr_stream, iframe, jsonp, xhr };

const OLD_NAMES = new Map([
  ["server_sent_events", "sse"],
  ["stream", "xhr_stream"],
  ["xhr_multipart", "xhr_stream"],
  ["htmlfile", "iframe"],
]);

/**
 * The transports to use.
 * @param {readonly string[] | undefined} names What the page asks for, also by old names; otherwise all but `xhr`.
 * @param {import("../world.js").World} world
 * @returns {string[]} Those of them that can work here, best first.
 */
export function usable(names, world) {
  const asked = names ? names.map((name) => OLD_NAMES.get(name) || name) : Object.keys(transports).slice(0, -1);
  asked.forEach((name) => {
    if (!Object.prototype.hasOwnProperty.call(transports, name)) {
      throw new TypeError(`There is no transport ${name}.`);
    }
  });
  const found = asked.filter((name) => transports[name]._usable(world));
  if (!found[0]) throw new TypeError("This browser has none of the transports.");
  return found;
}

export const polls = Object.keys(transports).filter((name) => transports[name]._poll);
