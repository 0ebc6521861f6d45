/** Finds out that a server is dead which says nothing any more. Times are in ms. */
export class Pulse {
  #interval;
  #patience;
  /** Since when the server says nothing though it could. */
  #silentSince = 0;
  /** When the answer to a sign of life that it was asked for has to be there. */
  #due = Infinity;

  /**
   * @param {number} interval After how long without a sign of life the server is asked for one.
   * @param {number} patience How long it may take to answer.
   */
  constructor(interval, patience) {
    this.#interval = interval;
    this.#patience = patience;
  }

  /**
   * The server said something, or has nothing to say.
   * @param {number} now
   */
  heard(now) {
    this.#silentSince = now;
    this.#due = Infinity;
  }

  /**
   * The server is asked for a sign of life.
   * @param {number} now
   */
  ask(now) {
    this.#due = now + this.#patience;
  }

  /** When the server is taken for dead. */
  get due() {
    return this.#due;
  }

  /** When it has to be asked. */
  get next() {
    return this.#due < Infinity ? Infinity : this.#silentSince + this.#interval;
  }
}
