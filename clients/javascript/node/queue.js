import { Dropped, QueueFull } from "./errors.js";

/** @typedef {import("./call.js").Call} Call */
/**
 * What is done with a call for which the queue has no room: it waits in spite of that, until its time is over; it
 * fails; the oldest fails in its place.
 * @typedef {"wait" | "fail" | "drop_oldest"} WhenFull
 */

/** The calls that are not sent, in their order. */
export class Queue {
  /** @type {Set<Call>} */
  #calls = new Set();
  #limit;
  #whenFull;

  /**
   * @param {number} limit How many calls may wait, those not counted that can be sent at once.
   * @param {WhenFull} whenFull
   */
  constructor(limit, whenFull) {
    this.#limit = limit;
    this.#whenFull = whenFull;
  }

  get size() {
    return this.#calls.size;
  }

  /** @param {Call} call */
  add(call) {
    call.home = this;
    this.#calls.add(call);
  }

  /** @param {Call} call */
  delete(call) {
    this.#calls.delete(call);
  }

  /**
   * Whether one call more is one too many.
   * @param {number} room How many of those that wait can be sent at once.
   * @returns {{ call: Call | undefined, error: (maybeDelivered: boolean) => QueueFull | Dropped } | undefined} The call
   *   that has to fail, and how; without a call it is the new one.
   */
  overflow(room) {
    if (this.#whenFull === "wait" || this.#calls.size - room < this.#limit) return undefined;
    const [oldest] = this.#whenFull === "fail" ? [] : this.#calls;
    if (oldest) {
      const message = "a later call took its place in the full queue";
      return { call: oldest, error: (maybeDelivered) => new Dropped(message, { maybeDelivered }) };
    }
    return { call: undefined, error: () => new QueueFull(`${this.#limit} calls wait to be sent already`) };
  }

  /**
   * Put calls before all others: they were sent once, before those.
   * @param {Call[]} calls
   */
  putBack(calls) {
    if (calls.length === 0) return;
    for (const call of calls) call.home = this;
    this.#calls = new Set([...calls, ...this.#calls]);
  }

  [Symbol.iterator]() {
    return this.#calls[Symbol.iterator]();
  }
}
