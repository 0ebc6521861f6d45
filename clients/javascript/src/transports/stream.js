import { ask } from "./ask.js";
import { ENDED } from "./call.js";

/**
 * Reads a response as it comes.
 * @param {import("./call.js").Call} call
 * @param {(piece: string) => void} decode
 * @returns {import("./call.js").Handle}
 */
export function stream(call, decode) {
  const abort = new AbortController();
  ask(call, abort.signal, async ({ body }) => {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
    const text = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return call._end({ reason: ENDED });
      decode(text.decode(value, { stream: true }));
    }
  });
  return { _close: () => abort.abort(), _ack: call._ack };
}
