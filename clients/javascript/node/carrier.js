import { Connection } from "./connection.js";

/** @typedef {import("./courier.js").Courier} Courier */

/** The longest time of a timer, in ms. */
const LONGEST = 2 ** 31 - 1;

/** Carries a courier's bytes over sockets, and tells it the time. */
export class Carrier {
  #courier;
  #place;
  /** @type {Connection | undefined} */
  #connection;
  /** @type {ReturnType<typeof globalThis.setTimeout> | undefined} */
  #timer;
  #timerAt = Infinity;
  #planned = false;

  /**
   * @param {Courier} courier
   * @param {{ host: string, port: number, tls: object | undefined }} place
   */
  constructor(courier, place) {
    this.#courier = courier;
    this.#place = place;
  }

  /** The time in ms. */
  get now() {
    return performance.now();
  }

  /** Do what the courier wants, once everything of the present task is known: calls of one task go out together. */
  plan() {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#act();
    });
  }

  #act() {
    this.#change();
    while (this.#connection && this.#connection.hasRoom) {
      const bytes = this.#courier.next(this.now);
      if (!bytes) break;
      this.#connection.write(bytes);
    }
    // What can't be sent has failed, and that may have been all that the connection was kept for.
    this.#change();
    const { busy } = this.#courier;
    if (this.#connection) this.#connection.keepAlive(busy);
    this.#arm(busy);
  }

  /** Open and close connections as the courier wants it. */
  #change() {
    for (const action of this.#courier.takeActions()) {
      if (this.#connection) this.#connection.close();
      this.#connection = action === "open" ? this.#open() : undefined;
    }
  }

  #open() {
    const courier = this.#courier;
    return new Connection(this.#place, {
      opened: () => this.#tell(() => courier.opened(this.now)),
      received: (data) => this.#tell(() => courier.received(data, this.now)),
      roomy: () => this.#act(),
      lost: (reason, cause) => {
        this.#connection = undefined;
        this.#tell(() => courier.lost(reason, cause, this.now));
      },
    });
  }

  /** @param {() => void} tell */
  #tell(tell) {
    tell();
    this.#act();
  }

  /**
   * Set the timer, unless it is set to that time or an earlier one already: then it is set anew when it is over.
   * @param {boolean} busy
   */
  #arm(busy) {
    const { deadline } = this.#courier;
    if (deadline < this.#timerAt) {
      clearTimeout(this.#timer);
      this.#timerAt = deadline;
      const delay = Math.min(Math.max(0, Math.ceil(deadline - this.now)), LONGEST);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#timerAt = Infinity;
        this.#tell(() => this.#courier.tick(this.now));
      }, delay);
    }
    // The process does not live for the time-outs of what is over.
    const timer = /** @type {{ ref?(): void, unref?(): void } | undefined} */ (/** @type {unknown} */ (this.#timer));
    if (timer && timer.ref && timer.unref) (busy ? timer.ref : timer.unref).call(timer);
  }
}
