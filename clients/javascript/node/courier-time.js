import { Call } from "./call.js";
import { Timeout } from "./errors.js";
import { Pulse } from "./pulse.js";

/** @typedef {import("./courier.js").CourierOptions} CourierOptions */
/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./waits.js").Wait} Wait */
/** @typedef {import("./waits.js").Waits} Waits */
/** @typedef {import("./watches.js").Watches} Watches */

/** The part of the courier that finds out what takes too long. It ends nothing. Times are in ms. */
export class CourierTime {
  #pulse;
  #line;
  #waits;
  #watches;

  /**
   * @param {CourierOptions} options
   * @param {{ line: Line, waits: Waits, watches: Watches }} parts What takes its time.
   */
  constructor({ heartbeat, connectTimeout }, { line, waits, watches }) {
    this.#pulse = new Pulse(heartbeat, connectTimeout);
    this.#line = line;
    this.#waits = waits;
    this.#watches = watches;
  }

  /**
   * When something has to be over; Infinity: never.
   * @param {Exchange | undefined} exchange
   */
  deadline(exchange) {
    const pulse = this.#isWatchedOver(exchange) ? Math.min(this.#pulse.due, this.#pulse.next) : Infinity;
    return Math.min(this.#waits.deadline, this.#line.until, pulse);
  }

  /**
   * The server said something.
   * @param {number} now
   */
  heard(now) {
    this.#pulse.heard(now);
  }

  /**
   * Something may be sent now. Before that, the server may have had nothing to say.
   * @param {Exchange} exchange
   * @param {number} now
   */
  sending(exchange, now) {
    if (exchange.awaited === 0 && this.#watches.size === 0) this.#pulse.heard(now);
  }

  /**
   * Why a connection is dead; undefined: it may be alive.
   * @param {Exchange} exchange
   * @param {number} now
   */
  death(exchange, now) {
    if (exchange.choked) return "the server does not answer";
    if (this.#isWatchedOver(exchange) && this.#pulse.due <= now) return "the server gave no sign of life";
    return undefined;
  }

  /**
   * Whether the server is to be asked for a sign of life. It is expected from now on.
   * @param {Exchange} exchange
   * @param {number} now
   */
  asks(exchange, now) {
    if (!this.#isWatchedOver(exchange) || this.#pulse.next > now) return false;
    this.#pulse.ask(now);
    return true;
  }

  /**
   * Whether a silent server would be found out.
   * @param {Exchange | undefined} exchange
   */
  #isWatchedOver(exchange) {
    if (!exchange || !this.#line.isReady || !exchange.speaks11) return false;
    return exchange.awaited > 0 || this.#watches.size > 0;
  }
}

/**
 * How something ends whose time is over.
 * @param {Wait} wait
 * @param {OrbitedError | undefined} cause Why there is no connection.
 */
export function timeout(wait, cause) {
  const maybeDelivered = wait instanceof Call && wait.maybeDelivered;
  const message = `there was no ${wait.awaits} in time`;
  return new Timeout(cause ? `${message}: ${cause.message}` : message, { maybeDelivered, cause });
}
