import { sseDecoder } from "../decoders.js";
import { valueOf } from "../message.js";
import { ENDED } from "./call.js";
import { ndjson } from "./ndjson.js";
import { stream } from "./stream.js";

/**
 * An EventSource shows neither the position nor heartbeats nor a status, so that a stream which something holds back,
 * or which is dead, looks like one without events. It serves where `fetch` can't read streams.
 * @type {import("./call.js").Transport}
 */
export const sse = {
  _usable: (world) => ndjson._usable(world) || "EventSource" in world,
  _open: (call) => ndjson._usable(call._world) ? stream(call, sseDecoder(call._take)) : source(call),
};

/**
 * @param {import("./call.js").Call} call
 * @returns {import("./call.js").Handle}
 */
function source(call) {
  const events = new call._world.EventSource(call._url(), { withCredentials: call._credentials });
  events.onopen = () => call._take({});
  events.onmessage = ({ data, lastEventId }) => call._take({ cursor: lastEventId, data: valueOf(data) });
  events.addEventListener("gap", ({ lastEventId }) => call._take({ cursor: lastEventId, gap: true }));
  events.addEventListener("replaced", () => call._take({ closed: "replaced" }));
  events.addEventListener("closed", ({ data }) => call._take({ closed: "closed", reason: data }));
  // It would come back by itself, but when, and with what, is for the library to say.
  events.onerror = () => call._end({ reason: ENDED });
  return { _close: () => events.close(), _ack: call._ack, _quiet: true };
}
