import { Acknowledger } from "./acknowledger.js";
import { Attempts } from "./attempts.js";
import { polls, transports } from "./transports/list.js";

/** @typedef {import("./message.js").Message} Message */
/** @typedef {ReturnType<typeof setTimeout>} Timer */

/** Statuses that asking again does not change. */
const REFUSALS = [400, 401, 403, 404];
/** A poll that has not failed by then waits for events, in ms. */
const POLL_OPEN = 1000;
/** When a better transport is tried again, and how long a worse one is remembered, in ms. */
const BETTER = 300000;

/**
 * Who is told what happens.
 * @typedef {object} Host
 * @property {(message: Message) => boolean} _message Something came; returns whether it was new.
 * @property {(transport: string) => void} _opened
 * @property {(delay: number, reason: string) => void} _waiting
 * @property {() => void} _switching The connection is closed, since a better transport is tried.
 * @property {() => void} _replaced
 * @property {(reason: string) => void} _closed The application closed the session.
 * @property {(reason: string) => void} _refused
 */

/** The page's one connection to the server: opens it, watches it, opens it again. */
export class Link {
  /**
   * @param {import("./world.js").World} world
   * @param {import("./address.js").Address} address
   * @param {string[]} names The transports to use, best first.
   * @param {{open: number, silence: number, credentials: boolean}} settings Times in ms.
   * @param {import("./history.js").History} history
   * @param {Host} host
   */
  constructor(world, address, names, settings, history, host) {
    this._world = world;
    this._address = address;
    this._names = names;
    this._settings = settings;
    this._history = history;
    this._host = host;
    // A page that asked for one transport tells nothing about those that it did not ask for.
    this._place = `${address._base} ${names}`;
    this._attempts = new Attempts(names, polls, this._remembered(), () => world.Math.random());
    this._acks = new Acknowledger(world, () => {
      if (this._handle && this._handle._ack && history._cursor) this._handle._ack(history._cursor);
    });
    /** How many attempts there have been. */
    this._tries = 0;
    /** @type {import("./transports/call.js").Call | undefined} */
    this._call = undefined;
    /** @type {import("./transports/call.js").Handle | undefined} */
    this._handle = undefined;
    /** The end of what is done now: a pause, an attempt, or silence.
     * @type {Timer | undefined} */
    this._timer = undefined;
    /** @type {Timer | undefined} */
    this._upgrade = undefined;
    /** When this connection opened; undefined before.
     * @type {number | undefined} */
    this._openedAt = undefined;
    this._heardAt = 0;
    /** Whether this is the page's first connection, and it has brought nothing yet. */
    this._fresh = false;
    /** Whether a pause is under way. */
    this._paused = false;
  }

  _start() {
    this._stop();
    this._attempts._begin();
    this._connect();
  }

  _stop() {
    const handle = this._handle;
    this._call = this._handle = this._openedAt = undefined;
    this._paused = false;
    this._acks._stop();
    this._world.clearTimeout(this._timer);
    this._world.clearTimeout(this._upgrade);
    if (handle) handle._close();
  }

  /** The page was looked at: do not keep anybody waiting. */
  _hurry() {
    if (this._paused) this._connect();
  }

  /** The network is there again, perhaps another one: what was open is in doubt, and anything may work. */
  _renew() {
    if (this._call || this._paused) this._pause(this._attempts._restart(), "The network has changed.");
  }

  _connect() {
    this._stop();
    const { _world: world, _history: history, _settings: settings, _address: address } = this;
    const name = this._attempts._name;
    const transport = transports[name];
    this._fresh = !this._tries++ && !history._cursor;
    /** @type {import("./transports/call.js").Call} */
    const call = {
      _world: world,
      _credentials: settings.credentials,
      _page: address._foreign && world.location ? world.location.origin : undefined,
      _origin: address._origin,
      _url: () => address._of(name, history._cursor),
      _take: (message) => {
        if (this._call === call) this._take(message, name);
      },
      _read: (text) => {
        try {
          call._take(JSON.parse(text));
        } catch (error) {
          call._end({ reason: String(error) });
        }
      },
      _end: (failure) => {
        if (this._call === call) this._end(failure);
      },
      _ack: () => this._post(),
    };
    this._call = call;
    // While a better transport is tried no other one is open, and the server's grace runs.
    const patience = this._attempts._trial ? settings.open / 2 : settings.open;
    this._after(transport._poll ? POLL_OPEN : patience, () => {
      if (transport._poll) this._opened(name);
      else call._end({ reason: "Nothing came in time.", held: !transport._socket });
    });
    /** @type {import("./transports/call.js").Handle | undefined} */
    let handle;
    try {
      handle = transport._open(call);
    } catch (error) {
      // Such as a page's security policy.
      call._end({ reason: String(error) });
    }
    if (this._call === call) this._handle = handle;
    else if (handle) handle._close();
  }

