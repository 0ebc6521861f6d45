/** @typedef {import("./message.js").Message} Message */
/** @typedef {{state: string, detail: object}} Report How the leader's connection is. */

/** How long a tab that has taken over listens to what its predecessor has sent, and to the others, in ms. */
const TAKEOVER = 100;

/**
 * A tab that shares a connection.
 * @typedef {object} Tab
 * @property {(message: Message) => void} _receive The leader had this from the server.
 * @property {(report: Report) => void} _follow So the leader's connection is.
 * @property {() => Report} _report
 * @property {() => void} _lead Connect: this tab leads.
 * @property {() => void} _yield Disconnect: another tab has taken the lead.
 * @property {() => void} _alone There is no sharing here.
 */

/**
 * What the tabs of one key say to each other. All of it has `from`, the tab that
 * says it; its names are the same in all builds and versions, since tabs may have different ones.
 * `hi`: a tab is here, and has seen everything up to this cursor; the leader answers.
 * `ask`: the same from a tab that is about to lead; any tab that is further answers.
 * `lead`: this tab leads.
 * `to`: an answer to that tab. `items` is what it missed. From the leader also `gap`, if that is not all, `cursor`
 * and `report`.
 * `message`: from the leader's connection, which was at `after` before.
 * `report`: so the leader's connection is now.
 * @typedef {object} Word
 * @property {string} from
 * @property {string | null} [hi]
 * @property {string} [ask]
 * @property {boolean} [lead]
 * @property {string} [to]
 * @property {Message[]} [items]
 * @property {boolean} [gap]
 * @property {string | null} [cursor]
 * @property {Message} [message]
 * @property {string | null} [after]
 * @property {Report} [report]
 */

/** One of the tabs that share a connection: the holder of a lock leads, the others hear from it. */
export class Tabs {
  /**
   * @param {import("./world.js").World} world
   * @param {string} name What the tabs have in common.
   * @param {number} silence After so long without a word the leader is taken for dead, in ms.
   * @param {import("./history.js").History} history
   * @param {Tab} tab
   */
  constructor(world, name, silence, history, tab) {
    this._world = world;
    this._name = name;
    this._silence = silence;
    this._history = history;
    this._tab = tab;
    this._id = world.Math.random().toString(36);
    this._leading = false;
    /** Whether everything up to the leader's last word is known here. */
    this._synced = false;
    /** @type {string | undefined} */
    this._leader = undefined;
    /** @type {BroadcastChannel | undefined} */
    this._channel = undefined;
    /** Gives up waiting for the lock.
     * @type {AbortController | undefined} */
    this._waiting = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._takeover = undefined;
    this._release = () => {};
  }

  _join() {
    this._channel = new this._world.BroadcastChannel(this._name);
    this._channel.onmessage = ({ data }) => this._hear(data);
    this._sync();
    this._request(false);
  }

  _leave() {
    const { _channel: channel, _waiting: waiting } = this;
    this._waiting = this._channel = this._leader = undefined;
    this._leading = false;
    this._rest();
    if (waiting) waiting.abort();
    if (channel) channel.close();
    this._release();
  }

  /** @param {boolean} steal Whether the one that leads is dead. */
  _request(steal) {
    const before = this._waiting;
    const waiting = this._waiting = new AbortController();
    const current = () => this._waiting === waiting;
    if (before) before.abort();
    this._world.navigator.locks.request(
      this._name,
      steal ? { steal } : { signal: waiting.signal },
      () =>
        new Promise((release) => {
          if (!current()) return release(undefined);
          this._release = () => release(undefined);
          this._elected();
        }),
    ).catch((error) => {
      if (!current()) return;
      if (error.name !== "AbortError") {
        this._leave();
        return this._tab._alone();
      }
      // Another tab had heard nothing of this one, and stole the lock.
      this._rest();
      this._leading = false;
      this._tab._yield();
      this._sync();
      this._request(false);
    });
  }

  _elected() {
    const { _history: { _cursor: cursor } } = this;
    if (!cursor) return this._begin();
    this._say({ ask: cursor });
    this._takeover = this._world.setTimeout(() => this._begin(), TAKEOVER);
  }

  _begin() {
    this._rest();
    this._leader = this._id;
    this._leading = true;
    this._say({ lead: true });
    this._tab._lead();
  }

  /** Ask the leader for what is missing here. */
  _sync() {
    this._synced = false;
    this._say({ hi: this._history._cursor });
    this._watch();
  }

  /** A leader that says nothing any more while its connection is open hangs. */
  _watch() {
    this._world.clearTimeout(this._timer);
    this._timer = this._world.setTimeout(() => {
      this._watch();
      if (!this._synced || this._tab._report().state === "open") this._request(true);
    }, this._silence * (1 + this._world.Math.random() / 4));
  }

  /**
   * The leader has had this from the server.
   * @param {Message} message
   * @param {string | null} after
   */
  _publish(message, after) {
    if (this._leading) this._say({ message, after });
  }

  /** The state of the leader's connection has changed. */
  _tell() {
    if (this._leading) this._say({ report: this._tab._report() });
  }

  /** @param {Word} word */
  _hear(word) {
    const { from, hi, ask, to } = word;
    const { _history: history } = this;
    if (this._leading) {
      if (hi !== undefined) this._answer(from, hi);
    } else if (ask) {
      const items = history._after(ask);
      if (items && items.length) this._say({ to: from, items });
    } else if (word.lead) {
      this._leader = from;
      this._sync();
    } else if (to === this._id) this._caughtUp(word);
    else if (!to && hi === undefined && from === this._leader && this._synced) {
      this._watch();
      const { message, report } = word;
      if (report) this._tab._follow(report);
      if (message) {
        const { cursor } = message;
        // A word of the leader was lost on the way.
        if (cursor && !history._has(cursor) && word.after !== history._cursor) this._sync();
        else this._tab._receive(message);
      }
    }
  }

  /**
   * @param {string} to
   * @param {string | null} seen
   */
  _answer(to, seen) {
    const { _cursor: cursor } = this._history;
    const items = seen === null || seen === cursor ? [] : seen && this._history._after(seen);
    this._say({ to, items: items || [], gap: !items, cursor, report: this._tab._report() });
  }

  /** @param {Word} word */
  _caughtUp({ from, items, gap, cursor, report }) {
    if (report) this._tab._follow(report);
    if (!this._channel) return;
    if (gap) this._tab._receive({ gap, cursor: cursor || undefined });
    if (items) items.forEach((item) => this._tab._receive(item));
    if (report) {
      this._history._begin(/** @type {string | null} */ (cursor));
      this._leader = from;
      this._synced = true;
      this._watch();
    }
  }

  /** @param {Partial<Word>} word */
  _say(word) {
    if (this._channel) this._channel.postMessage({ ...word, from: this._id });
  }

  /** Wait for nothing any more. */
  _rest() {
    this._world.clearTimeout(this._timer);
    this._world.clearTimeout(this._takeover);
  }
}
