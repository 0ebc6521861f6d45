import { LimitExceeded } from "./errors.js";

/**
 * How large things may be, and how many. The first four are those of the server; raise them only together with its
 * settings.
 * @typedef {object} Limits
 * @property {number} line Bytes in one line, without its end. Default 8,192 (`control.line`).
 * @property {number} recipients Recipients of one frame. Default 100,000 (`control.recipients`).
 * @property {number} body Bytes in one body. Default 1,048,576 (`control.body`).
 * @property {number} head Bytes in all lines of a frame. Default 16,777,216 (`control.head`).
 * @property {number} inFlight Calls that are sent and not yet answered; others wait in the queue. Default 5,000. It has
 *   to stay below the server's `control.in_flight`, 10,000, at which the server stops to read, a `Ping` included
 *   [CTL-88].
 * @property {number} inFlightBytes Bytes of frames that are sent and not yet answered; a larger frame goes alone.
 *   Default 16,777,216, below the server's `control.in_flight_bytes`, 67,108,864 [CTL-88].
 * @property {number} reply Bytes in one reply; one that is larger is a ProtocolError. Default 67,108,864.
 */

/** @type {Readonly<Limits>} */
export const DEFAULT_LIMITS = Object.freeze({
  line: 8192,
  recipients: 100000,
  body: 1048576,
  head: 16777216,
  inFlight: 5000,
  inFlightBytes: 16777216,
  reply: 67108864,
});

/**
 * Refuse a size beyond its limit.
 * @param {Readonly<Limits>} limits
 * @param {keyof Limits} limit
 * @param {number} value The size, in the unit of the limit.
 * @param {string} what Unit and thing for the message, such as "bytes in the body".
 * @throws {LimitExceeded}
 */
export function checkLimit(limits, limit, value, what) {
  const maximum = limits[limit];
  if (value <= maximum) return;
  throw new LimitExceeded(`${value} ${what}: at most ${maximum} are allowed`, limit, value, maximum);
}
