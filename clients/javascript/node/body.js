import { Buffer } from "node:buffer";
import { InvalidBody } from "./errors.js";
import { hasLoneSurrogate } from "./text.js";

/**
 * Write a value as JSON, in UTF-8.
 * @param {unknown} value
 * @returns {Buffer}
 * @throws {InvalidBody} JSON has no form for it.
 */
export function jsonBody(value) {
  let text;
  try {
    text = JSON.stringify(value, refuseNonFinite);
  } catch (cause) {
    if (cause instanceof InvalidBody) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidBody(`the body can't be written as JSON: ${reason}`, { cause });
  }
  if (text === undefined) throw new InvalidBody(`the body can't be written as JSON: it is of type ${typeof value}`);
  // JSON.stringify escapes lone surrogates, but a server need not take the escapes for JSON.
  if (/\\ud[89a-f]/.test(text) && holdsLoneSurrogate(JSON.parse(text))) {
    throw new InvalidBody("the body holds a lone surrogate, which UTF-8 can't express");
  }
  return Buffer.from(text);
}

/**
 * Take bytes as they are, and text as UTF-8.
 * @param {unknown} value
 * @returns {Buffer} A copy.
 * @throws {InvalidBody} It is neither text nor bytes, or holds a lone surrogate.
 */
export function rawBody(value) {
  if (typeof value === "string") {
    if (hasLoneSurrogate(value)) throw new InvalidBody("the body holds a lone surrogate, which UTF-8 can't express");
    return Buffer.from(value);
  }
  if (ArrayBuffer.isView(value)) return Buffer.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return Buffer.from(new Uint8Array(value));
  throw new InvalidBody(`with json: false the body must be a string or bytes, not ${typeof value}`);
}

/**
 * @param {string} _name
 * @param {unknown} value
 */
function refuseNonFinite(_name, value) {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new InvalidBody(`the body can't be written as JSON: it holds ${value}`);
  }
  return value;
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function holdsLoneSurrogate(value) {
  if (typeof value === "string") return hasLoneSurrogate(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => hasLoneSurrogate(name) || holdsLoneSurrogate(member));
}
