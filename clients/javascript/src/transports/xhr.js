import { valueOf } from "../message.js";
import { repeat } from "./repeat.js";
import { request } from "./request.js";

/** One event a request, as in 2007; an empty answer means that nothing came. */
/** @type {import("./call.js").Transport} */
export const xhr = {
  _usable: (world) => "XMLHttpRequest" in world,
  _poll: true,
  _open: (call) =>
    repeat(call, (answered) =>
      request(call, (text, complete) => {
        if (complete) answered({ events: text ? [valueOf(text)] : [] });
      })),
};
