import { InvalidRecipient, ProtocolError } from "./errors.js";
import { ConnectionKey } from "./key.js";
import { Unreached } from "./receipt.js";
import { decimal } from "./text.js";

/** @typedef {import("./notice.js").Notice} Notice */

/**
 * One reply as it stood on the wire. What its headers do not say is undefined, and empty for those that may come again.
 * @typedef {object} Reply
 * @property {boolean} success
 * @property {string | null} id The frame that it answers; null: the connection [CTL-51].
 * @property {string} message
 * @property {number} [code]
 * @property {string} [codeName]
 * @property {ConnectionKey[]} recipients Those not reached, as Orbit 1.0 names them.
 * @property {Unreached[]} unreached Those not reached, as Orbit 1.1 names them.
 * @property {number} [reached]
 * @property {number} [closed]
 * @property {number} [keys]
 * @property {number} [present]
 * @property {number} [sequence]
 * @property {string} [epoch]
 * @property {boolean} [more]
 * @property {boolean} [resumed]
 * @property {import("node:buffer").Buffer} [body] Undefined unless there is a `length`.
 */

/** @typedef {{ reply: Reply } | { watch: string, notice: Notice }} Told */

const REPLY = ["id", "msg", "code", "reached", "closed", "keys", "present", "sequence", "epoch", "more", "resumed"];
const NOTICE = ["watch", "epoch", "sequence", "key"];

/**
 * The headers of each word; all others are ignored unread [CTL-46], [CTL-115].
 * @type {Record<string, { single: Set<string>, repeated: Set<string> }>}
 */
const HEADERS = {
  Success: known(REPLY, ["recipient", "unreached"]),
  Failure: known(REPLY, ["recipient", "unreached"]),
  Present: known(NOTICE, []),
  Signon: known(NOTICE, []),
  Signoff: known([...NOTICE, "reason"], ["missed", "unconfirmed"]),
};
const UNKNOWN = known([], []);

/** What has come of a reply or notice so far: its word and its headers. */
export class Draft {
  #word;
  #headers;
  /** @type {Map<string, string>} */
  #single = new Map();
  /** @type {Map<string, string[]>} */
  #repeated = new Map();

  /**
   * @param {string} word Its first line.
   * @throws {ProtocolError}
   */
  constructor(word) {
    if (!/^[A-Za-z0-9-]+$/.test(word)) {
      throw new ProtocolError(`a reply begins with ${quoted(word)}, which is no word`, "word");
    }
    this.#word = word;
    this.#headers = Object.prototype.hasOwnProperty.call(HEADERS, word) ? HEADERS[word] : UNKNOWN;
  }

  /**
   * @param {string} line
   * @throws {ProtocolError}
   */
  takeHeader(line) {
    const colon = line.indexOf(": ");
    if (colon < 0) throw new ProtocolError(`the reply's line ${quoted(line)} is no "name: value"`, "line");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 2);
    if (this.#headers.repeated.has(name)) {
      const values = this.#repeated.get(name);
      if (values) values.push(value);
      else this.#repeated.set(name, [value]);
    } else if (this.#headers.single.has(name)) {
      if (this.#single.has(name)) throw new ProtocolError(`the reply has two headers "${name}"`, name);
      this.#single.set(name, value);
    }
  }

  /**
   * How many bytes of body follow the blank line; undefined: it has no body.
   * @throws {ProtocolError}
   */
  get length() {
    return this.#number("length");
  }

