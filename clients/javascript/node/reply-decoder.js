import { Buffer, isUtf8 } from "node:buffer";
import { Accumulator } from "./accumulator.js";
import { ProtocolError } from "./errors.js";
import { DEFAULT_LIMITS } from "./limits.js";
import { Draft, quoted } from "./reply.js";

/** @typedef {import("./reply.js").Told} Told */

const LF = 0x0a;
const CR = 0x0d;
/** How much longer than a frame's line `unreached: 305 unconfirmed (KEY)` may be. */
const AROUND_KEY = 128;

/** Turns bytes into replies and notices, however they are cut [CTL-45]; it holds one unfinished reply at most. */
export class ReplyDecoder {
  #limits;
  /** The beginning of a line, or of a body. */
  #part = new Accumulator();
  /** @type {Draft | undefined} */
  #draft;
  /**
   * How many bytes the body has that is being read.
   * @type {number | undefined}
   */
  #length;
  /** How many bytes this reply has had, its present part not counted. */
  #size = 0;
  /**
   * Why it can't go on: what came is no Orbit.
   * @type {ProtocolError | undefined}
   */
  failure;

  /** @param {Readonly<import("./limits.js").Limits>} [limits] */
  constructor(limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /**
   * Take the next bytes and give what they finish, up to a `failure`.
   * @param {Uint8Array} data
   * @returns {Told[]}
   */
  feed(data) {
    /** @type {Told[]} */
    const told = [];
    let rest = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    try {
      while (!this.failure && rest.length > 0) {
        rest = this.#length === undefined ? this.#takeLine(rest, told) : this.#takeBody(rest, told);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.failure = error;
    }
    return told;
  }

  /**
   * @param {Buffer} data
   * @param {Told[]} told
   * @returns {Buffer} What is left.
   */
  #takeLine(data, told) {
    const end = data.indexOf(LF);
    const piece = end < 0 ? data : data.subarray(0, end);
    // The CR of the line's end may be in it.
    if (this.#part.size + piece.length > this.#limits.line + AROUND_KEY + 1) {
      throw new ProtocolError(`a line of the reply is longer than ${this.#limits.line + AROUND_KEY} bytes`, "line");
    }
    if (end < 0) {
      this.#part.add(piece);
      return data.subarray(data.length);
    }
    let line = piece;
    if (this.#part.size > 0) {
      this.#part.add(piece);
      line = this.#part.take();
    }
    this.#checkSize(line.length + 1);
    this.#finishLine(textOf(line), told);
    return data.subarray(end + 1);
  }

  /**
   * @param {string} line
   * @param {Told[]} told
   */
  #finishLine(line, told) {
    if (!this.#draft) this.#draft = new Draft(line);
    else if (line !== "") this.#draft.takeHeader(line);
    else {
      const length = this.#draft.length;
      if (length === undefined) this.#finish(undefined, told);
      else if (length === 0) this.#finish(Buffer.alloc(0), told);
      else {
        this.#checkSize(length);
        this.#length = length;
      }
    }
  }

  /**
   * @param {Buffer} data
   * @param {Told[]} told
   * @returns {Buffer} What is left.
   */
  #takeBody(data, told) {
    const length = /** @type {number} */ (this.#length);
    const piece = data.subarray(0, length - this.#part.size);
    this.#part.add(piece);
    if (this.#part.size === length) this.#finish(this.#part.take(), told);
    return data.subarray(piece.length);
  }

  /**
   * @param {Buffer | undefined} body
   * @param {Told[]} told
   */
  #finish(body, told) {
    const one = /** @type {Draft} */ (this.#draft).finish(body);
    if (one) told.push(one);
    this.#draft = this.#length = undefined;
    this.#size = 0;
  }

  /** @param {number} more */
  #checkSize(more) {
    this.#size += more;
    if (this.#size <= this.#limits.reply) return;
    throw new ProtocolError(`a reply has more than ${this.#limits.reply} bytes`, "size");
  }
}

/**
 * The text of a line, without the CR of its end.
 * @param {Buffer} line
 */
function textOf(line) {
  const bytes = line[line.length - 1] === CR ? line.subarray(0, -1) : line;
  if (bytes.includes(CR)) throw new ProtocolError("a line of the reply holds a stray carriage return", "line");
  if (!isUtf8(bytes)) throw new ProtocolError(`the reply's line ${quoted(bytes.toString())} is not UTF-8`, "line");
  return bytes.toString();
}
