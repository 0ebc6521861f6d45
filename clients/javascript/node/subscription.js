import { watchFrame } from "./frame.js";
import { gap } from "./notice.js";
import { Wait } from "./waits.js";

/** @typedef {import("./key.js").ConnectionKey} ConnectionKey */
/** @typedef {import("./notice.js").Notice} Notice */
/** @typedef {import("./notice.js").Position} Position */
/** @typedef {import("./protocol.js").Watching} Watching */
/** @typedef {import("./errors.js").OrbitedError} OrbitedError */

/**
 * Who reads the notices of a watch.
 * @typedef {object} Reader
 * @property {(watching: Watching) => void} begin The watch has begun, or goes on after a lost connection.
 * @property {(notice: Notice) => boolean} take False: too many wait, and the watch is to be ended.
 * @property {(error?: OrbitedError) => void} end
 */

/** A watch over all connections of a client. */
export class Subscription {
  #state;
  /**
   * Where to go on after a lost connection.
   * @type {Position | undefined}
   */
  #position;
  /** How many notices `present` are still to come. */
  #present = 0;
  /** Whether it was begun on a former connection, or by another process. */
  #goesOn;
  /**
   * Its id on the present connection, once its frame is sent.
   * @type {string | undefined}
   */
  id;
  /**
   * What is done if it has not begun in its time.
   * @type {(error: OrbitedError) => void}
   */
  onLate = () => {};

  /**
   * @param {ConnectionKey} key A key or a pattern.
   * @param {{ state: boolean, since: Position | undefined }} options
   * @param {Reader} reader
   * @param {number} [deadline] When it has to have begun; Infinity: never.
   */
  constructor(key, { state, since }, reader, deadline = Infinity) {
    this.key = key;
    this.reader = reader;
    /** That the server answers for the first time. */
    this.beginning = new Wait(deadline, () => {}, (error) => this.onLate(error), "reply");
    this.#state = state;
    this.#position = since;
    this.#goesOn = since !== undefined;
    // What can't be sent is found out now.
    this.frame();
  }

  /** The frame that begins it, or goes on with it [CTL-153]. */
  frame() {
    return watchFrame(this.key, { state: this.#state, ...this.#position });
  }

  /**
   * The server has answered.
   * @param {Watching} watching
   * @returns {boolean} False: the reader can't take more.
   */
  begin(watching) {
    const { epoch, sequence, present, resumed } = watching;
    const missed = this.#goesOn && !resumed;
    this.#goesOn = true;
    this.#present = present;
    this.#position = present > 0 ? undefined : { epoch, sequence };
    this.reader.begin(watching);
    return !missed || this.reader.take(gap({ epoch, sequence }));
  }

  /**
   * @param {Notice} notice
   * @returns {boolean} False: the reader can't take more.
   */
  take(notice) {
    if (notice.type === "present") this.#present -= 1;
    // A state of which only a part has come can't be gone on with: it is asked for anew.
    if (this.#present <= 0) this.#position = { epoch: notice.epoch, sequence: notice.sequence };
    return this.reader.take(notice);
  }

  /** The connection is gone. */
  lose() {
    this.id = undefined;
    this.#present = 0;
  }
}
