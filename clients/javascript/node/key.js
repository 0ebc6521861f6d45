import { InvalidRecipient } from "./errors.js";
import { hasControlCharacter, hasLoneSurrogate } from "./text.js";

const SEPARATOR = ", ";
const ANY = "*";

/**
 * Split a key as it is written at the first two ", ", so that the location may hold more of them [CTL-22].
 * @param {string} text
 * @returns {[string, string, string]}
 */
function partsOf(text) {
  const first = text.indexOf(SEPARATOR);
  const second = first < 0 ? -1 : text.indexOf(SEPARATOR, first + SEPARATOR.length);
  if (second < 0) throw new InvalidRecipient(`"${text}" does not have the form "user, session, /location"`, text);
  const next = second + SEPARATOR.length;
  return [text.slice(0, first), text.slice(first + SEPARATOR.length, second), text.slice(next)];
}

/** Whom an event is for: `user, session, /location`. It can't be changed. */
export class ConnectionKey {
  /**
   * @param {string} user The name of the user. Not empty, without ", ".
   * @param {string} session Tells the browsers of one user apart, often "0". Not empty, without ", ".
   * @param {string} location What the browser listens to, such as "/chat". Starts with "/".
   * @throws {InvalidRecipient} A part is empty, holds a control character, can't be written in UTF-8 or breaks its
   *   own rule above [CTL-23].
   */
  constructor(user, session, location) {
    this.user = user;
    this.session = session;
    this.location = location;
    this.#check("user", user);
    this.#check("session", session);
    this.#check("location", location);
    if (!this.startsAsLocation()) throw this.#invalid(`the location "${location}" does not start with "/"`);
    Object.freeze(this);
  }

  /**
   * Read a key as it is written.
   * @param {string} text
   * @throws {InvalidRecipient}
   */
  static parse(text) {
    return new this(...partsOf(text));
  }

  toString() {
    return [this.user, this.session, this.location].join(SEPARATOR);
  }

  toJSON() {
    return this.toString();
  }

  /**
   * Whether both are the same, character by character [CTL-24].
   * @param {ConnectionKey} other
   */
  equals(other) {
    return this.toString() === other.toString();
  }

  /** @protected */
  startsAsLocation() {
    return this.location.startsWith("/");
  }

  /**
   * @param {string} name
   * @param {unknown} part
   */
  #check(name, part) {
    if (typeof part !== "string") throw this.#invalid(`the ${name} must be a string, not ${typeof part}`);
    if (part === "") throw this.#invalid(`the ${name} is empty`);
    if (hasControlCharacter(part)) throw this.#invalid(`the ${name} holds a control character`);
    if (hasLoneSurrogate(part)) {
      throw this.#invalid(`the ${name} holds a lone surrogate, which UTF-8 can't express`);
    }
    if (name !== "location" && part.includes(SEPARATOR)) {
      throw this.#invalid(`the ${name} "${part}" holds "${SEPARATOR}", which ends a part`);
    }
  }

  /** @param {string} reason */
  #invalid(reason) {
    const parts = [this.user, this.session, this.location];
    return new InvalidRecipient(`recipient ${JSON.stringify(parts)}: ${reason}`, parts);
  }
}

/**
 * Stands for all keys that match it and have a session [CTL-112]: `*` as user, session or location stands for any
 * value of that field, and for no part of one [CTL-111].
 */
export class Pattern extends ConnectionKey {
  /**
   * Whether it stands for this key.
   * @param {ConnectionKey} key
   */
  matches(key) {
    return [ANY, key.user].includes(this.user) && [ANY, key.session].includes(this.session) &&
      [ANY, key.location].includes(this.location);
  }

  /** @protected */
  startsAsLocation() {
    return this.location === ANY || super.startsAsLocation();
  }
}

/**
 * Read a key, or a pattern if one of its parts is `*`.
 * @param {string | { user: string, session: string, location: string }} given
 * @throws {InvalidRecipient}
 */
export function keyOrPattern(given) {
  const parts = typeof given === "string" ? partsOf(given) : [given.user, given.session, given.location];
  const [user, session, location] = parts;
  return parts.includes(ANY) ? new Pattern(user, session, location) : new ConnectionKey(user, session, location);
}

/**
 * Whether a key has a part that the wire would take for a pattern.
 * @param {ConnectionKey} key
 */
export function looksLikePattern(key) {
  return [key.user, key.session, key.location].includes(ANY);
}
