import { Address } from "./address.js";
import { History } from "./history.js";
import { Link } from "./link.js";
import { Tabs } from "./tabs.js";
import { usable } from "./transports/list.js";
import { here } from "./world.js";

/** @typedef {import("./message.js").Message} Message */
/** @typedef {import("../orbited.js").ConnectionOptions} Options */
/** @typedef {import("../orbited.js").ConnectionState} State */

/** How many events may wait for a `for await` that is slow. */
const MOST_WAITING = 1000;
/** The server's heartbeat comes every 25 s: two of them were missed, in ms. */
const SILENCE = 60000;
/** How long a stream may take to begin, in ms. */
const OPEN = 5000;
/** How long a leader that was replaced waits for word that a tab of its own browser did it, in ms. */
const THEFT = 100;

/** The events of one connection key. */
export class Connection extends EventTarget {
  /**
   * @param {Options} options
   * @param {import("./world.js").World} [world]
   */
  constructor(options, world = here) {
    super();
    const { openTimeout = OPEN, silence = SILENCE, credentials = false, share = true } = options;
    const address = new Address(options, world.location && world.location.href);
    const shared = share && world.navigator && world.navigator.locks && "BroadcastChannel" in world;
    this._world = world;
    this._history = new History(!!shared);
    this._link = new Link(
      world,
      address,
      usable(options.transports, world),
      { open: openTimeout, silence, credentials },
      this._history,
      this,
    );
    this._tabs = shared ? new Tabs(world, address._key, silence, this._history, this) : null;
    /** @type {State} */
    this.state = "connecting";
    /** @type {string | null} */
    this.transport = null;
    /** @type {object} */
    this._detail = {};
    this._suspended = false;
    /** @type {(() => void)[]} */
    this._listening = [];
    this._listen();
    // Not before the page has had the chance to listen.
    Promise.resolve().then(() => this._over() || this._begin());
  }

  get cursor() {
    return this._history._cursor;
  }

  close() {
    this._finish("closed", "The page closed the connection.");
  }

  async *[Symbol.asyncIterator]() {
    /** @type {Event[]} */
    const waiting = [];
    let overrun = false;
    let wake = () => {};
    const hear = (/** @type {Event} */ event) => {
      overrun = overrun || waiting.length >= MOST_WAITING;
      if (!overrun) waiting.push(event);
      wake();
    };
    const types = ["event", "closed", "replaced"];
    types.forEach((type) => this.addEventListener(type, hear));
    try {
      while (waiting[0] || !this._over()) {
        if (overrun) throw new Error(`More than ${MOST_WAITING} events wait to be read.`);
        const event = waiting.shift();
        if (!event) await new Promise((resolve) => wake = () => resolve(undefined));
        else if (event.type === "event") yield /** @type {any} */ (event);
        else return;
      }
    } finally {
      types.forEach((type) => this.removeEventListener(type, hear));
    }
  }

  // The page's life.

  _listen() {
    const { document } = this._world;
    const on = (
      /** @type {EventTarget} */ target,
      /** @type {string} */ type,
      /** @type {() => void} */ act,
    ) => {
      if (!target || !target.addEventListener) return;
      target.addEventListener(type, act);
      this._listening.push(() => target.removeEventListener(type, act));
    };
    const suspend = () => this._suspend();
    const resume = () => this._resume();
    on(this._world, "pagehide", suspend);
    on(this._world, "pageshow", resume);
    on(document, "freeze", suspend);
    on(document, "resume", resume);
    on(this._world, "online", () => this._link._renew());
    on(document, "visibilitychange", () => document.hidden || this._link._hurry());
  }

  _begin() {
    if (this._tabs) this._tabs._join();
    else this._link._start();
  }

  /** A page that is kept for later must not hold a connection, nor lead. */
  _suspend() {
    this._suspended = true;
    this._halt();
    this._turn("connecting", {});
  }

  _resume() {
    if (this._suspended) this._begin();
    this._suspended = false;
  }

  _halt() {
    this._link._stop();
    if (this._tabs) this._tabs._leave();
  }

  // What the link tells.

  /** @param {Message} message */
  _message(message) {
    const { cursor, events } = message;
    const after = this.cursor;
    const fresh = this._history._take(message);
    // The other tabs first: this page may take long, or end here.
    if (this._tabs) this._tabs._publish(fresh || events || this.cursor !== after ? message : {}, after);
    if (fresh) this._show(message, cursor);
    return fresh;
  }

  /** @param {string} transport */
  _opened(transport) {
    this._turn("open", { transport });
  }

  /**
   * @param {number} delay
   * @param {string} reason
   */
  _waiting(delay, reason) {
    this._turn("reconnecting", { delay, reason });
  }

  _switching() {
    this._turn("connecting", {});
  }

  /** @param {string} reason */
  _refused(reason) {
    this._finish("closed", reason);
  }

  /** @param {string} reason */
  _closed(reason) {
    this._finish("closed", reason, true);
  }

  _replaced() {
    const replaced = () => this._finish("replaced", "Another browser has taken over.", true);
    const tabs = this._tabs;
    if (!tabs) return replaced();
    // A tab that was asleep may find both: that another one took the lead, and that its connection was replaced.
    this._world.setTimeout(() => {
      if (tabs._leading) replaced();
    }, THEFT);
  }

  // What the tabs tell.

  _lead() {
    this._link._start();
  }

  _yield() {
    this._link._stop();
    this._turn("connecting", {});
  }

  _alone() {
    this._tabs = null;
    this._link._start();
  }

  /** @param {Message} message */
  _receive(message) {
    if (this._history._take(message)) this._show(message, message.cursor);
  }

  _report() {
    return { state: this.state, detail: this._detail };
  }

  /** @param {import("./tabs.js").Report} report */
  _follow({ state, detail }) {
    if (state === "replaced" || state === "closed") {
      this._finish(state, /** @type {{reason: string}} */ (detail).reason);
    } else if (state !== this.state || state === "reconnecting") {
      this._turn(/** @type {State} */ (state), detail);
    }
  }

  // What the page is told.

  /**
   * @param {Message} message
   * @param {string | undefined} cursor
   */
  _show({ gap, events = [] }, cursor) {
    if (gap) this._emit("gap", {});
    // Only after the last of them nothing is missing.
    events.forEach((data, at) => {
      if (!this._over()) {
        this._emit("event", { data, cursor: at < events.length - 1 ? null : cursor || null });
      }
    });
  }

  /**
   * @param {State} state
   * @param {{transport?: string, delay?: number, reason?: string}} detail
   */
  _turn(state, detail) {
    if (this._over()) return;
    this.state = state;
    this.transport = detail.transport || null;
    this._detail = detail;
    if (this._tabs) this._tabs._tell();
    if (state !== "connecting") this._emit(state, detail);
  }

  /**
   * @param {"closed" | "replaced"} state
   * @param {string} reason
   * @param {boolean} [forAll] Whether it is over for the other tabs, too.
   */
  _finish(state, reason, forAll) {
    if (this._over()) return;
    this.state = state;
    this.transport = null;
    this._detail = { reason };
    if (this._tabs && forAll) this._tabs._tell();
    this._halt();
    this._listening.forEach((stop) => stop());
    this._emit(state, { reason });
  }

  _over() {
    return this.state === "closed" || this.state === "replaced";
  }

  /**
   * @param {string} type
   * @param {object} detail
   */
  _emit(type, detail) {
    this.dispatchEvent(Object.assign(new Event(type), detail));
  }
}
