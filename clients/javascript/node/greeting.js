import { Call } from "./call.js";
import { AUTH_REQUIRED, BAD_ACTION } from "./codes.js";
import { RefusedError } from "./errors.js";
import { authFrame, pingFrame } from "./frame.js";

/** @typedef {import("node:buffer").Buffer} Buffer */

/**
 * The call with which a connection begins: an `Auth`, or a `Ping`. Its answer tells whether the server speaks
 * Orbit 1.1.
 * @param {Buffer | undefined} secret
 * @param {Readonly<import("./limits.js").Limits>} limits
 */
export function greeting(secret, limits) {
  return new Call(secret ? authFrame(secret, limits) : pingFrame(), "done");
}

/**
 * What the answer to the greeting means.
 * @param {import("./protocol.js").Value | RefusedError} value
 * @param {import("./frame.js").Frame} frame What was answered, which need not be what would be sent now.
 * @returns {"welcome" | "old" | RefusedError} The server lets the connection in; so does it, and speaks Orbit 1.0 only;
 *   it does not.
 */
export function meaningOf(value, frame) {
  if (!(value instanceof RefusedError)) return "welcome";
  if (value.code === BAD_ACTION) return "old";
  // Without a secret each call is told that it needs one.
  return value.code === AUTH_REQUIRED && frame.action === "Ping" ? "welcome" : value;
}
