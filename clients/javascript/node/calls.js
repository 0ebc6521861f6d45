import { CLOSING } from "./codes.js";
import { RefusedError } from "./errors.js";
import { Queue } from "./queue.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./protocol.js").Value} Value */
/** @typedef {import("./waits.js").Waits} Waits */
/** @typedef {(details: { maybeDelivered: boolean }) => OrbitedError} ErrorOf */

/** The calls that wait to be sent, and what becomes of those that were. */
export class Calls {
  #waits;
  #queue;
  /**
   * Calls that the server refused because it closes, to be sent again.
   * @type {Call[]}
   */
  #again = [];

  /**
   * @param {{ queue: number, whenFull: import("./queue.js").WhenFull }} options
   * @param {Waits} waits
   */
  constructor({ queue, whenFull }, waits) {
    this.#waits = waits;
    this.#queue = new Queue(queue, whenFull);
  }

  /** How many wait to be sent. */
  get waiting() {
    return this.#queue.size;
  }

  /** How many are left, without those under way. */
  get left() {
    return this.#queue.size + this.#again.length;
  }

  /**
   * @param {Call} call
   * @param {number} room How many calls can be sent at once.
   * @returns {boolean} Whether it waits to be sent.
   */
  add(call, room) {
    const overflow = this.#queue.overflow(room);
    if (overflow) {
      const failing = overflow.call || call;
      this.#waits.fail(failing, overflow.error(failing.maybeDelivered));
      if (failing === call) return false;
    }
    this.#waits.begin(call);
    this.#queue.add(call);
    return true;
  }

  /**
   * The frames of those that can be sent now.
   * @param {Exchange} exchange
   */
  frames(exchange) {
    return exchange.fill(this.#queue, (call, error) => this.#waits.fail(call, error));
  }

  /**
   * @param {Call | undefined} call
   * @param {Value | RefusedError} value
   */
  answered(call, value) {
    if (!call) return;
    if (!(value instanceof RefusedError)) return this.#waits.succeed(call, value);
    call.refuse();
    value.maybeDelivered = call.maybeDelivered;
    const closes = value.retriable && CLOSING.has(value.code || 0);
    if (closes && call.onLoss === "again") this.#again.push(call);
    else this.#waits.fail(call, value);
  }

  /**
   * The connection is gone, and nothing of what was under way is sent again.
   * @param {Call[]} calls What was under way.
   * @param {ErrorOf} errorOf
   */
  giveUp(calls, errorOf) {
    for (const call of calls) {
      if (call.onLoss === "done") this.#waits.succeed(call, true);
      else this.#waits.fail(call, errorOf(call));
    }
  }

  /**
   * The connection is gone. What can be sent again waits for the next.
   * @param {Call[]} calls What was under way.
   * @param {ErrorOf} errorOf
   */
  lose(calls, errorOf) {
    const again = [...this.#again, ...calls.filter((call) => call.onLoss === "again")];
    this.#again = [];
    this.giveUp(calls.filter((call) => call.onLoss !== "again"), errorOf);
    // Those that were refused may have been sent after some that were not answered.
    this.#queue.putBack(again.filter((call) => !call.over).sort((one, other) => one.order - other.order));
  }

  /** @param {ErrorOf} errorOf */
  failWaiting(errorOf) {
    for (const call of this.#queue) this.#waits.fail(call, errorOf(call));
  }

  /**
   * @param {Call[]} calls What was under way.
   * @param {ErrorOf} errorOf
   */
  failAll(calls, errorOf) {
    for (const call of [...calls, ...this.#again, ...this.#queue]) this.#waits.fail(call, errorOf(call));
    this.#again = [];
  }
}
