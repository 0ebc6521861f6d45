/** @typedef {import("./message.js").Message} Message */

// The bounds of the server's own replay buffer: what it can send again is known here.
const MOST = 256;
const MOST_BYTES = 1 << 20;

/** What the page has had: how far it is, what to drop when it comes again, and what another tab may have missed. */
export class History {
  /** @param {boolean} [whole] Keep the messages too, for other tabs, and not only their cursors. */
  constructor(whole) {
    this._whole = whole;
    this._size = 0;
    /** @type {Map<string, {_message?: Message, _content: unknown, _size: number}>} */
    this._kept = new Map();
    /**
     * Where the page is; null if that is not known.
     * @type {string | null}
     */
    this._cursor = null;
  }

  /** @param {string} cursor */
  _has(cursor) {
    const kept = this._kept.get(cursor);
    return !!kept && !!kept._content;
  }

  /**
   * Begin at a place, whatever was before.
   * @param {string | null} cursor
   */
  _begin(cursor) {
    this._cursor = cursor;
    if (cursor && !this._kept.has(cursor)) this._keep(cursor, { cursor }, 0);
  }

  /**
   * @param {Message} message
   * @returns {boolean} Whether it has anything that the page has not had.
   */
  _take(message) {
    const { cursor, events, gap, batch } = message;
    const content = gap || (events && events.length);
    if (!cursor) {
      // The transports of 2007 have no cursor: after their events the old one says nothing any more. A poll's answer
      // without one leaves it as it is. [POL-9]
      if (content && !batch) this._cursor = null;
      return !!content;
    }
    if (content) {
      if (this._has(cursor)) return false;
      this._keep(cursor, message, content);
      this._cursor = cursor;
      return true;
    }
    // The position of a stream may be ahead of what it is about to send again; the answer to a poll is complete.
    if (events || this._cursor === null) this._begin(cursor);
    return false;
  }

  /**
   * What came after a cursor.
   * @param {string} cursor
   * @returns {Message[] | undefined} Undefined if that is not known in whole.
   */
  _after(cursor) {
    /** @type {Message[] | undefined} */
    let found;
    for (const [at, { _message, _content }] of this._kept) {
      if (found && _content) {
        if (!_message) return;
        found.push(_message);
      }
      if (at === cursor) found = [];
    }
    return found;
  }

  /**
   * @param {string} cursor
   * @param {Message} message
   * @param {unknown} content
   */
  _keep(cursor, message, content) {
    const size = this._whole && content ? JSON.stringify(message).length : 0;
    this._kept.delete(cursor);
    this._kept.set(cursor, {
      _message: this._whole ? message : undefined,
      _content: content,
      _size: size,
    });
    this._size += size;
    for (const [at, kept] of this._kept) {
      const many = this._kept.size > MOST;
      if (many) this._kept.delete(at);
      else if (this._size <= MOST_BYTES) break;
      this._size -= kept._size;
      kept._size = 0;
      if (kept._content) kept._message = undefined;
    }
  }
}
