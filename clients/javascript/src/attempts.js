const LONGEST_PAUSE = 30000;
/** A connection that ends sooner counts as a failure, in ms. */
const BRIEF = 5000;
/** After so many brief connections in a row another transport is tried. */
const MOST_BRIEF = 3;

/**
 * Why an attempt failed.
 * @typedef {object} Failure
 * @property {string} reason For people.
 * @property {number} [status] The status of the answer, if there was one and it can be seen.
 * @property {boolean} [network] There was no answer at all, and the transport can tell.
 * @property {boolean} [held] The request was taken, but nothing came in time: something holds the stream back.
 * @property {boolean} [final] The server asks the page not to come back.
 */

/** Decides which transport is tried next, and when. It has neither clock nor timers. */
export class Attempts {
  /**
   * @param {string[]} names The transports that can be used, best first.
   * @param {string[]} polls Those of all transports that nothing can hold back.
   * @param {string} first The transport to begin with.
   * @param {() => number} random
   */
  constructor(names, polls, first, random) {
    this._names = names;
    this._polls = polls;
    this._random = random;
    /** Where each round begins: the transport that worked last. */
    this._home = Math.max(0, names.indexOf(first));
    this._at = this._home;
    /** The longest first pause, in ms; the server may change it. */
    this._base = 1000;
    this._everOpen = false;
    this._trial = false;
    this._trials = 0;
    this._brief = 0;
    /** Failures without any answer in this round. */
    this._unanswered = 0;
    /** How many pauses there have been since a connection lasted. */
    this._round = 0;
  }

  /** Begin as if nothing had failed yet. */
  _begin() {
    this._round = 0;
  }

  /** The transport to use now. */
  get _name() {
    return this._names[this._at];
  }

  _opened() {
    this._home = this._at;
    this._everOpen = true;
    this._trial = false;
  }

  /**
   * An open connection was lost.
   * @param {number} lasted How long it was open, in ms.
   * @returns {number} How long to wait before the next attempt, in ms.
   */
  _lost(lasted) {
    if (lasted >= BRIEF) {
      this._round = this._brief = 0;
    } else if (++this._brief >= MOST_BRIEF) {
      this._brief = 0;
      this._home = (this._home + 1) % this._names.length;
    }
    return this._pause();
  }

  /**
   * An attempt failed before it was open.
   * @param {Failure} failure
   * @returns {number | undefined} How long to wait before the next attempt, in ms; undefined: another transport is
   *   tried at once.
   */
  _failed({ status, network, held }) {
    if (this._trial) {
      this._trial = false;
      this._at = this._home;
      return;
    }
    // A server that is away fails all transports alike. Only a page that has just begun tries them all at once, since
    // its network may forbid some; later each second round goes one further.
    const patience = this._everOpen || this._round ? this._round >> 1 : Infinity;
    if (!status && !(network && ++this._unanswered > patience)) {
      const rest = this._names.findIndex((name, at) => at > this._at && this._polls.includes(name));
      this._at = held && rest > 0 ? rest : (this._at + 1) % this._names.length;
      if (this._at !== this._home) return;
    }
    return this._pause();
  }

  /**
   * Try a better transport than the one in use; if it fails, the one in use comes back at once.
   * @returns {boolean} Whether there is one.
   */
  _better() {
    if (!this._home) return false;
    this._at = this._trials++ % this._home;
    return this._trial = true;
  }

  /**
   * Begin anew with the best: the network is another one.
   * @returns {number} How long to wait before the next attempt, in ms.
   */
  _restart() {
    this._home = this._round = this._brief = 0;
    return this._pause();
  }

  /** Full jitter: many pages that lost one server come back one by one. */
  _pause() {
    this._at = this._home;
    this._unanswered = 0;
    this._trial = false;
    return this._random() * Math.min(LONGEST_PAUSE, this._base * 2 ** this._round++);
  }
}
