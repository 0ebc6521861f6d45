import { Buffer } from "node:buffer";
import { Call } from "./call.js";
import { AUTH_REQUIRED, BAD_ACTION, CLOSING } from "./codes.js";
import { ConnectFailed, ConnectionLost, Disconnected, ProtocolError, RefusedError, Timeout } from "./errors.js";
import { Exchange } from "./exchange.js";
import { authFrame, pingFrame, unwatchFrame } from "./frame.js";
import { Line } from "./line.js";
import { Protocol } from "./protocol.js";
import { Pulse } from "./pulse.js";
import { Queue } from "./queue.js";
import { Waits } from "./waits.js";
import { Watches } from "./watches.js";

/** @typedef {import("./errors.js").OrbitedError} OrbitedError */
/** @typedef {import("./protocol.js").Outcome} Outcome */
/** @typedef {import("./protocol.js").Value} Value */
/** @typedef {import("./subscription.js").Subscription} Subscription */
/** @typedef {import("./waits.js").Wait} Wait */
/** @typedef {(details: { maybeDelivered: boolean }) => OrbitedError} ErrorOf */

/**
 * Times are in ms.
 * @typedef {object} CourierOptions
 * @property {string} server Its name, for people.
 * @property {number} connectTimeout How long it may take to connect, to be let in, or to answer a `Ping`.
 * @property {number} heartbeat After how long without a sign of life the server is sent a `Ping`.
 * @property {number} queue How many calls may wait for a connection.
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
  #queue;
  #waits = new Waits();
  /** @type {Exchange | undefined} */
  #exchange;
  /** The number of the next frame. */
  #next = 1;
  #watches = new Watches();
  #pulse;
  /**
   * Calls that the server refused because it closes, to be sent again.
   * @type {Call[]}
   */
  #again = [];
  /** @type {Set<Wait>} */
  #connecting = new Set();
  /** @type {Set<Wait>} */
  #disconnecting = new Set();
  /**
   * Why there is no connection.
   * @type {OrbitedError | undefined}
   */
  #lastFailure;
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
    this.#queue = new Queue(options.queue, options.whenFull);
    this.#pulse = new Pulse(options.heartbeat, options.connectTimeout);
  }

  /** Whether there is a connection that takes calls. */
  get connected() {
    return this.#line.isReady;
  }

  /** Whether somebody waits for something. */
  get busy() {
    return this.#wanted || this.#live > 0 || this.#again.length > 0 || this.#disconnecting.size > 0;
  }

  /** When `tick` has to be called; Infinity: never. */
  get deadline() {
    const pulse = this.#isWatchedOver ? Math.min(this.#pulse.due, this.#pulse.next) : Infinity;
    return Math.min(this.#waits.deadline, this.#line.until, pulse);
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
    if (this.#refusesNew(call)) return;
    const overflow = this.connected ? undefined : this.#queue.overflow;
    if (overflow) {
      const failing = overflow.call || call;
      this.#waits.fail(failing, overflow.error(failing.maybeDelivered));
      if (failing === call) return;
    }
    this.#waits.begin(call);
    this.#queue.add(call);
    this.#line.want(now);
  }

  /**
   * @param {Subscription} subscription
   * @param {number} now
   */
  watch(subscription, now) {
    if (this.#disconnecting.size > 0) return subscription.reader.end(disconnected());
    this.#watches.add(subscription);
    this.#line.want(now);
  }

  /**
   * End a watch. Its reader is told nothing more.
   * @param {Subscription} subscription
   * @param {() => void} [done] What is done when the server has heard of it.
   */
  unwatch(subscription, done = () => {}) {
    const { id } = subscription;
    const known = this.#watches.delete(subscription);
    if (!known || id === undefined || !this.#exchange || !this.connected) return done();
    this.#exchange.forget(id);
    this.#exchange.sendFirst(new Call(unwatchFrame(id), "done", Infinity, done, done));
  }

  /**
   * Connect, if there is no connection.
   * @param {Wait} wait It fails with the attempt.
   * @param {number} now
   */
  connect(wait, now) {
    if (this.#refusesNew(wait)) return;
    this.#waits.begin(wait);
    if (this.connected) return this.#waits.succeed(wait, true);
    keepIn(this.#connecting, wait);
    this.#line.open(now);
  }

  /**
   * Carry out the calls that there are, take no others, and end the connection. Watches end at once.
   * @param {Wait} wait When its time is over, the calls that are left fail.
   */
  disconnect(wait) {
    this.#waits.begin(wait);
    keepIn(this.#disconnecting, wait);
    this.#watches.endAll(() => undefined);
    if (this.#line.phase === "pausing") this.#failQueue(disconnected);
    this.#settle();
  }

  /**
   * End a call, or another wait, before its time.
   * @param {Wait} wait
   * @param {ErrorOf} errorOf
   */
  abort(wait, errorOf) {
    this.#waits.fail(wait, errorOf({ maybeDelivered: wait instanceof Call && wait.maybeDelivered }));
    this.#settle();
  }

  // What the connection tells.

  /** @param {number} now */
  opened(now) {
    if (this.#line.phase !== "connecting") return;
    const { limits, idPrefix } = this.#options;
    this.#exchange = new Exchange(new Protocol(limits, { first: this.#next, prefix: idPrefix }));
    this.#line.opened(now);
    this.#exchange.sendFirst(new Call(this.secret ? authFrame(this.secret, limits) : pingFrame(), "done"));
  }

  /**
   * The bytes to send next, if there are any. To be asked only while the connection takes more.
   * @param {number} now
   * @returns {Buffer | undefined}
   */
  next(now) {
    const exchange = this.#exchange;
    if (!exchange) return undefined;
    if (exchange.awaited === 0 && this.#watches.size === 0) this.#pulse.heard(now);
    const parts = exchange.takeUrgent();
    if (this.connected) {
      parts.push(...this.#watches.frames(exchange));
      parts.push(...exchange.fill(this.#queue, this.#options.limits, (call, error) => this.#waits.fail(call, error)));
      this.#settle();
    }
    return parts.length > 1 ? Buffer.concat(parts) : parts[0];
  }

  /**
   * @param {Buffer} data
   * @param {number} now
   */
  received(data, now) {
    this.#pulse.heard(now);
    for (const outcome of this.#exchange ? this.#exchange.receive(data) : []) this.#take(outcome, now);
    this.#settle();
  }

  /**
   * The connection is gone, or could not be made.
   * @param {string} reason
   * @param {unknown} cause
   * @param {number} now
   */
  lost(reason, cause, now) {
    const { phase } = this.#line;
    if (phase === "connecting") {
      const message = `no connection to ${this.#options.server}: ${reason}`;
      this.#attemptFailed(new ConnectFailed(message, { cause }), now);
    } else if (phase === "greeting") {
      this.#attemptFailed(new ConnectFailed(`${this.#options.server} did not answer: ${reason}`, { cause }), now);
    } else if (phase === "ready" || phase === "closing") {
      const message = `the connection was lost: ${reason}`;
      this.#lose((details) => new ConnectionLost(message, { ...details, cause }), now);
    }
    this.#settle();
  }

  /** @param {number} now */
  tick(now) {
    for (let wait = this.#waits.due(now); wait; wait = this.#waits.due(now)) this.#expire(wait);
    if (this.#line.until <= now) this.#phaseOver(now);
    if (this.#exchange) this.#lookAfter(this.#exchange, now);
    this.#settle();
  }

  // How a connection begins and ends.

  /** Whether there is a reason to have a connection. */
  get #wanted() {
    return this.#queue.size > 0 || this.#watches.size > 0 || this.#connecting.size > 0;
  }

  /** How many calls wait for their replies. */
  get #live() {
    return this.#exchange ? this.#exchange.live : 0;
  }

  /** Whether a silent server would be found out. One that has all it takes in flight would not read a `Ping`. */
  get #isWatchedOver() {
    if (!this.#exchange || !this.connected || !this.#exchange.speaks11) return false;
    const { awaited } = this.#exchange;
    return (awaited > 0 || this.#watches.size > 0) && awaited < this.#options.limits.inFlight;
  }

  /**
   * The server lets the connection in, or does not.
   * @param {string} id
   * @param {Value | RefusedError} value
   * @param {number} now
   */
  #greeted(id, value, now) {
    const exchange = /** @type {Exchange} */ (this.#exchange);
    exchange.answered(id);
    const old = value instanceof RefusedError && value.code === BAD_ACTION;
    // Without a secret each call is told that it needs one.
    const shut = value instanceof RefusedError && value.code === AUTH_REQUIRED && !this.secret;
    if (value instanceof RefusedError && !old && !shut) return this.#turnedAway(value, now);
    if (old) exchange.lower();
    this.#line.greeted(now);
    this.#lastFailure = undefined;
    for (const wait of this.#connecting) this.#waits.succeed(wait, true);
  }

  /**
   * The server does not take the connection.
   * @param {RefusedError} error
   * @param {number} now
   */
  #turnedAway(error, now) {
    this.#line.drop();
    const message = `${this.#options.server} did not take the connection: ${error.message}`;
    if (error.retriable) return this.#attemptFailed(new ConnectFailed(message, { cause: error }), now);
    const { code, codeName } = error;
    this.#failAll((details) => new RefusedError(error.message, code || undefined, codeName || undefined, details));
  }

  /**
   * @param {OrbitedError} error
   * @param {number} now
   */
  #attemptFailed(error, now) {
    this.#lastFailure = error;
    for (const wait of this.#connecting) this.#waits.fail(wait, error);
    this.#release();
    this.#rest(now);
  }

  /**
   * A connection that was of use is gone.
   * @param {ErrorOf} errorOf
   * @param {number} now
   */
  #lose(errorOf, now) {
    const again = this.#again;
    this.#again = [];
    for (const call of this.#release()) {
      if (call.onLoss === "done") this.#waits.succeed(call, true);
      else if (call.onLoss === "again") again.push(call);
      else this.#waits.fail(call, errorOf(call));
    }
    // Those that were refused may have been sent after some that were not answered.
    this.#queue.putBack(again.filter((call) => !call.over).sort((one, other) => one.order - other.order));
    this.#rest(now);
  }

  /** @param {number} now */
  #rest(now) {
    if (this.#disconnecting.size > 0) this.#failQueue(disconnected);
    this.#line.rest(this.#wanted, now);
  }

  /**
   * Nothing is under way any more.
   * @returns {Call[]} What was.
   */
  #release() {
    if (!this.#exchange) return [];
    const { calls, next } = this.#exchange.end();
    this.#exchange = undefined;
    this.#next = next;
    return calls;
  }

  /**
   * Give the connection up.
   * @param {string} reason
   * @param {number} now
   */
  #break(reason, now) {
    this.#line.drop();
    this.lost(reason, undefined, now);
  }

  /**
   * Leave a connection that is dead.
   * @param {Exchange} exchange
   * @param {number} now
   */
  #lookAfter(exchange, now) {
    if (exchange.abandoned >= this.#options.limits.inFlight) {
      this.#break("the server does not answer", now);
    } else if (this.#isWatchedOver && this.#pulse.due <= now) {
      this.#break("the server gave no sign of life", now);
    } else if (this.#isWatchedOver && this.#pulse.next <= now) {
      this.#pulse.ask(now);
      exchange.sendFirst(new Call(pingFrame(), "done"));
    }
  }

  /** @param {number} now */
  #phaseOver(now) {
    if (this.#line.phase === "pausing") this.#line.open(now);
    else if (this.#line.phase === "closing") this.#break("the server takes no more", now);
    else this.#break(`nothing came within ${this.#options.connectTimeout} ms`, now);
  }

  // What the server says.

  /**
   * @param {Outcome} outcome
   * @param {number} now
   */
  #take(outcome, now) {
    const exchange = this.#exchange;
    if (!exchange) return;
    switch (outcome.kind) {
      case "answer":
        if (this.#line.phase === "greeting") return this.#greeted(outcome.id, outcome.value, now);
        if (outcome.value instanceof RefusedError && CLOSING.has(outcome.value.code || 0)) this.#line.goodbye(now);
        if (outcome.frame.action === "Watch") {
          const subscription = exchange.watchOf(outcome.id);
          if (!this.#watches.answered(subscription, outcome.value) && subscription) this.unwatch(subscription);
          return;
        }
        return this.#answered(exchange.answered(outcome.id), outcome.value);
      case "notice": {
        const subscription = exchange.watchOf(outcome.watch);
        if (subscription && !subscription.take(outcome.notice)) this.unwatch(subscription);
        return;
      }
      case "ended":
        this.#watches.end(exchange.watchOf(outcome.watch), outcome.error);
        return exchange.forget(outcome.watch);
      case "goodbye":
        return this.#line.phase === "greeting" ? this.#turnedAway(outcome.error, now) : this.#line.goodbye(now);
      case "violation":
        return this.#violated(outcome.error, now);
    }
  }

  /**
   * @param {Call | undefined} call
   * @param {Value | RefusedError} value
   */
  #answered(call, value) {
    if (!call) return;
    if (!(value instanceof RefusedError)) return this.#waits.succeed(call, value);
    call.refuse();
    value.maybeDelivered = call.maybeDelivered;
    const closes = value.retriable && CLOSING.has(value.code || 0);
    if (closes && call.onLoss === "again") this.#again.push(call);
    else this.#waits.fail(call, value);
  }

  /**
   * The peer does not speak Orbit. What it has been sent is not sent again.
   * @param {ProtocolError} error
   * @param {number} now
   */
  #violated(error, now) {
    this.#line.drop();
    /** @type {ErrorOf} */
    const errorOf = (details) => new ProtocolError(error.message, error.violation, details);
    if (this.#line.phase === "greeting") return this.#failAll(errorOf);
    for (const call of this.#release()) {
      if (call.onLoss === "done") this.#waits.succeed(call, true);
      else this.#waits.fail(call, errorOf(call));
    }
    this.#lose(errorOf, now);
  }

  // What becomes of calls.

  /**
   * @param {Wait} wait
   * @returns {boolean} Whether it has failed, since nothing new is taken.
   */
  #refusesNew(wait) {
    if (this.#disconnecting.size === 0) return false;
    this.#waits.fail(wait, disconnected());
    return true;
  }

  /** @param {Wait} wait */
  #expire(wait) {
    if (this.#disconnecting.has(wait)) {
      this.#waits.succeed(wait, true);
      this.#line.drop();
      return this.#failAll(disconnected);
    }
    const cause = this.#lastFailure;
    const maybeDelivered = wait instanceof Call && wait.maybeDelivered;
    const message = wait instanceof Call ? "there was no reply in time" : "there was no connection in time";
    this.#waits.fail(wait, new Timeout(cause ? `${message}: ${cause.message}` : message, { maybeDelivered, cause }));
  }

  /** @param {ErrorOf} errorOf */
  #failQueue(errorOf) {
    for (const call of this.#queue) this.#waits.fail(call, errorOf(call));
  }

  /**
   * Everything ends, and there is no connection any more.
   * @param {ErrorOf} errorOf
   */
  #failAll(errorOf) {
    for (const call of [...this.#release(), ...this.#again, ...this.#queue]) this.#waits.fail(call, errorOf(call));
    for (const wait of this.#connecting) this.#waits.fail(wait, errorOf({ maybeDelivered: false }));
    this.#watches.endAll(() => errorOf({ maybeDelivered: false }));
    this.#again = [];
    this.#line.hangUp();
  }

  /** Disconnect, if that is asked for and nothing is under way any more. */
  #settle() {
    if (this.#disconnecting.size === 0 || this.#queue.size > 0 || this.#again.length > 0) return;
    if (this.#live > 0 && (this.connected || this.#line.phase === "closing")) return;
    this.#line.drop();
    this.#failAll(disconnected);
    for (const wait of this.#disconnecting) this.#waits.succeed(wait, true);
  }
}

/** @param {{ maybeDelivered: boolean }} [details] */
function disconnected(details) {
  return new Disconnected("the client was disconnected", details);
}

/**
 * @param {Set<Wait>} home
 * @param {Wait} wait
 */
function keepIn(home, wait) {
  wait.home = home;
  home.add(wait);
}
