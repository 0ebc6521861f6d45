import { InvalidRecipient, ProtocolError, RefusedError, UnsupportedVersion } from "./errors.js";
import { BAD_ACTION } from "./codes.js";
import { ConnectionKey, Pattern } from "./key.js";
import { DEFAULT_LIMITS } from "./limits.js";
import { Listing, Receipt, Unreached } from "./receipt.js";
import { ReplyDecoder } from "./reply-decoder.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./reply.js").Reply} Reply */
/** @typedef {import("./notice.js").Notice} Notice */

/**
 * A watch has begun after this place, or goes on there.
 * @typedef {object} Watching
 * @property {string} epoch
 * @property {number} sequence
 * @property {number} present How many notices `present` come first.
 * @property {boolean} resumed Whether all later notices of a former watch follow.
 */

/**
 * What a call comes to.
 * @typedef {Receipt | Listing | Watching | number | true} Value
 */

/**
 * What the bytes of the server mean: the answer to a call; a notice of a watch; the end of a watch, by the server's
 * will; a refusal of the whole connection; no Orbit at all.
 * @typedef {{ kind: "answer", id: string, frame: Frame, value: Value | RefusedError } |
 *   { kind: "notice", watch: string, notice: Notice } |
 *   { kind: "ended", watch: string, error: RefusedError } |
 *   { kind: "goodbye", error: RefusedError } |
 *   { kind: "violation", error: ProtocolError }} Outcome
 */

/**
 * Orbit on one connection, as a state machine without input or output: `send` gives the bytes to send, `receive` takes
 * what came. Replies are matched by id, in any order [CTL-33].
 */
export class Protocol {
  #decoder;
  #prefix;
  /**
   * The frames that are not answered.
   * @type {Map<string, Frame>}
   */
  #awaited = new Map();
  /**
   * The watches, and how many notices `present` each has to get.
   * @type {Map<string, number>}
   */
  #watches = new Map();
  /**
   * The version of events; `Orbit 1.0` if the server has no other.
   * @type {import("./frame.js").Version}
   */
  version = "Orbit 1.1";
  /** The number in the id of the next frame. */
  next;

  /**
   * @param {Readonly<import("./limits.js").Limits>} [limits]
   * @param {{ first?: number, prefix?: string }} ids Each id is the prefix and a number; `first` is that of the first.
   */
  constructor(limits = DEFAULT_LIMITS, { first = 1, prefix = "" } = {}) {
    this.#decoder = new ReplyDecoder(limits);
    this.#prefix = prefix;
    this.next = first;
  }

  /** How many frames are not answered. */
  get awaited() {
    return this.#awaited.size;
  }

  /**
   * Begin a call.
   * @param {Frame} frame
   * @param {string} [id] Its id; it must be new. Default: the next number.
   * @returns {{ id: string, bytes: import("node:buffer").Buffer }}
   * @throws {UnsupportedVersion} The server speaks Orbit 1.0 only, and the frame needs more. Nothing has changed.
   */
  send(frame, id = this.#prefix + this.next) {
    if (frame.needs11 && this.version === "Orbit 1.0") throw unsupported(frame);
    const bytes = frame.encode(this.version, id);
    this.next += 1;
    this.#awaited.set(id, frame);
    return { id, bytes };
  }

  /**
   * Take the next bytes and give what they mean. A violation is the last outcome, and comes again with each later call.
   * @param {Uint8Array} data
   * @returns {Outcome[]}
   */
  receive(data) {
    /** @type {Outcome[]} */
    const outcomes = [];
    try {
      for (const told of this.#decoder.feed(data)) {
        if ("reply" in told) outcomes.push(this.#outcome(told.reply));
        else outcomes.push(this.#noticed(told.watch, told.notice));
      }
      if (this.#decoder.failure) throw this.#decoder.failure;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#decoder.failure = error;
      outcomes.push({ kind: "violation", error });
    }
    return outcomes;
  }

  /**
   * @param {string} watch
   * @param {Notice} notice
   * @returns {Outcome}
   */
  #noticed(watch, notice) {
    const present = this.#watches.get(watch);
    if (present === undefined) throw new ProtocolError(`a notice came for "${watch}", which is no watch`, "watch");
    if (notice.type === "present") {
      if (present === 0) throw new ProtocolError("a watch was told of more keys than its reply had said", "present");
      this.#watches.set(watch, present - 1);
    }
    return { kind: "notice", watch, notice };
  }

  /**
   * @param {Reply} reply
   * @returns {Outcome}
   */
  #outcome(reply) {
    const { id } = reply;
    if (id === null) {
      if (reply.success || notReached(reply)) throw new ProtocolError("the reply has no id", "id");
      return { kind: "goodbye", error: refusal(reply) };
    }
    const frame = this.#awaited.get(id);
    if (!frame) return this.#ended(id, reply);
    this.#awaited.delete(id);
    return { kind: "answer", id, frame, value: this.#value(id, frame, reply) };
  }

  /**
   * The second reply to a watch ends it [CTL-147].
   * @param {string} id
   * @param {Reply} reply
   * @returns {Outcome}
   */
  #ended(id, reply) {
    if (reply.success || !this.#watches.delete(id)) {
      throw new ProtocolError(`a reply came for the id "${id}", which was not awaited`, "id");
    }
    return { kind: "ended", watch: id, error: refusal(reply) };
  }

  /**
   * @param {string} id
   * @param {Frame} frame
   * @param {Reply} reply
   * @returns {Value | RefusedError}
   */
  #value(id, frame, reply) {
    if (!reply.success && !notReached(reply)) return refusal(reply, frame);
    if (!reply.success && frame.action !== "Event") throw new ProtocolError("a Failure is no answer to it", "word");
    switch (frame.action) {
      case "Event":
        return receipt(id, frame, reply, this.version);
      case "Auth":
      case "Ping":
        return true;
      case "Unwatch":
        this.#watches.delete(frame.headers[0][1]);
        return true;
      case "Watch":
        return this.#watching(id, reply);
      case "List":
        return listing(reply);
      case "Close":
        return needed(reply, "closed");
    }
  }

