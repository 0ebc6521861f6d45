import { Backoff } from "./backoff.js";

/**
 * Where a line stands. `until` and `since` are times. While it is `closing` the server takes no more, but answers.
 * @typedef {{ name: "idle" } | { name: "connecting" | "greeting" | "pausing", until: number } |
 *   { name: "ready", since: number } | { name: "closing", since: number, until: number }} Phase
 */

/**
 * The line to the server, over all connections: when there is one, and what it is good for. It decides what is to be
 * done to the connection, and does nothing. Times are in ms.
 */
export class Line {
  #patience;
  #backoff;
  /** @type {Phase} */
  #phase = { name: "idle" };
  /** @type {("open" | "close")[]} */
  #actions = [];

  /**
   * @param {number} patience How long a server may take to connect, to greet and to close.
   * @param {() => number} random From 0 to below 1.
   */
  constructor(patience, random) {
    this.#patience = patience;
    this.#backoff = new Backoff(random);
  }

  get phase() {
    return this.#phase.name;
  }

  get isReady() {
    return this.#phase.name === "ready";
  }

  /** When the phase is over; Infinity: that is not a question of time. */
  get until() {
    return "until" in this.#phase ? this.#phase.until : Infinity;
  }

  /** What is to be done to the connection since the last time, in this order. */
  takeActions() {
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  /**
   * Somebody wants it.
   * @param {number} now
   */
  want(now) {
    if (this.#phase.name === "idle") this.open(now);
  }

  /**
   * Connect now, unless it is connected.
   * @param {number} now
   */
  open(now) {
    if (this.#phase.name !== "idle" && this.#phase.name !== "pausing") return;
    this.#phase = { name: "connecting", until: now + this.#patience };
    this.#actions.push("open");
  }

  /**
   * There is a connection.
   * @param {number} now
   */
  opened(now) {
    this.#phase = { name: "greeting", until: now + this.#patience };
  }

  /**
   * The server takes calls.
   * @param {number} now
   */
  greeted(now) {
    this.#phase = { name: "ready", since: now };
  }

  /**
   * The server has said good-bye: it takes no more, but answers what it took [CTL-83].
   * @param {number} now
   */
  goodbye(now) {
    if (this.#phase.name !== "ready") return;
    this.#phase = { name: "closing", since: this.#phase.since, until: now + this.#patience };
  }

  /** The connection is of no use any more. */
  drop() {
    if (this.#phase.name !== "idle" && this.#phase.name !== "pausing") this.#actions.push("close");
  }

  /**
   * There is no connection any more: wait for the next attempt, or for somebody who wants one.
   * @param {boolean} wanted
   * @param {number} now
   */
  rest(wanted, now) {
    const pause = this.#backoff.pause("since" in this.#phase ? now - this.#phase.since : 0);
    this.#phase = wanted ? { name: "pausing", until: now + pause } : { name: "idle" };
  }

  /** There is no connection any more, and nobody wants one. */
  hangUp() {
    this.#phase = { name: "idle" };
  }
}
