import { Buffer } from "node:buffer";
import { Call } from "./call.js";
import { Calls } from "./calls.js";
import { CLOSING } from "./codes.js";
import { CourierConnections } from "./courier-connections.js";
import { CourierTime, timeout } from "./courier-time.js";
import { RefusedError } from "./errors.js";
import { pingFrame } from "./frame.js";
import { Line } from "./line.js";
import { Waits } from "./waits.js";
import { Watches } from "./watches.js";
import { disconnected, Wishes } from "./wishes.js";

/** @typedef {import("./calls.js").ErrorOf} ErrorOf */
/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./protocol.js").Outcome} Outcome */
/** @typedef {import("./subscription.js").Subscription} Subscription */
/** @typedef {import("./waits.js").Wait} Wait */

/**
 * Times are in ms.
 * @typedef {object} CourierOptions
 * @property {string} server Its name, for people.
 * @property {number} connectTimeout How long it may take to connect, to be let in, or to answer a `Ping`.
 * @property {number} heartbeat After how long without a sign of life the server is sent a `Ping`.
 * @property {number} queue How many calls may wait to be sent.
 * @property {import("./queue.js").WhenFull} whenFull
 * @property {string} idPrefix
 * @property {Readonly<import("./limits.js").Limits>} limits
 */

/**
 * Brings calls to the server and their answers back, over as many connections as that takes. It has neither sockets nor
 * clock: whoever carries its bytes tells it what time it is, in ms, and does its `takeActions`.
 *
 * A connection begins with an `Auth`, or with a `Ping`, which tells whether the server speaks Orbit 1.1. Nothing else
 * is sent before the answer.
 */
export class Courier {
  #options;
  #line;
  #waits = new Waits();
  #wishes = new Wishes(this.#waits);
  #calls;
  #watches;
  #connections;
  #time;
  /**
   * What lets a connection in; undefined: nothing is needed.
   * @type {Buffer | undefined}
   */
  secret;

  /**
   * @param {CourierOptions} options
   * @param {() => number} random From 0 to below 1.
   */
  constructor(options, random) {
    this.#options = options;
    this.#line = new Line(options.connectTimeout, random);
    this.#calls = new Calls(options, this.#waits);
    this.#watches = new Watches(this.#line, this.#waits);
    const parts = {
      line: this.#line,
      waits: this.#waits,
      wishes: this.#wishes,
      calls: this.#calls,
      watches: this.#watches,
    };
    this.#connections = new CourierConnections(options, parts);
    this.#time = new CourierTime(options, parts);
  }

  /** Whether there is a connection that takes calls. */
  get connected() {
    return this.#line.isReady;
  }

  /** Whether somebody waits for something. */
  get busy() {
    return this.#connections.busy;
  }

  /** When `tick` has to be called; Infinity: never. */
  get deadline() {
    return this.#time.deadline(this.#connections.exchange);
  }

  /** What is to be done to the connection since the last time, in this order. */
  takeActions() {
    return this.#line.takeActions();
  }

  // What the program wants.

