import { Buffer } from "node:buffer";

const SMALLEST = 256;

/** Bytes that come in pieces. It grows by doubling, so that each byte is copied a few times at most. */
export class Accumulator {
  #buffer = Buffer.alloc(0);

  /** How many bytes it holds. */
  size = 0;

  /** @param {Uint8Array} piece */
  add(piece) {
    const size = this.size + piece.length;
    if (size > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#buffer.length, SMALLEST));
      this.#buffer.copy(larger, 0, 0, this.size);
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.size);
    this.size = size;
  }

  /** Give all that it holds, and hold nothing. */
  take() {
    const all = this.#buffer.subarray(0, this.size);
    this.#buffer = Buffer.alloc(0);
    this.size = 0;
    return all;
  }
}
