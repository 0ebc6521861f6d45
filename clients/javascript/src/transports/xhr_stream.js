import { frameDecoder } from "../decoders.js";
import { ENDED } from "./call.js";
import { request } from "./request.js";

/** @type {import("./call.js").Transport} */
export const xhr_stream = {
  _usable: (world) => "XMLHttpRequest" in world,
  _open(call) {
    const decode = frameDecoder(call._take);
    let read = 0;
    const giveUp = request(call, (text, complete) => {
      const piece = text.slice(read);
      read = text.length;
      if (piece) decode(piece);
      if (complete) call._end({ reason: ENDED });
    });
    return { _close: giveUp };
  },
};
