import { Deadlines } from "./deadlines.js";

/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./protocol.js").Value} Value */

/** Something that somebody waits for, up to a time. */
export class Wait {
  /** Whether it has ended for whoever waits. */
  over = false;
  /**
   * Its place among the deadlines.
   * @type {number | undefined}
   */
  place;
  /**
   * Where it is kept, and leaves as it ends.
   * @type {{ delete(wait: any): unknown } | undefined}
   */
  home;

  /**
   * @param {number} deadline When it has to be over; Infinity: never.
   * @param {(value: Value) => void} resolve
   * @param {(error: OrbitedError) => void} reject
   * @param {"connection" | "reply"} awaits What it waits for.
   */
  constructor(deadline, resolve, reject, awaits = "connection") {
    this.deadline = deadline;
    this.awaits = awaits;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** All that somebody waits for: each ends once. */
export class Waits {
  /** @type {Deadlines<Wait>} */
  #deadlines = new Deadlines();

  /** The earliest deadline; Infinity: there is none. */
  get deadline() {
    const { first } = this.#deadlines;
    return first ? first.deadline : Infinity;
  }

  /** @param {Wait} wait */
  begin(wait) {
    this.#deadlines.add(wait);
  }

  /**
   * @param {Wait} wait
   * @param {Value} value
   */
  succeed(wait, value) {
    if (this.#end(wait)) wait.resolve(value);
  }

  /**
   * @param {Wait} wait
   * @param {OrbitedError} error
   */
  fail(wait, error) {
    if (this.#end(wait)) wait.reject(error);
  }

  /**
   * One whose time is over. It has to be ended before the next is asked for.
   * @param {number} now
   */
  due(now) {
    const { first } = this.#deadlines;
    return first && first.deadline <= now ? first : undefined;
  }

  /**
   * @param {Wait} wait
   * @returns {boolean} Whether it was not over before.
   */
  #end(wait) {
    if (wait.over) return false;
    wait.over = true;
    this.#deadlines.remove(wait);
    if (wait.home) wait.home.delete(wait);
    wait.home = undefined;
    return true;
  }
}
