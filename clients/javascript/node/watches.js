import { CLOSING } from "./codes.js";
import { RefusedError } from "./errors.js";

/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./protocol.js").Value} Value */
/** @typedef {import("./subscription.js").Subscription} Subscription */

/** The watches that somebody reads. */
export class Watches {
  /** @type {Set<Subscription>} */
  #subscriptions = new Set();

  get size() {
    return this.#subscriptions.size;
  }

  /** @param {Subscription} subscription */
  add(subscription) {
    this.#subscriptions.add(subscription);
  }

  /**
   * Nobody reads it any more.
   * @param {Subscription} subscription
   * @returns {boolean} Whether somebody did.
   */
  delete(subscription) {
    return this.#subscriptions.delete(subscription);
  }

  /**
   * @param {Subscription | undefined} subscription
   * @param {OrbitedError} [error]
   */
  end(subscription, error) {
    if (subscription && this.#subscriptions.delete(subscription)) subscription.reader.end(error);
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
   * @param {Subscription | undefined} subscription
   * @param {Value | RefusedError} value
   * @returns {boolean} False: its reader can't take more.
   */
  answered(subscription, value) {
    if (value instanceof RefusedError) {
      // If the server only closes, the watch goes on with the next connection.
      if (!(value.retriable && CLOSING.has(value.code || 0))) this.end(subscription, value);
    } else if (subscription && typeof value === "object" && "epoch" in value) {
      return subscription.begin(value);
    }
    return true;
  }
}
