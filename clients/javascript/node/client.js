import { Buffer } from "node:buffer";
import { jsonBody, rawBody } from "./body.js";
import { Call } from "./call.js";
import { Carrier } from "./carrier.js";
import { Courier } from "./courier.js";
import { Aborted, InvalidValue } from "./errors.js";
import { authFrame, closeFrame, eventFrame, listFrame, pingFrame } from "./frame.js";
import { NoticeBuffer } from "./notice-buffer.js";
import { readOptions, readTime } from "./options.js";
import { readRecipient, readRecipients } from "./recipients.js";
import { Subscription } from "./subscription.js";
import { Wait } from "./waits.js";
import { Watch } from "./watch.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./notice.js").Position} Position */
/** @typedef {import("./protocol.js").Value} Value */
/** @typedef {import("./receipt.js").Listing} Listing */
/** @typedef {import("./receipt.js").Receipt} Receipt */
/** @typedef {import("./recipients.js").Recipient} Recipient */
/** @typedef {(error: unknown) => void} Reject */

/**
 * @typedef {object} CallOptions
 * @property {number} [timeout] How long the call may take, in ms. Default: the client's.
 * @property {AbortSignal} [signal] Ends the call.
 */

/**
 * @typedef {object} EventOptions
 * @property {boolean} [json] Whether the body is a value to be written as JSON. If not, it is a string (sent as UTF-8)
 *   or bytes. Default true.
 * @property {number} [ttl] How long the event may wait for its recipients, in whole seconds [CTL-126]. Default: as long
 *   as their sessions.
 * @property {"written" | "browser"} [ack] When a recipient is reached: when all bytes left for its browser, or when the
 *   browser said that it has the event [CTL-123]. Default "written".
 * @property {boolean} [retry] Whether an event whose connection was lost is sent again, **which can deliver it twice**.
 *   Default false.
 */

/**
 * @typedef {object} WatchOptions
 * @property {boolean} [state] Whether the keys that have a session already are told first, as notices `present`.
 *   Default false.
 * @property {Position} [since] Where to go on: `position` of an earlier watch. If the server does not know the place any
 *   more, a `gap` is told first.
 * @property {number} [notices] How many notices may wait to be read. Default 10,000; with one more the watch ends.
 * @property {number} [timeout] How long it may take to begin, in ms; then it ends with `Timeout`. Default: the client's.
 * @property {AbortSignal} [signal] Ends the watch.
 */

/**
 * Sends events to the browsers of one Orbited server, and asks it for more. It connects by itself, comes back after
 * each loss, and keeps the order of its calls. The process need not wait for it unless something is under way.
 */
export class Client {
  #options;
  #courier;
  #carrier;

