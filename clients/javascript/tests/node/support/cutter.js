import { once } from "node:events";
import net from "node:net";

/** Stands between a client and its server, and cuts their connections when it is told to. */
export class Cutter {
  #sockets = new Set();
  #server;

  static async run(port, test) {
    const cutter = new Cutter();
    cutter.#server = net.createServer((near) => {
      const far = net.connect({ host: "127.0.0.1", port });
      for (const [one, other] of [[near, far], [far, near]]) {
        cutter.#sockets.add(one);
        one.pipe(other);
        one.on("error", () => {});
        one.on("close", () => other.destroy());
        one.on("close", () => cutter.#sockets.delete(one));
      }
    }).listen(0, "127.0.0.1");
    await once(cutter.#server, "listening");
    cutter.port = cutter.#server.address().port;
    try {
      await test(cutter);
    } finally {
      cutter.#server.close();
      cutter.cut();
    }
  }

  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }
}
