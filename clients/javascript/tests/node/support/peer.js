import { Buffer } from "node:buffer";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { within } from "./within.js";

/** The peer's end of one connection. */
class PeerConnection {
  #bytes = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  constructor(socket) {
    this.socket = socket;
    socket.on("data", (data) => {
      this.#bytes = Buffer.concat([this.#bytes, data]);
      this.#wake();
    });
    for (const end of ["end", "close", "error"]) {
      socket.on(end, () => {
        this.#ended = true;
        this.#wake();
      });
    }
  }

  /** The next frame, read without the code under test; undefined: the client has ended. */
  async frame() {
    const end = await this.#find("\r\n\r\n");
    if (end === undefined) return undefined;
    const lines = this.#take(end).toString().split("\r\n");
    this.#take(4);
    const value = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const length = Number(value("length") ?? 0);
    await this.#until(() => this.#bytes.length >= length);
    return { lines, version: lines[0], action: lines[1], id: value("id"), value, body: this.#take(length) };
  }

  /** Answer the frame with which a client of Orbit 1.1 begins. */
  async greet() {
    const frame = await this.frame();
    this.succeed(frame);
    return frame;
  }

  say(...lines) {
    this.send(lines.map((line) => `${line}\r\n`).join("") + "\r\n");
  }

  succeed({ id, action }) {
    this.say("Success", `id: ${id}`, ...action === "Event" ? ["reached: 1"] : []);
  }

  /** Say Success to each frame until the client is gone. */
  async answerAll() {
    for (let frame = await this.frame(); frame; frame = await this.frame()) this.succeed(frame);
  }

  send(bytes) {
    this.socket.write(bytes);
  }

  /** Wait until the client has ended. */
  async end() {
    await this.#until(() => this.#ended);
  }

  async #find(text) {
    await this.#until(() => this.#ended || this.#bytes.includes(text));
    const at = this.#bytes.indexOf(text);
    return at < 0 ? undefined : at;
  }

  #take(length) {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  async #until(so) {
    while (!so()) {
      await within(new Promise((resolve) => this.#wake = resolve), "the client's next bytes");
    }
  }
}

/**
 * A server on the loopback that does what a test scripts: a script a connection, in order, and the last one for all
 * further connections. A connection is closed at its script's end.
 */
export class ScriptedPeer {
  #server;
  #sockets = new Set();
  #running = [];
  /** How many connections there have been. */
  connections = 0;

  constructor(scripts, tlsOptions) {
    const serve = (socket) => this.#serve(socket, scripts[Math.min(this.connections++, scripts.length - 1)]);
    this.#server = tlsOptions ? tls.createServer(tlsOptions, serve) : net.createServer({ allowHalfOpen: true }, serve);
  }

  /** Listen, give the peer to a test with its port, and end: a script that failed fails the test. */
  static async run(scripts, test, tlsOptions) {
    const peer = new ScriptedPeer(scripts, tlsOptions);
    peer.#server.listen(0, "127.0.0.1");
    await once(peer.#server, "listening");
    peer.port = peer.#server.address().port;
    try {
      await test(peer);
    } finally {
      await peer.stop();
    }
    await Promise.all(peer.#running);
  }

  /** Refuse further connections, and cut those that there are. */
  async stop() {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket, script) {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    const running = script(new PeerConnection(socket)).finally(() => socket.end());
    running.catch(() => {});
    this.#running.push(running);
  }
}

/** A port on which nobody listens. */
export async function refusedPort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
