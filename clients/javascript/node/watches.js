import { Call } from "./call.js";
import { CLOSING } from "./codes.js";
import { RefusedError } from "./errors.js";
import { unwatchFrame } from "./frame.js";

/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./notice.js").Notice} Notice */
/** @typedef {import("./protocol.js").Value} Value */
/** @typedef {import("./subscription.js").Subscription} Subscription */
/** @typedef {import("./waits.js").Waits} Waits */

/** The watches that somebody reads, over all connections. */
export class Watches {
  #line;
  #waits;
  /** @type {Set<Subscription>} */
  #subscriptions = new Set();

  /**
   * @param {Line} line
   * @param {Waits} waits
   */
  constructor(line, waits) {
    this.#line = line;
    this.#waits = waits;
  }

  get size() {
    return this.#subscriptions.size;
  }

  /**
   * @param {Subscription} subscription
   * @param {(error: OrbitedError) => void} onLate What is done if it has not begun in its time.
   */
  add(subscription, onLate) {
    subscription.onLate = onLate;
    this.#waits.begin(subscription.beginning);
    this.#subscriptions.add(subscription);
  }

  /**
   * Nobody reads it any more.
   * @param {Subscription} subscription
   * @param {Exchange | undefined} exchange
   * @param {() => void} [done] What is done when the server has heard of it.
   */
  unwatch(subscription, exchange, done = () => {}) {
    const { id } = subscription;
    const known = this.#remove(subscription);
    if (!known || id === undefined || !exchange || !this.#line.isReady) return done();
    exchange.forget(id);
    exchange.sendFirst(new Call(unwatchFrame(id), "done", Infinity, done, done));
  }

  /**
   * @param {Subscription | undefined} subscription
   * @param {OrbitedError} [error]
   */
  end(subscription, error) {
    if (subscription && this.#remove(subscription)) subscription.reader.end(error);
  }

  /** @param {() => OrbitedError | undefined} errorOf */
  endAll(errorOf) {
    for (const subscription of this.#subscriptions) this.end(subscription, errorOf());
  }

  /**
   * The frames of those that the connection does not have yet.
   * @param {Exchange} exchange
   */
  frames(exchange) {
    const frames = [];
    for (const subscription of this.#subscriptions) {
      if (subscription.id !== undefined) continue;
      try {
        frames.push(exchange.watch(subscription));
      } catch (error) {
        this.end(subscription, /** @type {OrbitedError} */ (error));
      }
    }
    return frames;
  }

  /**
   * The server has answered the frame of a watch.
   * @param {string} id
   * @param {Value | RefusedError} value
   * @param {Exchange} exchange
   */
  answered(id, value, exchange) {
    const subscription = exchange.watchOf(id);
    if (value instanceof RefusedError) {
      // If the server only closes, the watch goes on with the next connection.
      if (value.retriable && CLOSING.has(value.code || 0)) return;
      this.end(subscription, value);
      exchange.forget(id);
    } else if (subscription && typeof value === "object" && "epoch" in value) {
      this.#waits.succeed(subscription.beginning, true);
      if (!subscription.begin(value)) this.unwatch(subscription, exchange);
    }
  }

  /**
   * @param {string} id
   * @param {Notice} notice
   * @param {Exchange} exchange
   */
  noticed(id, notice, exchange) {
    const subscription = exchange.watchOf(id);
    if (subscription && !subscription.take(notice)) this.unwatch(subscription, exchange);
  }

  /**
   * The server has ended a watch.
   * @param {string} id
   * @param {OrbitedError} error
   * @param {Exchange} exchange
   */
  ended(id, error, exchange) {
    this.end(exchange.watchOf(id), error);
    exchange.forget(id);
  }

  /**
   * @param {Subscription} subscription
   * @returns {boolean} Whether it was there.
   */
  #remove(subscription) {
    // It is not late any more.
    this.#waits.succeed(subscription.beginning, true);
    return this.#subscriptions.delete(subscription);
  }
}
