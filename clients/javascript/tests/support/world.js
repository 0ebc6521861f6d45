/** What a page's surroundings have; nothing random, nothing remembered, unless a test says so. */
export function world(extra = {}) {
  const events = new EventTarget();
  return {
    setTimeout,
    clearTimeout,
    performance,
    Date,
    Math: { random: () => 0 },
    addEventListener: (...given) => events.addEventListener(...given),
    removeEventListener: (...given) => events.removeEventListener(...given),
    dispatchEvent: (event) => events.dispatchEvent(event),
    ...extra,
  };
}

/** The surroundings of a page that can read streams. */
export function streamingWorld(extra = {}) {
  return world({ fetch, ReadableStream, TextDecoder, ...extra });
}

/** The page's storage. */
export function storage(items = {}) {
  return {
    items,
    getItem: (name) => items[name] ?? null,
    setItem(name, text) {
      items[name] = text;
    },
  };
}

/** What a connection has told, as plain values. */
export function record(connection) {
  const told = [];
  for (const type of ["event", "open", "reconnecting", "gap", "replaced", "closed"]) {
    connection.addEventListener(type, (event) => told.push(type === "event" ? event.data : type));
  }
  return told;
}

const PATIENCE_MS = 10000;

/** Wait until something is so; fail if it never is. */
export async function until(so, what = String(so)) {
  const end = performance.now() + PATIENCE_MS;
  while (!so()) {
    if (performance.now() > end) throw new Error(`It did not come to this: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
