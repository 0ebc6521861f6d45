/** The longest first pause, in ms. */
const BASE = 1000;
/** The longest pause of all, in ms. */
const CAP = 30000;
/** A connection that ends sooner counts as a failure, in ms. */
const BRIEF = 5000;

/** How long to wait before the next attempt to connect: exponential, with full jitter, so that many come one by one. */
export class Backoff {
  #random;
  #failures = 0;

  /** @param {() => number} random From 0 to below 1. */
  constructor(random) {
    this.#random = random;
  }

  /**
   * The pause after an attempt that failed, or a connection that was lost, in ms.
   * @param {number} [lasted] How long the connection was of use, in ms.
   */
  pause(lasted = 0) {
    if (lasted >= BRIEF) this.#failures = 0;
    return this.#random() * Math.min(CAP, BASE * 2 ** this.#failures++);
  }
}
