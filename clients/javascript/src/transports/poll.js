import { ask } from "./ask.js";
import { repeat } from "./repeat.js";

/** @type {import("./call.js").Transport} */
export const poll = {
  _usable: (world) => "fetch" in world,
  _poll: true,
  _open: (call) =>
    repeat(call, (answered) => {
      const abort = new AbortController();
      ask(call, abort.signal, async (response) => answered(await response.json()));
      return () => abort.abort();
    }),
};