  /** @param {string} name */
  _opened(name) {
    if (this._openedAt !== undefined) return;
    this._heardAt = this._openedAt = this._now();
    this._attempts._opened();
    this._remember(name);
    this._watch();
    this._host._opened(name);
  }

  /**
   * @param {Message} message
   * @param {string} name
   */
  _take(message, name) {
    const call = this._call;
    if (message.closed === "replaced") {
      this._stop();
      this._host._replaced();
    } else if (message.closed === "closed") {
      this._stop();
      this._host._closed(message.reason || "The application closed the session.");
    } else if (message.closed) this._end({ reason: "The server shuts down." });
    else {
      this._opened(name);
      // The page may have closed it on hearing that it is open.
      if (this._call !== call) return;
      this._heardAt = this._now();
      if (message.retry) this._attempts._base = message.retry;
      const { cursor } = message;
      // What was lost before this page began is not its loss.
      const gap = message.gap && !this._fresh;
      const events = "data" in message ? [message.data] : message.events || (message.gap ? [] : undefined);
      if (events) this._fresh = false;
      const batch = !!message.events;
      if (this._host._message({ cursor, gap, events, batch }) && cursor) this._acks._saw();
    }
  }

  /** @param {import("./attempts.js").Failure} failure */
  _end({ reason, ...failure }) {
    const { _openedAt: openedAt, _attempts: attempts } = this;
    const { status, final } = failure;
    this._stop();
    if (final || !attempts._trial && REFUSALS.includes(/** @type {number} */ (status))) {
      this._host._refused(reason);
      return;
    }
    const wait = openedAt === undefined
      ? attempts._failed({ reason, ...failure })
      : attempts._lost(this._now() - openedAt);
    if (wait === undefined) this._after(0, () => this._connect());
    else this._pause(wait, reason);
  }

  /**
   * @param {number} delay
   * @param {string} reason
   */
  _pause(delay, reason) {
    this._stop();
    this._paused = true;
    this._after(delay, () => this._connect());
    this._host._waiting(delay, reason);
  }

  /** Notices that a connection is dead. */
  _watch() {
    const { _settings: { silence }, _handle: handle } = this;
    const left = handle && handle._quiet ? silence : this._heardAt + silence - this._now();
    if (left <= 0) this._end({ reason: "Nothing was heard for too long." });
    else this._after(left, () => this._watch());
  }

  /** @param {string} name */
  _remember(name) {
    const best = this._names[0] === name;
    const [known, since] = this._stored();
    const time = this._world.Date.now();
    if (known !== name) this._store(`${name} ${time}`);
    const due = known === name ? BETTER - (time - since) : BETTER;
    if (!best) {
      this._upgrade = this._world.setTimeout(() => {
        this._store("");
        if (this._attempts._better()) {
          this._host._switching();
          this._connect();
        }
      }, Math.max(due, 0));
    }
  }

  /** The transport that worked on the page before, if that is not too long ago. */
  _remembered() {
    const [name, since] = this._stored();
    return this._world.Date.now() - since < BETTER ? name : "";
  }

  /** @returns {[string, number]} */
  _stored() {
    try {
      const [name, time] = (this._world.localStorage.getItem(this._place) || "").split(" ");
      return [name, +time || 0];
    } catch {
      return ["", 0];
    }
  }

  /** @param {string} text */
  _store(text) {
    try {
      this._world.localStorage.setItem(this._place, text);
    } catch {
      // Storage is a help, and may be forbidden or full.
    }
  }

  _post() {
    const { _world: world, _history: history, _settings: { credentials } } = this;
    if (!history._cursor || !world.fetch) return;
    world.fetch(this._address._ack(history._cursor), {
      method: "POST",
      keepalive: true,
      credentials: credentials ? "include" : "same-origin",
    }).catch(() => {});
  }

  /**
   * @param {number} ms
   * @param {() => void} then
   */
  _after(ms, then) {
    this._world.clearTimeout(this._timer);
    this._timer = this._world.setTimeout(then, ms);
  }

  _now() {
    return this._world.performance.now();
  }
}