  /**
   * @param {string} id
   * @param {Reply} reply
   * @returns {Watching}
   */
  #watching(id, reply) {
    const { epoch, present = 0, resumed = false } = reply;
    if (epoch === undefined) throw new ProtocolError('the reply to a Watch has no "epoch"', "epoch");
    this.#watches.set(id, present);
    return { epoch, sequence: needed(reply, "sequence"), present, resumed };
  }
}

/**
 * @param {Reply} reply
 * @returns {boolean} Whether it names recipients that were not reached.
 */
function notReached({ recipients, unreached }) {
  return recipients.length > 0 || unreached.length > 0;
}

/**
 * @param {string} id
 * @param {Frame} frame
 * @param {Reply} reply
 * @param {import("./frame.js").Version} version
 * @returns {Receipt}
 */
function receipt(id, frame, reply, version) {
  if (reply.success && notReached(reply)) throw new ProtocolError("a Success names who was not reached", "unreached");
  const old = reply.recipients.map((key) => new Unreached(key));
  const unreached = reply.unreached.length > 0 ? reply.unreached : once(old);
  const named = new Set(frame.recipients.map(String));
  const patterns = frame.recipients.filter((key) => key instanceof Pattern);
  for (const { key } of unreached) {
    if (named.has(String(key))) continue;
    if (patterns.some((pattern) => /** @type {Pattern} */ (pattern).matches(key))) continue;
    throw new ProtocolError(`the reply names "${key}", which the event did not`, "unreached");
  }
  const reached = version === "Orbit 1.0" ? named.size - unreached.length : needed(reply, "reached");
  return new Receipt(id, reached, unreached, reply.message);
}

/** @param {Unreached[]} unreached */
function once(unreached) {
  return [...new Map(unreached.map((one) => [String(one.key), one])).values()];
}

/**
 * @param {Reply} reply
 * @returns {Listing}
 */
function listing(reply) {
  const keys = needed(reply, "keys");
  if (!reply.body) throw new ProtocolError("the reply to a List has no body", "length");
  const lines = reply.body.toString().split("\n");
  if (lines.pop() !== "" || lines.length !== keys) {
    throw new ProtocolError(`the reply to a List has another number of keys than ${keys}`, "keys");
  }
  try {
    return new Listing(lines.map((line) => ConnectionKey.parse(line)), reply.more || false);
  } catch (error) {
    if (!(error instanceof InvalidRecipient)) throw error;
    throw new ProtocolError(`the reply to a List has a line that is no key: ${error.message}`, "keys");
  }
}

/**
 * @param {Reply} reply
 * @param {"reached" | "closed" | "keys" | "sequence"} name
 */
function needed(reply, name) {
  const value = reply[name];
  if (value === undefined) throw new ProtocolError(`the reply has no header "${name}"`, name);
  return value;
}

/**
 * @param {Reply} reply
 * @param {Frame} [frame]
 */
function refusal({ message, code, codeName }, frame) {
  if (code === BAD_ACTION && frame) return unsupported(frame);
  return new RefusedError(message || "the server refused and did not say why", code, codeName);
}

/** @param {Frame} frame */
function unsupported(frame) {
  const what = frame.action === "Event" ? "patterns, ack and ttl" : frame.action;
  return new UnsupportedVersion(`the server speaks Orbit 1.0 only, which has no ${what}`, BAD_ACTION, "bad_action");
}
