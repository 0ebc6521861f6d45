/** @typedef {import("./key.js").ConnectionKey} ConnectionKey */

/** A recipient that was not reached, and why [CTL-120]. */
export class Unreached {
  /**
   * @param {ConnectionKey} key
   * @param {number | null} code 301 to 305; null from a server of Orbit 1.0, which does not say.
   * @param {string | null} name `unreachable`, `expired`, `overflow`, `refused` or `unconfirmed`; null as above.
   */
  constructor(key, code = null, name = null) {
    this.key = key;
    this.code = code;
    this.name = name;
  }

  toString() {
    return this.code === null ? `${this.key}` : `${this.key} (${this.code} ${this.name})`;
  }
}

/** What became of an event. */
export class Receipt {
  /**
   * @param {string} id The id that the event had on the wire; a `Signoff` names it so.
   * @param {number} reached How many keys were reached.
   * @param {Unreached[]} [unreached] The recipients that were not reached.
   * @param {string} [message] The server's sentence about them; empty if all were reached.
   */
  constructor(id, reached, unreached = [], message = "") {
    this.id = id;
    this.reached = reached;
    this.unreached = unreached;
    this.message = message;
  }

  /** Whether every recipient was reached. */
  get ok() {
    return this.unreached.length === 0;
  }
}

/** The keys that have a session, as a `List` found them. */
export class Listing {
  /**
   * @param {ConnectionKey[]} keys
   * @param {boolean} more Whether there are more than the limit allowed [CTL-149].
   */
  constructor(keys, more) {
    this.keys = keys;
    this.more = more;
  }

  [Symbol.iterator]() {
    return this.keys[Symbol.iterator]();
  }
}