  /**
   * What it says, now that it is whole.
   * @param {import("node:buffer").Buffer | undefined} body
   * @returns {Told | undefined} undefined: a notice that this client does not know [CTL-115].
   * @throws {ProtocolError}
   */
  finish(body) {
    switch (this.#word) {
      case "Success":
      case "Failure":
        return { reply: this.#reply(this.#word === "Success", body) };
      case "Present":
        return this.#notice({ type: "present", ...this.#place() });
      case "Signon":
        return this.#notice({ type: "signon", ...this.#place() });
      case "Signoff": {
        const [missed, unconfirmed] = [this.#list("missed"), this.#list("unconfirmed")];
        return this.#notice({ type: "signoff", ...this.#place(), reason: this.#needed("reason"), missed, unconfirmed });
      }
      default:
        return undefined;
    }
  }

  /**
   * @param {boolean} success
   * @param {import("node:buffer").Buffer | undefined} body
   * @returns {Reply}
   */
  #reply(success, body) {
    const id = this.#single.get("id");
    return {
      success,
      id: id === undefined ? null : id,
      message: this.#single.get("msg") || "",
      ...readCode(this.#single.get("code")),
      recipients: this.#list("recipient").map(readRecipient),
      unreached: this.#list("unreached").map(readUnreached),
      reached: this.#number("reached"),
      closed: this.#number("closed"),
      keys: this.#number("keys"),
      present: this.#number("present"),
      sequence: this.#number("sequence"),
      epoch: this.#single.get("epoch"),
      more: this.#yes("more"),
      resumed: this.#yes("resumed"),
      body,
    };
  }

  /**
   * @param {Notice} notice
   * @returns {Told}
   */
  #notice(notice) {
    return { watch: this.#needed("watch"), notice };
  }

  #place() {
    const key = inParentheses(this.#needed("key"), "key");
    this.#needed("sequence");
    return { key, epoch: this.#needed("epoch"), sequence: /** @type {number} */ (this.#number("sequence")) };
  }

  /** @param {string} name */
  #needed(name) {
    const value = this.#single.get(name);
    if (value !== undefined) return value;
    throw new ProtocolError(`a ${this.#word} has no header "${name}"`, name);
  }

  /** @param {string} name */
  #list(name) {
    return this.#repeated.get(name) || [];
  }

  /** @param {string} name */
  #number(name) {
    const value = this.#single.get(name);
    if (value === undefined) return undefined;
    const number = decimal(value);
    if (number !== undefined) return number;
    throw new ProtocolError(`the reply's ${name} ${quoted(value)} is no number that it may be`, name);
  }

  /** @param {string} name */
  #yes(name) {
    const value = this.#single.get(name);
    if (value === undefined || value === "yes" || value === "no") return value && value === "yes";
    throw new ProtocolError(`the reply's ${name} is ${quoted(value)}, not yes or no`, name);
  }
}

/**
 * @param {string[]} single
 * @param {string[]} repeated
 */
function known(single, repeated) {
  return { single: new Set([...single, "length"]), repeated: new Set(repeated) };
}

/** @param {string} text */
export function quoted(text) {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

/**
 * [CTL-49]
 * @param {string | undefined} value
 */
function readCode(value) {
  if (value === undefined) return {};
  const found = /^([0-9]{1,9})(?![0-9])(?: (\S+))?/.exec(value);
  if (!found) throw new ProtocolError(`the reply's code ${quoted(value)} does not begin with a number`, "code");
  return { code: Number(found[1]), codeName: found[2] };
}

/** @param {string} value */
function readRecipient(value) {
  return inParentheses(value, "recipient");
}

/**
 * [CTL-154]
 * @param {string} value
 */
function readUnreached(value) {
  const found = /^([0-9]{1,9})(?![0-9])(?: ([^ (][^ ]*))?/.exec(value);
  const begin = value.indexOf(" (");
  if (!found || begin < 0) {
    throw new ProtocolError(`the reply's unreached ${quoted(value)} is no number, name and key`, "unreached");
  }
  const end = value.lastIndexOf(")");
  return new Unreached(inParentheses(value.slice(begin + 1, end + 1), "unreached"), Number(found[1]), found[2] || "");
}

/**
 * [CTL-48]
 * @param {string} value
 * @param {string} header
 */
function inParentheses(value, header) {
  try {
    if (value.startsWith("(") && value.endsWith(")")) return ConnectionKey.parse(value.slice(1, -1));
  } catch (error) {
    if (!(error instanceof InvalidRecipient)) throw error;
  }
  throw new ProtocolError(`the reply's ${header} ${quoted(value)} is no key in parentheses`, header);
}