  /**
   * @param {import("./options.js").ClientOptions} [options]
   * @throws {RangeError | TypeError} An option is not what it may be.
   */
  constructor(options = {}) {
    this.#options = readOptions(options);
    this.#courier = new Courier(this.#options, Math.random);
    this.#carrier = new Carrier(this.#courier, this.#options.place);
    if (this.#options.secret !== undefined) this.#courier.secret = secretBytes(this.#options.secret);
  }

  /** Whether there is a connection. */
  get connected() {
    return this.#courier.connected;
  }

  /**
   * Connect now, rather than with the first call. One attempt is made.
   * @param {CallOptions} [options]
   * @returns {Promise<void>}
   * @throws {import("./errors.js").ConnectFailed}
   * @throws {import("./errors.js").RefusedError} The secret is another one.
   */
  async connect(options = {}) {
    await this.#wait(options, (deadline, resolve, reject) => {
      const wait = new Wait(deadline, resolve, reject);
      this.#courier.connect(wait, this.#carrier.now);
      return wait;
    });
  }

  /**
   * End the watches, wait for the calls under way, and close the connection. The client stays usable.
   * @param {{ timeout?: number }} options How long to wait, in ms, until what is left fails with `Disconnected`.
   *   Default: the client's time-out.
   * @returns {Promise<void>}
   */
  async disconnect({ timeout } = {}) {
    await this.#wait({ timeout }, (deadline, resolve, reject) => {
      const wait = new Wait(deadline, resolve, reject);
      this.#courier.disconnect(wait);
      return wait;
    });
  }

  /**
   * Send an event. Events that are sent without waiting for each other's receipts stay in order.
   * @param {Recipient | Iterable<Recipient>} recipients One or many, keys or patterns.
   * @param {unknown} body
   * @param {EventOptions & CallOptions} options
   * @returns {Promise<Receipt>} When the fate of each recipient is known.
   * @throws {import("./errors.js").OrbitedError} Any of errors.js; `safeToRetry` tells what to do.
   */
  async event(recipients, body, { json = true, ttl, ack, retry = false, ...rest } = {}) {
    const { limits } = this.#options;
    const bytes = json ? jsonBody(body) : rawBody(body);
    // The server's default is not written.
    const asked = ack === "written" ? undefined : ack;
    const frame = eventFrame(readRecipients(recipients), bytes, { ack: asked, ttl }, limits);
    return /** @type {Receipt} */ (await this.#call(frame, retry ? "again" : "fail", rest));
  }

  /**
   * Show the server's secret, now and on each later connection.
   * @param {string | Uint8Array} secret
   * @param {CallOptions} [options]
   * @returns {Promise<void>}
   * @throws {import("./errors.js").RefusedError} It is another one (502); the server closes the connection.
   */
  async auth(secret, options) {
    const bytes = secretBytes(secret);
    const frame = authFrame(bytes, this.#options.limits);
    this.#courier.secret = bytes;
    await this.#call(frame, "fail", options);
  }

  /**
   * Ask the server for an answer and nothing else.
   * @param {CallOptions} [options]
   * @returns {Promise<void>}
   */
  async ping(options) {
    await this.#call(pingFrame(), "fail", options);
  }

  /**
   * Get a notice of each sign-on and sign-off of the keys that a recipient stands for [CTL-137]. It begins at once,
   * goes on over lost connections, and ends with `unwatch`, with its loop, or with the client.
   * @param {Recipient} recipient A key or a pattern.
   * @param {WatchOptions} options
   * @returns {Watch}
   * @throws {import("./errors.js").InvalidRecipient | InvalidValue}
   * @throws {RangeError} `timeout` is no time.
   */
  watch(recipient, { state = false, since, notices = 10000, timeout = this.#options.timeout, signal } = {}) {
    if (!Number.isInteger(notices) || notices < 1) throw new InvalidValue(`notices is from 1, not ${notices}`);
    const buffer = new NoticeBuffer(notices, since);
    const deadline = this.#carrier.now + readTime("timeout", timeout);
    const subscription = new Subscription(readRecipient(recipient), { state, since }, buffer, deadline);
    /** @type {Promise<void> | undefined} */
    let stopped;
    const stop = () => {
      if (!stopped) stopped = new Promise((resolve) => this.#courier.unwatch(subscription, () => resolve()));
      this.#carrier.plan();
      return stopped;
    };
    if (signal) {
      const abort = () => {
        buffer.end(aborted(signal, {}));
        stop();
      };
      if (signal.aborted) {
        abort();
        return new Watch(buffer, stop);
      }
      signal.addEventListener("abort", abort, { once: true });
      buffer.onEnd = () => signal.removeEventListener("abort", abort);
    }
    this.#courier.watch(subscription, this.#carrier.now);
    this.#carrier.plan();
    return new Watch(buffer, stop);
  }

  /**
   * End a watch.
   * @param {Watch} watch
   * @returns {Promise<void>} When the server has heard of it.
   */
  unwatch(watch) {
    return watch.end();
  }

  /**
   * The keys that have a session and that the recipients stand for [CTL-148].
   * @param {Recipient | Iterable<Recipient>} recipients
   * @param {{ limit?: number } & CallOptions} options The most keys to list, from 1 to 100,000. Default 10,000.
   * @returns {Promise<Listing>}
   */
  async list(recipients, { limit, ...rest } = {}) {
    const frame = listFrame(readRecipients(recipients), { limit }, this.#options.limits);
    return /** @type {Listing} */ (await this.#call(frame, "again", rest));
  }

  /**
   * End the sessions of all keys that the recipients stand for [CTL-150].
   * @param {Recipient | Iterable<Recipient>} recipients
   * @param {{ reason?: string } & CallOptions} options What their browsers are told, 1 to 100 bytes.
   * @returns {Promise<number>} How many there were.
   */
  async close(recipients, { reason, ...rest } = {}) {
    const frame = closeFrame(readRecipients(recipients), { reason }, this.#options.limits);
    return /** @type {number} */ (await this.#call(frame, "fail", rest));
  }

  /**
   * @param {Frame} frame
   * @param {import("./call.js").Loss} onLoss
   * @param {CallOptions} [options]
   */
  #call(frame, onLoss, options = {}) {
    return this.#wait(options, (deadline, resolve, reject) => {
      const call = new Call(frame, onLoss, deadline, resolve, reject);
      this.#courier.call(call, this.#carrier.now);
      return call;
    });
  }

  /**
   * @param {CallOptions} options
   * @param {(deadline: number, resolve: (value: Value) => void, reject: Reject) => Wait} begin
   * @returns {Promise<Value>}
   */
  #wait({ timeout = this.#options.timeout, signal }, begin) {
    return new Promise((resolve, reject) => {
      const deadline = this.#carrier.now + readTime("timeout", timeout);
      if (signal && signal.aborted) throw aborted(signal, {});
      if (!signal) {
        begin(deadline, resolve, reject);
        return this.#carrier.plan();
      }
      const abort = () => {
        this.#courier.abort(wait, (details) => aborted(signal, details));
        this.#carrier.plan();
      };
      /**
       * @template T
       * @param {(given: T) => void} end
       * @returns {(given: T) => void}
       */
      const ending = (end) => (given) => {
        signal.removeEventListener("abort", abort);
        end(given);
      };
      signal.addEventListener("abort", abort, { once: true });
      const wait = begin(deadline, ending(resolve), ending(reject));
      this.#carrier.plan();
    });
  }
}

/**
 * @param {AbortSignal & { reason?: unknown }} signal
 * @param {{ maybeDelivered?: boolean }} details
 */
function aborted({ reason }, details) {
  const why = reason instanceof Error ? `: ${reason.message}` : "";
  return new Aborted(`the call was aborted${why}`, { ...details, cause: reason });
}

/** @param {string | Uint8Array} secret */
function secretBytes(secret) {
  if (typeof secret === "string" || secret instanceof Uint8Array) return Buffer.from(rawBody(secret));
  throw new TypeError("the secret is a string or bytes");
}
