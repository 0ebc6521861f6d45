/** Time that passes when a test says so. */
export class Clock {
  constructor() {
    this.now = 0;
    this.made = 0;
    this.timers = new Map();
    this.setTimeout = (then, ms = 0) => {
      this.timers.set(++this.made, { at: this.now + ms, then });
      return this.made;
    };
    this.clearTimeout = (id) => {
      this.timers.delete(id);
    };
    this.performance = { now: () => this.now };
    this.Date = { now: () => this.now };
  }

  /** Let this much time pass, and what falls into it happen. */
  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, { at, then }] = due;
      this.timers.delete(id);
      this.now = Math.max(this.now, at);
      then();
    }
    this.now = end;
  }
}
