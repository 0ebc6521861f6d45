import { ENDED } from "./call.js";

/** @type {import("./call.js").Transport} */
export const ws = {
  _usable: (world) => "WebSocket" in world,
  _socket: true,
  _open(call) {
    const socket = new call._world.WebSocket(call._url().replace(/^http/, "ws"), "orbited.1");
    socket.onmessage = ({ data }) => call._read(data);
    socket.onclose = ({ code, reason }) => {
      if (code === 4001) call._take({ closed: "replaced" });
      call._end({ reason: reason || ENDED, final: code >= 4000 && code < 4100 });
    };
    return {
      _close() {
        socket.onmessage = socket.onclose = null;
        socket.close();
      },
      _ack(cursor) {
        if (socket.readyState === 1) socket.send(JSON.stringify({ ack: cursor }));
      },
    };
  },
};
