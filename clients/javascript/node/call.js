import { Wait } from "./waits.js";

/** @typedef {import("./frame.js").Frame} Frame */

/**
 * What becomes of a call whose connection is lost before its reply: it ends with an error; it is sent again; it is
 * done, since it was about that connection.
 * @typedef {"fail" | "again" | "done"} Loss
 */

/** One call, from the moment it is made to its end; its reply may come later. */
export class Call extends Wait {
  /** Whether the server can have carried it out. */
  maybeDelivered = false;
  /** Its place in the order of all that was sent. */
  order = 0;
  /** How many bytes it has on the present connection. */
  size = 0;
  /** Whether the server could have carried it out before it was sent last. */
  #before = false;

  /**
   * @param {Frame} frame
   * @param {Loss} onLoss
   * @param {number} [deadline]
   * @param {(value: import("./protocol.js").Value) => void} [resolve]
   * @param {(error: import("./errors.js").OrbitedError) => void} [reject]
   */
  constructor(frame, onLoss, deadline = Infinity, resolve = () => {}, reject = () => {}) {
    super(deadline, resolve, reject, "reply");
    this.frame = frame;
    this.onLoss = onLoss;
  }

  /**
   * @param {number} order
   * @param {number} size Its bytes.
   */
  send(order, size) {
    this.order = order;
    this.size = size;
    this.#before = this.maybeDelivered;
    // Doing any other twice is as good as once.
    if (this.frame.action === "Event" || this.frame.action === "Close") this.maybeDelivered = true;
  }

  /** The server has refused what was sent last. */
  refuse() {
    this.maybeDelivered = this.#before;
  }
}
