/** @typedef {import("./notice.js").Notice} Notice */
/** @typedef {import("./notice-buffer.js").NoticeBuffer} NoticeBuffer */

/** The notices of one watch, to be read with `for await`. Leaving the loop ends the watch. */
export class Watch {
  #buffer;
  #stop;

  /**
   * @param {NoticeBuffer} buffer
   * @param {() => Promise<void>} stop Tells the server that nobody reads it any more.
   */
  constructor(buffer, stop) {
    this.#buffer = buffer;
    this.#stop = stop;
  }

  /** What the server said as the watch began: `epoch`, `sequence`, `present` and `resumed`. */
  get ready() {
    return this.#buffer.ready;
  }

  /**
   * How far it is read, for `since` of another watch; undefined: not where one could go on, which is before it has begun,
   * unless it has a `since` itself, and between the first and the last `present` of a state.
   */
  get position() {
    return this.#buffer.position;
  }

  next() {
    return this.#buffer.next();
  }

  /** @returns {Promise<IteratorResult<Notice, undefined>>} */
  return() {
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  /**
   * End it. What waits to be read is discarded.
   * @returns {Promise<void>} Done when the server has heard of it.
   */
  end() {
    this.#buffer.discard();
    return this.#stop();
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
