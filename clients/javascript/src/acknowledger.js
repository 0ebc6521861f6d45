/** At most one acknowledgement in this time, in ms. */
const INTERVAL = 1000;

/** Tells the server in batches what the page has seen. */
export class Acknowledger {
  /**
   * @param {import("./world.js").World} world
   * @param {() => void} send Sends the present cursor.
   */
  constructor(world, send) {
    this._world = world;
    this._send = send;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer = undefined;
  }

  /** Something new was seen. */
  _saw() {
    this._timer = this._timer || this._world.setTimeout(() => {
      this._timer = undefined;
      this._send();
    }, INTERVAL);
  }

  /** The next connection says what was seen by itself. */
  _stop() {
    this._world.clearTimeout(this._timer);
    this._timer = undefined;
  }
}
