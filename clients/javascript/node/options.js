import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { DEFAULT_LIMITS } from "./limits.js";
import { hasControlCharacter, hasLoneSurrogate } from "./text.js";

/**
 * Times are in ms.
 * @typedef {object} ClientOptions
 * @property {string} [host] The server's name or address. Default "localhost".
 * @property {number} [port] Its control port (`op.port`). Default 9000.
 * @property {boolean | object} [tls] `true`, or options of Node's `tls.connect`. Default: no TLS. The server's
 *   certificate must be good for `host`, unless the options say otherwise.
 * @property {string | Uint8Array} [secret] The server's secret (`op.secret`). Default: none.
 * @property {number} [timeout] How long each call may take as a whole. Infinity: for ever. Default 60,000.
 * @property {number} [connectTimeout] How long an attempt to connect may take, and the server's answer to the first
 *   frame, or to a sign of life that it is asked for. Default 10,000.
 * @property {number} [heartbeat] After how long without a sign of life the server is asked for one, while something is
 *   awaited. Default 30,000.
 * @property {number} [queue] How many calls may wait to be sent: for a connection, or behind as many as
 *   `limits` lets be in flight. Default 1,000.
 * @property {import("./queue.js").WhenFull} [whenFull] What is done with one more. Default "wait".
 * @property {string} [idPrefix] How the ids of this client begin, up to 100 bytes; so `missed` can tell the publishers
 *   of one server apart. Default: one that nobody else has.
 * @property {Partial<import("./limits.js").Limits>} [limits] Where the server's are not the defaults.
 */

const POLICIES = ["wait", "fail", "drop_oldest"];

/**
 * Complete a client's options.
 * @param {ClientOptions} given
 * @throws {RangeError | TypeError} One is not what it may be.
 */
export function readOptions(given) {
  const { host = "localhost", port = 9000, tls = false, secret, queue = 1000, whenFull = "wait" } = given;
  const { timeout = 60000, connectTimeout = 10000, heartbeat = 30000, idPrefix = newPrefix() } = given;
  if (typeof host !== "string" || host === "") throw new TypeError("host is a name or an address");
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`port is from 1 to 65535, not ${port}`);
  if (!Number.isInteger(queue) || queue < 0) throw new RangeError(`queue is a number of calls, not ${queue}`);
  if (!POLICIES.includes(whenFull)) throw new RangeError(`whenFull is one of ${POLICIES.join(", ")}, not ${whenFull}`);
  if (hasControlCharacter(idPrefix) || hasLoneSurrogate(idPrefix) || Buffer.byteLength(idPrefix) > 100) {
    throw new RangeError("idPrefix is text of up to 100 bytes in one line");
  }
  return {
    place: { host, port, tls: tls === true ? {} : tls || undefined },
    server: `${host}:${port}`,
    secret,
    timeout: readTime("timeout", timeout),
    connectTimeout: readTime("connectTimeout", connectTimeout),
    heartbeat: readTime("heartbeat", heartbeat),
    queue,
    whenFull,
    idPrefix,
    limits: Object.freeze({ ...DEFAULT_LIMITS, ...given.limits }),
  };
}

/** 40 random bits, and what parts them from a number. */
function newPrefix() {
  return `${randomBytes(5).toString("hex")}-`;
}

/**
 * @param {string} name
 * @param {number} time In ms; Infinity: for ever.
 * @returns {number}
 * @throws {RangeError}
 */
export function readTime(name, time) {
  if (typeof time === "number" && time >= 0) return time;
  throw new RangeError(`${name} is a time in ms from 0 to Infinity, not ${time}`);
}
