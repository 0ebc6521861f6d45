/** @typedef {import("node:buffer").Buffer} Buffer */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./protocol.js").Protocol} Protocol */
/** @typedef {import("./subscription.js").Subscription} Subscription */

/** How many bytes are handed over at once, unless a single frame has more. */
const PORTION = 65536;

/** What is under way on one connection: calls that wait for their replies, and watches. */
export class Exchange {
  #protocol;
  /** @type {Map<string, Call>} */
  #calls = new Map();
  /** @type {Map<string, Subscription>} */
  #watches = new Map();
  /**
   * What goes before all calls that wait.
   * @type {Buffer[]}
   */
  #urgent = [];
  /** How many bytes the calls have that are not answered, those that are over included. */
  #bytes = 0;
  /** How many calls are over whose replies have not come. */
  abandoned = 0;

  #limits;
  /** How many bytes have the calls that are over whose replies have not come. */
  #abandonedBytes = 0;

  /**
   * @param {Protocol} protocol
   * @param {{ inFlight: number, inFlightBytes: number }} limits
   */
  constructor(protocol, limits) {
    this.#protocol = protocol;
    this.#limits = limits;
  }

  /** How many frames are not answered, those of calls that are over included. */
  get awaited() {
    return this.#protocol.awaited;
  }

  /** How many calls wait for their replies. */
  get live() {
    return this.#calls.size - this.abandoned;
  }

  /** How many frames more may be in flight. */
  get room() {
    const { inFlight, inFlightBytes } = this.#limits;
    return this.#bytes < inFlightBytes ? Math.max(inFlight - this.awaited, 0) : 0;
  }

  /** Whether calls that are over take all the room: nothing is sent unless the server answers them. */
  get choked() {
    const { inFlight, inFlightBytes } = this.#limits;
    return this.abandoned >= inFlight || this.#abandonedBytes >= inFlightBytes;
  }

  get speaks11() {
    return this.#protocol.version === "Orbit 1.1";
  }

  /** The server speaks Orbit 1.0 only. */
  lower() {
    this.#protocol.version = "Orbit 1.0";
  }

  /**
   * @param {Call} call
   * @returns {Buffer} The bytes to send.
   * @throws {import("./errors.js").UnsupportedVersion}
   */
  send(call) {
    const { id, bytes } = this.#protocol.send(call.frame);
    call.send(this.#protocol.next, bytes.length);
    this.#bytes += bytes.length;
    call.home = this;
    this.#calls.set(id, call);
    return bytes;
  }

  /**
   * Send calls that wait, in their order, up to a portion and to what may be in flight.
   * @param {import("./queue.js").Queue} queue
   * @param {(call: Call, error: import("./errors.js").OrbitedError) => void} fail
   * @returns {Buffer[]} The bytes to send.
   */
  fill(queue, fail) {
    const frames = [];
    let size = 0;
    for (const call of queue) {
      if (size >= PORTION || this.room === 0) break;
      try {
        const bytes = this.send(call);
        queue.delete(call);
        size += bytes.length;
        frames.push(bytes);
      } catch (error) {
        fail(call, /** @type {import("./errors.js").OrbitedError} */ (error));
      }
    }
    return frames;
  }

  /** @param {Call} call It goes before all that wait. */
  sendFirst(call) {
    this.#urgent.push(this.send(call));
  }

  takeUrgent() {
    const urgent = this.#urgent;
    this.#urgent = [];
    return urgent;
  }

  /**
   * @param {Subscription} subscription
   * @returns {Buffer} The bytes to send.
   * @throws {import("./errors.js").UnsupportedVersion}
   */
  watch(subscription) {
    const { id, bytes } = this.#protocol.send(subscription.frame());
    subscription.id = id;
    this.#watches.set(id, subscription);
    return bytes;
  }

  /** @param {string} id */
  watchOf(id) {
    return this.#watches.get(id);
  }

  /**
   * Nobody reads this watch any more.
   * @param {string} id
   */
  forget(id) {
    this.#watches.delete(id);
  }

  /** @param {Buffer} data */
  receive(data) {
    return this.#protocol.receive(data);
  }

  /**
   * The call that a reply answers, unless it is over. It is under way no more.
   * @param {string} id
   */
  answered(id) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (!call) return undefined;
    this.#bytes -= call.size;
    if (!call.over) {
      call.home = undefined;
      return call;
    }
    this.abandoned -= 1;
    this.#abandonedBytes -= call.size;
    return undefined;
  }

  /**
   * A call is over before its reply has come.
   * @param {Call} call
   */
  delete(call) {
    this.abandoned += 1;
    this.#abandonedBytes += call.size;
  }

  /**
   * The connection is gone.
   * @returns {{ calls: Call[], next: number }} The calls that were under way, in their order, and the number of the
   *   next frame.
   */
  end() {
    for (const subscription of this.#watches.values()) subscription.lose();
    const calls = [...this.#calls.values()].filter((call) => !call.over);
    for (const call of calls) call.home = undefined;
    return { calls, next: this.#protocol.next };
  }
}
