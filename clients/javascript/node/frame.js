import { Buffer } from "node:buffer";
import { InvalidValue } from "./errors.js";
import { checkLimit, DEFAULT_LIMITS } from "./limits.js";
import { Pattern } from "./key.js";
import { hasLoneSurrogate } from "./text.js";

/** @typedef {import("./key.js").ConnectionKey} ConnectionKey */
/** @typedef {import("./limits.js").Limits} Limits */
/** @typedef {"Event" | "Auth" | "Ping" | "Watch" | "Unwatch" | "List" | "Close"} Action */
/** @typedef {"Orbit 1.0" | "Orbit 1.1"} Version */

const LONGEST_ID = 255;

/**
 * What a client asks of the server, but for its id. All but an `Event` is of Orbit 1.1.
 *
 *     Orbit 1.1
 *     Event
 *     id: 7
 *     recipient: michael, 0, /chat      (one line each)
 *     ack: browser                      (headers of the action)
 *     length: 17                        (bytes of the body)
 *
 *     "Hello, browser!"
 */
export class Frame {
  /**
   * @param {Action} action
   * @param {readonly ConnectionKey[]} recipients
   * @param {[string, string][]} headers
   * @param {Buffer} [body]
   * @param {Readonly<Limits>} [limits]
   * @throws {import("./errors.js").LimitExceeded}
   */
  constructor(action, recipients, headers, body, limits = DEFAULT_LIMITS) {
    this.action = action;
    this.recipients = recipients;
    this.headers = headers;
    checkLimit(limits, "recipients", recipients.length, "recipients");
    if (body) checkLimit(limits, "body", body.length, "bytes in the body");
    const lines = recipients.map((key) => recipientLine(key, limits));
    lines.push(...headers.map(([name, value]) => `${name}: ${value}\r\n`));
    if (body) lines.push(`length: ${body.length}\r\n`);
    const head = Buffer.from(lines.join("") + "\r\n");
    const most = Buffer.byteLength(`Orbit 1.1\r\n${action}\r\nid: \r\n`) + LONGEST_ID;
    checkLimit(limits, "head", head.length + most, "bytes in all lines");
    this.rest = body && body.length > 0 ? Buffer.concat([head, body]) : head;
    /** Whether a server of Orbit 1.0 would not do what it says. */
    this.needs11 = action !== "Event" || headers.length > 0 || recipients.some((key) => key instanceof Pattern);
  }

  /**
   * All its bytes.
   * @param {Version} version
   * @param {string} id 1 to 255 bytes in one line [CTL-18].
   * @returns {Buffer}
   * @throws {InvalidValue}
   */
  encode(version, id) {
    checkName("id", id);
    return Buffer.concat([Buffer.from(`${version}\r\n${this.action}\r\nid: ${id}\r\n`), this.rest]);
  }
}

/**
 * @param {readonly ConnectionKey[]} recipients
 * @param {Buffer} body
 * @param {{ ack?: "written" | "browser", ttl?: number }} options `ttl` in seconds.
 * @param {Readonly<Limits>} [limits]
 */
export function eventFrame(recipients, body, { ack, ttl } = {}, limits) {
  /** @type {[string, string][]} */
  const headers = [];
  if (ack !== undefined) {
    if (ack !== "written" && ack !== "browser") throw new InvalidValue(`ack is "written" or "browser", not "${ack}"`);
    headers.push(["ack", ack]);
  }
  if (ttl !== undefined) headers.push(["ttl", number("ttl", ttl, 0, Number.MAX_SAFE_INTEGER)]);
  return new Frame("Event", recipients, headers, body, limits);
}

/**
 * @param {Buffer} secret
 * @param {Readonly<Limits>} [limits]
 */
export function authFrame(secret, limits) {
  return new Frame("Auth", [], [], secret, limits);
}

export function pingFrame() {
  return new Frame("Ping", [], []);
}

/**
 * @param {ConnectionKey} recipient
 * @param {{ state?: boolean, epoch?: string, sequence?: number }} options
 * @param {Readonly<Limits>} [limits]
 */
export function watchFrame(recipient, { state, epoch, sequence } = {}, limits) {
  /** @type {[string, string][]} */
  const headers = [];
  if (state) headers.push(["state", "yes"]);
  if ((epoch === undefined) !== (sequence === undefined)) {
    throw new InvalidValue("a place to go on from has both an epoch and a sequence");
  }
  if (epoch !== undefined) {
    if (!/^[0-9A-Za-z_.-]{1,64}$/.test(epoch)) throw new InvalidValue(`"${epoch}" is no epoch`);
    headers.push(["epoch", epoch]);
  }
  if (sequence !== undefined) headers.push(["sequence", number("sequence", sequence, 0, Number.MAX_SAFE_INTEGER)]);
  return new Frame("Watch", [recipient], headers, undefined, limits);
}

/** @param {string} watch The id of the watch. */
export function unwatchFrame(watch) {
  checkName("watch", watch);
  return new Frame("Unwatch", [], [["watch", watch]]);
}

/**
 * @param {readonly ConnectionKey[]} recipients
 * @param {{ limit?: number }} options
 * @param {Readonly<Limits>} [limits]
 */
export function listFrame(recipients, { limit } = {}, limits) {
  /** @type {[string, string][]} */
  const headers = limit === undefined ? [] : [["limit", number("limit", limit, 1, 100000)]];
  return new Frame("List", recipients, headers, undefined, limits);
}

/**
 * @param {readonly ConnectionKey[]} recipients
 * @param {{ reason?: string }} options
 * @param {Readonly<Limits>} [limits]
 */
export function closeFrame(recipients, { reason } = {}, limits) {
  if (reason !== undefined) checkText("reason", reason, 100);
  return new Frame("Close", recipients, reason === undefined ? [] : [["reason", reason]], undefined, limits);
}

/**
 * @param {ConnectionKey} key
 * @param {Readonly<Limits>} limits
 */
function recipientLine(key, limits) {
  const line = `recipient: ${key}`;
  checkLimit(limits, "line", Buffer.byteLength(line), "bytes in a recipient's line");
  return `${line}\r\n`;
}

/**
 * @param {string} what
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 */
function number(what, value, least, most) {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return String(value);
  throw new InvalidValue(`${what} is a whole number from ${least} to ${most}, not ${value}`);
}

/**
 * @param {string} what
 * @param {string} text
 */
function checkName(what, text) {
  checkText(what, text, LONGEST_ID);
}

/**
 * @param {string} what
 * @param {unknown} text
 * @param {number} most Bytes.
 */
function checkText(what, text, most) {
  if (typeof text !== "string" || text === "" || Buffer.byteLength(text) > most) {
    throw new InvalidValue(`${what} is text of 1 to ${most} bytes`);
  }
  if (/[\r\n]/.test(text) || hasLoneSurrogate(text)) throw new InvalidValue(`${what} can't be written in one line`);
}
