import { UNREACHABLE } from "./call.js";
import { repeat } from "./repeat.js";

/**
 * How long after its script a failure counts, in ms. Firefox fails the scripts of a page that is left just before it says
 * so, and never gives up one that is made in between: the server would hold it for a page that is gone.
 */
const LEAVING = 50;

let made = 0;

/** @type {import("./call.js").Transport} */
export const jsonp = {
  _usable: (world) => "document" in world,
  _poll: true,
  _open: (call) =>
    repeat(call, (answered) => {
      const { _world: world } = call;
      const { document } = world;
      const globals = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (world));
      const name = `orbited_${++made}`;
      const script = document.createElement("script");
      /** @type {import("../message.js").Message | undefined} */
      let answer;
      const away = () => {
        script.remove();
        // What still comes must find a function.
        globals[name] = () => {};
      };
      globals[name] = (/** @type {import("../message.js").Message} */ message) => {
        answer = message;
      };
      script.onload = script.onerror = () => {
        away();
        delete globals[name];
        if (answer) answered(answer);
        else world.setTimeout(() => call._end({ reason: UNREACHABLE }), LEAVING);
      };
      script.src = `${call._url()}&callback=${name}`;
      (document.head || document.documentElement).appendChild(script);
      return away;
    }),
};
