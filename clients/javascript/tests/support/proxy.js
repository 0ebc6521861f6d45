import net from "node:net";

/** Stands between page and server, and cuts the answer to one event request after some bytes. */
export class CuttingProxy {
  /** @param {number} port The server's. */
  constructor(port) {
    this.port = port;
    /** Which event request's answer is cut, and after how many bytes; Infinity: never. */
    this.cutRequest = 1;
    this.cutAfter = Infinity;
    this.requests = 0;
    /** How many bytes of the answer to that request went to the page. */
    this.passed = 0;
    this.cuts = 0;
    this.sockets = new Set();
    this.tcp = net.createServer((page) => this.connect(page));
  }

  async listen() {
    await new Promise((resolve) => this.tcp.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.tcp.address().port}`;
    return this;
  }

  async close() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.tcp.close(resolve));
  }

  connect(page) {
    const server = net.connect(this.port, "127.0.0.1");
    const both = [page, server];
    const end = () => both.forEach((socket) => socket.destroy());
    let chosen = false;
    let left = Infinity;
    both.forEach((socket) => {
      this.sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        this.sockets.delete(socket);
        end();
      });
    });
    page.on("data", (bytes) => {
      if (bytes.includes("transport=")) {
        chosen = ++this.requests === this.cutRequest;
        left = chosen ? this.cutAfter : Infinity;
      }
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (chosen) this.passed += bytes.length;
      if (bytes.length < left) {
        left -= bytes.length;
        page.write(bytes);
      } else {
        this.cuts += 1;
        server.destroy();
        page.write(bytes.subarray(0, left), end);
        left = 0;
      }
    });
  }
}