  /**
   * @param {Call} call
   * @param {number} now
   */
  call(call, now) {
    if (this.#wishes.refuse(call)) return;
    const { exchange } = this.#connections;
    if (this.#calls.add(call, exchange && this.connected ? exchange.room : 0)) this.#line.want(now);
  }

  /**
   * @param {Subscription} subscription
   * @param {number} now
   */
  watch(subscription, now) {
    if (this.#wishes.toDisconnect) return subscription.reader.end(disconnected());
    this.#watches.add(subscription, (error) => {
      subscription.reader.end(error);
      this.unwatch(subscription);
    });
    this.#line.want(now);
  }

  /**
   * End a watch. Its reader is told nothing more.
   * @param {Subscription} subscription
   * @param {() => void} [done] What is done when the server has heard of it.
   */
  unwatch(subscription, done) {
    this.#watches.unwatch(subscription, this.#connections.exchange, done);
  }

  /**
   * Connect, if there is no connection.
   * @param {Wait} wait It fails with the attempt.
   * @param {number} now
   */
  connect(wait, now) {
    if (this.#wishes.refuse(wait)) return;
    this.#waits.begin(wait);
    if (this.connected) return this.#waits.succeed(wait, true);
    this.#wishes.connect(wait);
    this.#line.open(now);
  }

  /**
   * Carry out the calls that there are, take no others, and end the connection. Watches end at once.
   * @param {Wait} wait When its time is over, the calls that are left fail.
   */
  disconnect(wait) {
    this.#waits.begin(wait);
    this.#wishes.disconnect(wait);
    this.#watches.endAll(() => undefined);
    if (this.#line.phase === "pausing") this.#calls.failWaiting(disconnected);
    this.#connections.settle();
  }

  /**
   * End a call, or another wait, before its time.
   * @param {Wait} wait
   * @param {ErrorOf} errorOf
   */
  abort(wait, errorOf) {
    this.#waits.fail(wait, errorOf({ maybeDelivered: wait instanceof Call && wait.maybeDelivered }));
    this.#connections.settle();
  }

  // What the connection tells.

  /** @param {number} now */
  opened(now) {
    this.#connections.opened(this.secret, now);
  }

  /**
   * The bytes to send next, if there are any. To be asked only while the connection takes more.
   * @param {number} now
   * @returns {Buffer | undefined}
   */
  next(now) {
    const { exchange } = this.#connections;
    if (!exchange) return undefined;
    this.#time.sending(exchange, now);
    const parts = exchange.takeUrgent();
    if (this.connected) {
      parts.push(...this.#watches.frames(exchange), ...this.#calls.frames(exchange));
      this.#connections.settle();
    }
    return parts.length > 1 ? Buffer.concat(parts) : parts[0];
  }

  /**
   * @param {Buffer} data
   * @param {number} now
   */
  received(data, now) {
    this.#time.heard(now);
    const { exchange } = this.#connections;
    for (const outcome of exchange ? exchange.receive(data) : []) this.#take(outcome, now);
    this.#connections.settle();
  }

  /**
   * The connection is gone, or could not be made.
   * @param {string} reason
   * @param {unknown} cause
   * @param {number} now
   */
  lost(reason, cause, now) {
    this.#connections.lost(reason, cause, now);
    this.#connections.settle();
  }

  // What the time brings.

  /** @param {number} now */
  tick(now) {
    for (let wait = this.#waits.due(now); wait; wait = this.#waits.due(now)) this.#expire(wait);
    if (this.#line.until <= now) this.#phaseOver(now);
    const { exchange } = this.#connections;
    if (exchange) this.#lookAfter(exchange, now);
    this.#connections.settle();
  }

  /** @param {Wait} wait */
  #expire(wait) {
    if (!this.#wishes.isToDisconnect(wait)) {
      return this.#waits.fail(wait, timeout(wait, this.#wishes.lastFailure));
    }
    this.#waits.succeed(wait, true);
    this.#line.drop();
    this.#connections.failAll(disconnected);
  }

  /** @param {number} now */
  #phaseOver(now) {
    if (this.#line.phase === "pausing") this.#line.open(now);
    else if (this.#line.phase === "closing") this.#connections.break("the server takes no more", now);
    else this.#connections.break(`nothing came within ${this.#options.connectTimeout} ms`, now);
  }

  /**
   * Leave a connection that is dead.
   * @param {Exchange} exchange
   * @param {number} now
   */
  #lookAfter(exchange, now) {
    const death = this.#time.death(exchange, now);
    if (death !== undefined) this.#connections.break(death, now);
    else if (this.#time.asks(exchange, now)) exchange.sendFirst(new Call(pingFrame(), "done"));
  }

  // What the server says.

  /**
   * @param {Outcome} outcome
   * @param {number} now
   */
  #take(outcome, now) {
    const { exchange } = this.#connections;
    if (!exchange) return;
    switch (outcome.kind) {
      case "answer":
        if (this.#line.phase === "greeting") return this.#connections.greeted(outcome, now);
        if (outcome.value instanceof RefusedError && CLOSING.has(outcome.value.code || 0)) this.#line.goodbye(now);
        if (outcome.frame.action === "Watch") return this.#watches.answered(outcome.id, outcome.value, exchange);
        return this.#calls.answered(exchange.answered(outcome.id), outcome.value);
      case "notice":
        return this.#watches.noticed(outcome.watch, outcome.notice, exchange);
      case "ended":
        return this.#watches.ended(outcome.watch, outcome.error, exchange);
      case "goodbye":
        return this.#line.phase === "greeting"
          ? this.#connections.turnedAway(outcome.error, now)
          : this.#line.goodbye(now);
      case "violation":
        return this.#connections.violated(outcome.error, now);
    }
  }
}
