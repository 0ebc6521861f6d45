import { InvalidRecipient } from "./errors.js";
import { ConnectionKey, keyOrPattern, looksLikePattern, Pattern } from "./key.js";

/**
 * One recipient: `"user, session, /location"`, an object with these three, a key or a pattern.
 * @typedef {string | { user: string, session: string, location: string } | ConnectionKey} Recipient
 */

/**
 * Read recipients in any of their forms: one of them, or any number in an iterable. One that is named twice counts
 * once [CTL-26].
 * @param {Recipient | Iterable<Recipient>} given
 * @returns {ConnectionKey[]}
 * @throws {InvalidRecipient}
 */
export function readRecipients(given) {
  if (!isSeveral(given)) return [readRecipient(given)];
  /** @type {Map<string, ConnectionKey>} */
  const found = new Map();
  for (const recipient of given) {
    const key = readRecipient(recipient);
    const text = key.toString();
    if (!found.has(text)) found.set(text, key);
  }
  return [...found.values()];
}

/**
 * @param {Recipient} given
 * @returns {ConnectionKey}
 * @throws {InvalidRecipient}
 */
export function readRecipient(given) {
  if (given instanceof Pattern) return given;
  if (given instanceof ConnectionKey) {
    if (!looksLikePattern(given)) return given;
    throw new InvalidRecipient(`"${given}" is a key that Orbit 1.1 can't name; a Pattern stands for many keys`, given);
  }
  if (typeof given === "string") return keyOrPattern(given);
  if (typeof given === "object" && given !== null && "location" in given) return keyOrPattern(given);
  const forms = 'give "user, session, /location", { user, session, location }, a ConnectionKey or a Pattern';
  throw new InvalidRecipient(`${describe(given)} is no recipient: ${forms}`, given);
}

/**
 * @param {Recipient | Iterable<Recipient>} given
 * @returns {given is Iterable<Recipient>}
 */
function isSeveral(given) {
  return typeof given === "object" && given !== null && !ArrayBuffer.isView(given) && Symbol.iterator in given;
}

/** @param {unknown} given */
function describe(given) {
  return typeof given === "object" ? Object.prototype.toString.call(given) : String(given);
}
