import { UNREACHABLE } from "./call.js";
import { repeat } from "./repeat.js";

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
        else call._end({ reason: UNREACHABLE });
      };
      script.src = `${call._url()}&callback=${name}`;
      (document.head || document.documentElement).appendChild(script);
      return away;
    }),
};
