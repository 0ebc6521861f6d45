import { Disconnected, NoticesOverflow } from "./errors.js";

/** @typedef {import("./notice.js").Notice} Notice */
/** @typedef {import("./notice.js").Position} Position */
/** @typedef {import("./protocol.js").Watching} Watching */
/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {IteratorResult<Notice, undefined>} Result */
/** @typedef {{ resolve: (result: Result) => void, reject: (error: unknown) => void }} Turn */

/** The notices of one watch, between the connection and whoever reads them. */
export class NoticeBuffer {
  #limit;
  /**
   * Each with the place from which one can go on when it is read.
   * @type {[Notice, Position | undefined][]}
   */
  #notices = [];
  /** How many of them are read. */
  #read = 0;
  /**
   * Who waits for the next notices.
   * @type {Turn[]}
   */
  #turns = [];
  #over = false;
  /** @type {OrbitedError | undefined} */
  #error;
  /** How many notices `present` are to come. */
  #coming = 0;
  /** Whether the watch has begun. */
  #hasBegun = false;
  /**
   * Where another watch can go on after what was read; undefined: not there, since a state was begun and not read to its
   * end, or the watch has not begun.
   * @type {Position | undefined}
   */
  position;
  /** @type {(watching: Watching) => void} */
  #begun = () => {};
  /** @type {(error: OrbitedError) => void} */
  #failed = () => {};
  /** What is done when it is over. */
  onEnd = () => {};
  /**
   * What the server said as the watch began.
   * @type {Promise<Watching>}
   */
  ready;

  /**
   * @param {number} limit How many notices may wait to be read.
   * @param {Position} [since] Where the watch goes on.
   */
  constructor(limit, since) {
    this.#limit = limit;
    this.position = since;
    this.ready = new Promise((resolve, reject) => {
      this.#begun = resolve;
      this.#failed = reject;
    });
    // Nobody has to look at it: `next` tells of the same error.
    this.ready.catch(() => {});
  }

  /** @param {Watching} watching */
  begin(watching) {
    this.#coming = watching.present;
    if (!this.#hasBegun && !this.position) this.position = this.#place(watching);
    this.#hasBegun = true;
    this.#begun(watching);
  }

  /**
   * @param {Notice} notice
   * @returns {boolean} False: too many wait, and the watch is over.
   */
  take(notice) {
    if (this.#over) return false;
    if (notice.type === "present") this.#coming -= 1;
    const place = this.#place(notice);
    const turn = this.#turns.shift();
    if (turn) {
      this.position = place;
      turn.resolve({ value: notice, done: false });
    } else if (this.#notices.length - this.#read < this.#limit) {
      this.#notices.push([notice, place]);
    } else {
      this.end(new NoticesOverflow(`${this.#limit} notices of the watch wait to be read`));
    }
    return !this.#over;
  }

  /**
   * No notice comes any more; those that are here can still be read.
   * @param {OrbitedError} [error]
   */
  end(error) {
    if (this.#over) return;
    this.#over = true;
    this.onEnd();
    this.#failed(error || new Disconnected("the watch was ended before it had begun"));
    const [first, ...others] = this.#turns;
    this.#turns = [];
    if (first && error) first.reject(error);
    else if (first) first.resolve({ value: undefined, done: true });
    if (!first) this.#error = error;
    for (const turn of others) turn.resolve({ value: undefined, done: true });
  }

  /** Nothing is read any more. */
  discard() {
    this.#notices = [];
    this.#read = 0;
    this.end();
    this.#error = undefined;
  }

  /**
   * The next notice.
   * @returns {Promise<Result>}
   */
  next() {
    if (this.#read < this.#notices.length) {
      const [value, place] = this.#notices[this.#read++];
      this.position = place;
      if (this.#read === this.#notices.length || this.#read > this.#limit) {
        this.#notices = this.#notices.slice(this.#read);
        this.#read = 0;
      }
      return Promise.resolve({ value, done: false });
    }
    const error = this.#error;
    this.#error = undefined;
    if (error) return Promise.reject(error);
    if (this.#over) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#turns.push({ resolve, reject }));
  }

  /**
   * @param {Position} last That of the last notice.
   * @returns {Position | undefined}
   */
  #place({ epoch, sequence }) {
    return this.#coming > 0 ? undefined : { epoch, sequence };
  }
}
