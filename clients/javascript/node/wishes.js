import { Disconnected } from "./errors.js";

/** @typedef {import("./calls.js").ErrorOf} ErrorOf */
/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./waits.js").Wait} Wait */
/** @typedef {import("./waits.js").Waits} Waits */

/** What a program wants of the connection as such: that there is one, or that there is none any more. */
export class Wishes {
  #waits;
  /** @type {Set<Wait>} */
  #connecting = new Set();
  /** @type {Set<Wait>} */
  #disconnecting = new Set();
  /**
   * Why there is no connection.
   * @type {OrbitedError | undefined}
   */
  #lastFailure;

  /** @param {Waits} waits */
  constructor(waits) {
    this.#waits = waits;
  }

  /** Whether somebody waits for a connection. */
  get toConnect() {
    return this.#connecting.size > 0;
  }

  /** Whether somebody waits for the end: nothing new is taken. */
  get toDisconnect() {
    return this.#disconnecting.size > 0;
  }

  /** Why there is no connection; undefined: there is one, or no attempt has failed. */
  get lastFailure() {
    return this.#lastFailure;
  }

  /** @param {Wait} wait It has begun. */
  connect(wait) {
    keepIn(this.#connecting, wait);
  }

  /** @param {Wait} wait It has begun. */
  disconnect(wait) {
    keepIn(this.#disconnecting, wait);
  }

  /**
   * Whether this is somebody who waits for the end.
   * @param {Wait} wait
   */
  isToDisconnect(wait) {
    return this.#disconnecting.has(wait);
  }

  /**
   * @param {Wait} wait
   * @returns {boolean} Whether it has failed, since nothing new is taken.
   */
  refuse(wait) {
    if (!this.toDisconnect) return false;
    this.#waits.fail(wait, disconnected());
    return true;
  }

  /** There is a connection. */
  connected() {
    this.#lastFailure = undefined;
    for (const wait of this.#connecting) this.#waits.succeed(wait, true);
  }

  /**
   * An attempt has failed.
   * @param {OrbitedError} error
   */
  attemptFailed(error) {
    this.#lastFailure = error;
    this.failConnecting(() => error);
  }

  /** @param {ErrorOf} errorOf */
  failConnecting(errorOf) {
    for (const wait of this.#connecting) this.#waits.fail(wait, errorOf({ maybeDelivered: false }));
  }

  /** There is no connection any more, and nothing under way. */
  disconnected() {
    for (const wait of this.#disconnecting) this.#waits.succeed(wait, true);
  }
}

/** @param {{ maybeDelivered: boolean }} [details] */
export function disconnected(details) {
  return new Disconnected("the client was disconnected", details);
}

/**
 * @param {Set<Wait>} home
 * @param {Wait} wait
 */
function keepIn(home, wait) {
  wait.home = home;
  home.add(wait);
}
