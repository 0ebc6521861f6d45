/**
 * Everything that can go wrong, as one tree.
 *
 *     OrbitedError
 *     ├── OrbitedConnectionError
 *     │   ├── ConnectFailed      no connection could be made
 *     │   └── ConnectionLost     the connection ended before the reply
 *     ├── Timeout                the call took too long
 *     ├── Aborted                its AbortSignal ended the call
 *     ├── QueueFull              the queue is full, and `whenFull` is "fail"
 *     ├── Dropped                a later call took the place in the queue ("drop_oldest")
 *     ├── Disconnected           the client was disconnected meanwhile
 *     ├── NoticesOverflow        nobody read the notices of a watch in time
 *     ├── ProtocolError          the peer does not speak Orbit
 *     ├── RefusedError           the server refused: `code`, `codeName`, `message`
 *     │   └── UnsupportedVersion the server speaks Orbit 1.0 only
 *     ├── InvalidRecipient       no connection key and no pattern
 *     ├── InvalidBody            can't be sent as a body
 *     ├── InvalidValue           can't be sent as the value of a header
 *     └── LimitExceeded          more than the wire allows
 *
 * A recipient that was not reached is no error: it is named by the receipt.
 */

/** @typedef {{ maybeDelivered?: boolean, cause?: unknown }} Details */

/** The root of all errors of this package. */
export class OrbitedError extends Error {
  /** Whether browsers can have got the event, or the server can have carried out the call, nevertheless. */
  maybeDelivered;

  /**
   * @param {string} message What happened, in one sentence.
   * @param {Details} details
   */
  constructor(message, { maybeDelivered = false, cause } = {}) {
    super(message);
    this.maybeDelivered = maybeDelivered;
    if (cause !== undefined) Object.defineProperty(this, "cause", { value: cause, configurable: true, writable: true });
  }

  get name() {
    return this.constructor.name;
  }

  /**
   * The number from the registry of codes; null if the server gave none.
   * @returns {number | null}
   */
  get code() {
    return null;
  }

  /**
   * The name that belongs to the code; null if the server gave none.
   * @returns {string | null}
   */
  get codeName() {
    return null;
  }

  /** Whether the same call can succeed if it is made again. */
  get retriable() {
    return false;
  }

  /** Whether the call can be made again without the risk of delivering an event twice. */
  get safeToRetry() {
    return this.retriable && !this.maybeDelivered;
  }
}

/** An error after which the same call can succeed. */
class Passing extends OrbitedError {
  get retriable() {
    return true;
  }
}

/** There is no connection to the server, or no longer. A retry can help. */
export class OrbitedConnectionError extends Passing {}

/** No connection could be made. */
export class ConnectFailed extends OrbitedConnectionError {}

/** The connection ended before the reply came [CTL-94]. */
export class ConnectionLost extends OrbitedConnectionError {}

/** The time given for the call was over. If the call had been sent, `maybeDelivered` is true. */
export class Timeout extends Passing {}

/** The `AbortSignal` of the call was triggered; its reason is the `cause`. */
export class Aborted extends Passing {
  get name() {
    return "AbortError";
  }
}

/** As many calls as the queue holds wait to be sent. Nothing was sent. */
export class QueueFull extends Passing {}

/** The call was the oldest in a full queue, and made room for a later one. */
export class Dropped extends Passing {}

/** `disconnect()` ended the call. */
export class Disconnected extends Passing {}

/** So many notices waited to be read that the watch was ended. Watch again with `since`. */
export class NoticesOverflow extends Passing {}

/** The peer sent something that is no Orbit. The connection is closed. */
export class ProtocolError extends OrbitedError {
  /**
   * @param {string} message
   * @param {string} violation What is wrong: `line`, `word`, `size`, `id`, or the name of a header.
   * @param {Details} [details]
   */
  constructor(message, violation, details) {
    super(message, details);
    /** What is wrong: `line`, `word`, `size`, `id`, or the name of a header. */
    this.violation = violation;
  }
}

/** The server refused the call as a whole and did nothing of it. */
export class RefusedError extends OrbitedError {
  #code;
  #codeName;

  /**
   * @param {string} message The server's own sentence.
   * @param {number} [code]
   * @param {string} [codeName]
   * @param {Details} [details]
   */
  constructor(message, code, codeName, details = {}) {
    super(message, details);
    this.#code = code === undefined ? null : code;
    this.#codeName = codeName === undefined ? null : codeName;
  }

  get code() {
    return this.#code;
  }

  get codeName() {
    return this.#codeName;
  }

  /** Whether the code is one of the temporary ones, 4xx [CTL-49]. */
  get retriable() {
    return this.#code !== null && this.#code >= 400 && this.#code < 500;
  }
}

/** The server speaks Orbit 1.0 only, and the call needs Orbit 1.1 [CTL-152]. */
export class UnsupportedVersion extends RefusedError {}

/** A recipient is no connection key and no pattern. Nothing was sent. */
export class InvalidRecipient extends OrbitedError {
  /**
   * @param {string} message
   * @param {unknown} recipient The recipient as it was given.
   */
  constructor(message, recipient) {
    super(message);
    /** The recipient as it was given. */
    this.recipient = recipient;
  }
}

/** The body can't be written as JSON or as UTF-8, or is no text or bytes. Nothing was sent. */
export class InvalidBody extends OrbitedError {}

/** A value such as a `ttl` can't be sent. Nothing was sent. */
export class InvalidValue extends OrbitedError {}

/** The call is larger than the wire allows. Nothing was sent. */
export class LimitExceeded extends OrbitedError {
  /**
   * @param {string} message
   * @param {string} limit The name of the limit.
   * @param {number} value The size that was given.
   * @param {number} maximum The size that is allowed.
   */
  constructor(message, limit, value, maximum) {
    super(message);
    /** The name of the limit. */
    this.limit = limit;
    /** The size that was given. */
    this.value = value;
    /** The size that is allowed. */
    this.maximum = maximum;
  }
}
