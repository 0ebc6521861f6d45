import { ENDED } from "./call.js";

/** The callback of pages that make their frames themselves, as in 2008. */
export const page = { _callback: /** @type {(data: unknown) => void} */ (() => {}) };

/**
 * Called by `/_/iframe.js` in each frame that is of the page's origin.
 * @param {any} frame The frame's window.
 */
export function attach_iframe(frame) {
  const element = frame.frameElement;
  /** @type {import("./call.js").Call | undefined} */
  const call = element && element.orbited;
  frame.p = call ? () => call._take({}) : () => {};
  frame.e = call ? (/** @type {unknown} */ data) => call._take({ data }) : page._callback;
  frame.p();
  // Where a browser takes a connection that broke for the page's end, this is the first that is seen of it.
  if (call && frame.document) frame.document.addEventListener("DOMContentLoaded", () => call._end({ reason: ENDED }));
}

/** @type {import("./call.js").Transport} */
export const iframe = {
  _usable: (world) => "document" in world,
  _open(call) {
    const world = /** @type {World & {Orbited?: any}} */ (call._world);
    const { document } = world;
    const frame = document.createElement("iframe");
    // A frame of another origin can't call the page, so it posts; any message shows that it lives.
    const hear = (/** @type {MessageEvent} */ { data, source, origin }) => {
      if (source !== frame.contentWindow || origin !== call._origin) return;
      call._take(data && "orbited" in data ? { data: data.orbited } : {});
    };
    world.Orbited = world.Orbited || {};
    world.Orbited.attach_iframe = world.Orbited.attach_iframe || attach_iframe;
    Object.assign(frame, { orbited: call, hidden: true });
    // A document that never ends has no load event: this is its end, or an error page.
    frame.onload = () => call._end({ reason: ENDED });
    frame.src = call._url() + (call._page ? `&origin=${encodeURIComponent(call._page)}` : "");
    world.addEventListener("message", hear);
    (document.body || document.documentElement).appendChild(frame);
    return {
      _close() {
        world.removeEventListener("message", hear);
        frame.onload = null;
        frame.remove();
      },
    };
  },
};

/** @typedef {import("../world.js").World} World */
