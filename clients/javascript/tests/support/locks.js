/** Locks as the Web Locks API has them, as far as the library uses them: exclusive, in turn, with signal and steal. */
export class Locks {
  constructor() {
    this.held = new Map();
    this.queues = new Map();
  }

  request(name, { signal, steal }, act) {
    return new Promise((resolve, reject) => {
      const entry = { resolve, reject, act, done: false };
      const queue = this.queues.get(name) ?? [];
      this.queues.set(name, queue);
      const aborted = () => new DOMException("The request was aborted.", "AbortError");
      signal?.addEventListener("abort", () => {
        const at = queue.indexOf(entry);
        if (at >= 0) {
          queue.splice(at, 1);
          reject(aborted());
        }
      });
      if (steal) {
        const holder = this.held.get(name);
        this.held.delete(name);
        queue.unshift(entry);
        holder?.reject(aborted());
      } else queue.push(entry);
      queueMicrotask(() => this.grant(name));
    });
  }

  grant(name) {
    const queue = this.queues.get(name);
    if (this.held.has(name) || queue.length === 0) return;
    const entry = queue.shift();
    this.held.set(name, entry);
    Promise.resolve(entry.act()).then((value) => {
      entry.resolve(value);
      this.free(name, entry);
    });
  }

  free(name, entry) {
    if (this.held.get(name) !== entry) return;
    this.held.delete(name);
    this.grant(name);
  }

  /** The tab that holds it has crashed. */
  crash(name) {
    this.free(name, this.held.get(name));
  }
}
