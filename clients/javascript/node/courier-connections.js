import { ConnectFailed, ConnectionLost, ProtocolError, RefusedError } from "./errors.js";
import { Exchange } from "./exchange.js";
import { greeting, meaningOf } from "./greeting.js";
import { Protocol } from "./protocol.js";
import { disconnected } from "./wishes.js";

/** @typedef {import("node:buffer").Buffer} Buffer */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./calls.js").Calls} Calls */
/** @typedef {import("./calls.js").ErrorOf} ErrorOf */
/** @typedef {import("./courier.js").CourierOptions} CourierOptions */
/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./protocol.js").Value} Value */
/** @typedef {import("./watches.js").Watches} Watches */
/** @typedef {import("./wishes.js").Wishes} Wishes */

/** The part of the courier that knows how connections begin and end, and what that means for all that waits. */
export class CourierConnections {
  #options;
  #line;
  #wishes;
  #calls;
  #watches;
  /** @type {Exchange | undefined} */
  #exchange;
  /** The number of the next frame. */
  #next = 1;

  /**
   * @param {CourierOptions} options
   * @param {{ line: Line, wishes: Wishes, calls: Calls, watches: Watches }} parts
   */
  constructor(options, { line, wishes, calls, watches }) {
    this.#options = options;
    this.#line = line;
    this.#wishes = wishes;
    this.#calls = calls;
    this.#watches = watches;
  }

  /** What is under way on the present connection. */
  get exchange() {
    return this.#exchange;
  }

  /** Whether somebody waits for something. */
  get busy() {
    return this.#wanted || this.#live > 0 || this.#calls.left > 0 || this.#wishes.toDisconnect;
  }

  /**
   * There is a connection.
   * @param {Buffer | undefined} secret
   * @param {number} now
   */
  opened(secret, now) {
    if (this.#line.phase !== "connecting") return;
    const { limits, idPrefix } = this.#options;
    this.#exchange = new Exchange(new Protocol(limits, { first: this.#next, prefix: idPrefix }), limits);
    this.#line.opened(now);
    this.#exchange.sendFirst(greeting(secret, limits));
  }

  /**
   * The server lets the connection in, or does not.
   * @param {{ id: string, frame: import("./frame.js").Frame, value: Value | RefusedError }} answer
   * @param {number} now
   */
  greeted({ id, frame, value }, now) {
    const exchange = /** @type {Exchange} */ (this.#exchange);
    exchange.answered(id);
    const meaning = meaningOf(value, frame);
    if (meaning instanceof RefusedError) return this.turnedAway(meaning, now);
    if (meaning === "old") exchange.lower();
    this.#line.greeted(now);
    this.#wishes.connected();
  }

  /**
   * The server does not take the connection.
   * @param {RefusedError} error
   * @param {number} now
   */
  turnedAway(error, now) {
    this.#line.drop();
    const message = `${this.#options.server} did not take the connection: ${error.message}`;
    if (error.retriable) return this.#attemptFailed(new ConnectFailed(message, { cause: error }), now);
    const { code, codeName } = error;
    this.failAll((details) => new RefusedError(error.message, code || undefined, codeName || undefined, details));
  }

  /**
   * The connection is gone, or could not be made.
   * @param {string} reason
   * @param {unknown} cause
   * @param {number} now
   */
  lost(reason, cause, now) {
    const { phase } = this.#line;
    if (phase === "connecting") {
      const message = `no connection to ${this.#options.server}: ${reason}`;
      this.#attemptFailed(new ConnectFailed(message, { cause }), now);
    } else if (phase === "greeting") {
      this.#attemptFailed(new ConnectFailed(`${this.#options.server} did not answer: ${reason}`, { cause }), now);
    } else if (phase === "ready" || phase === "closing") {
      const message = `the connection was lost: ${reason}`;
      this.#lose((details) => new ConnectionLost(message, { ...details, cause }), now);
    }
  }

  /**
   * Give the connection up.
   * @param {string} reason
   * @param {number} now
   */
  break(reason, now) {
    this.#line.drop();
    this.lost(reason, undefined, now);
  }

  /**
   * The peer does not speak Orbit. What it has been sent is not sent again.
   * @param {ProtocolError} error
   * @param {number} now
   */
  violated(error, now) {
    this.#line.drop();
    /** @type {ErrorOf} */
    const errorOf = (details) => new ProtocolError(error.message, error.violation, details);
    if (this.#line.phase === "greeting") return this.failAll(errorOf);
    this.#calls.giveUp(this.#release(), errorOf);
    this.#lose(errorOf, now);
  }

  /**
   * Everything ends, and there is no connection any more.
   * @param {ErrorOf} errorOf
   */
  failAll(errorOf) {
    this.#calls.failAll(this.#release(), errorOf);
    this.#wishes.failConnecting(errorOf);
    this.#watches.endAll(() => errorOf({ maybeDelivered: false }));
    this.#line.hangUp();
  }

  /** Disconnect, if that is asked for and nothing is under way any more. */
  settle() {
    if (!this.#wishes.toDisconnect || this.#calls.left > 0) return;
    if (this.#live > 0 && (this.#line.isReady || this.#line.phase === "closing")) return;
    this.#line.drop();
    this.failAll(disconnected);
    this.#wishes.disconnected();
  }

  /**
   * @param {OrbitedError} error
   * @param {number} now
   */
  #attemptFailed(error, now) {
    this.#wishes.attemptFailed(error);
    this.#release();
    this.#rest(now);
  }

  /**
   * A connection that was of use is gone.
   * @param {ErrorOf} errorOf
   * @param {number} now
   */
  #lose(errorOf, now) {
    this.#calls.lose(this.#release(), errorOf);
    this.#rest(now);
  }

  /** @param {number} now */
  #rest(now) {
    if (this.#wishes.toDisconnect) this.#calls.failWaiting(disconnected);
    this.#line.rest(this.#wanted, now);
  }

  /**
   * Nothing is under way any more.
   * @returns {Call[]} What was.
   */
  #release() {
    if (!this.#exchange) return [];
    const { calls, next } = this.#exchange.end();
    this.#exchange = undefined;
    this.#next = next;
    return calls;
  }

  /** Whether there is a reason to have a connection. */
  get #wanted() {
    return this.#calls.waiting > 0 || this.#watches.size > 0 || this.#wishes.toConnect;
  }

  /** How many calls wait for their replies. */
  get #live() {
    return this.#exchange ? this.#exchange.live : 0;
  }
}
