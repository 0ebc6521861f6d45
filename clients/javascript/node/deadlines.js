/**
 * Something that has to be over at a certain time.
 * @typedef {{ deadline: number, place?: number }} Timed
 */

/**
 * What has a deadline, the earliest first: a binary heap whose members know their places, so that each can leave it.
 * @template {Timed} T
 */
export class Deadlines {
  /** @type {T[]} */
  #heap = [];

  /**
   * The earliest.
   * @returns {T | undefined}
   */
  get first() {
    return this.#heap[0];
  }

  /** @param {T} one An `Infinity` is never over, and not kept. */
  add(one) {
    if (one.deadline === Infinity) return;
    this.#put(one, this.#heap.length);
    this.#rise(one);
  }

  /** @param {T} one It may not be in here. */
  remove(one) {
    const { place } = one;
    if (place === undefined) return;
    one.place = undefined;
    const last = /** @type {T} */ (this.#heap.pop());
    if (last === one) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  /** @param {T} one */
  #rise(one) {
    for (let place = placeOf(one); place > 0;) {
      const parent = (place - 1) >> 1;
      if (this.#heap[parent].deadline <= one.deadline) return;
      this.#put(this.#heap[parent], place);
      this.#put(one, parent);
      place = parent;
    }
  }

  /** @param {T} one */
  #sink(one) {
    for (let place = placeOf(one);;) {
      let child = 2 * place + 1;
      if (child >= this.#heap.length) return;
      if (child + 1 < this.#heap.length && this.#heap[child + 1].deadline < this.#heap[child].deadline) child += 1;
      if (one.deadline <= this.#heap[child].deadline) return;
      this.#put(this.#heap[child], place);
      this.#put(one, child);
      place = child;
    }
  }

  /**
   * @param {T} one
   * @param {number} place
   */
  #put(one, place) {
    this.#heap[place] = one;
    one.place = place;
  }
}

/** @param {Timed} one */
function placeOf(one) {
  return /** @type {number} */ (one.place);
}
