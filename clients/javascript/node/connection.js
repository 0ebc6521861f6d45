import * as net from "node:net";
import * as tls from "node:tls";

/** @typedef {import("node:buffer").Buffer} Buffer */

/**
 * What a connection tells. Nothing more is told after `lost`, or after `close()`.
 * @typedef {object} Listener
 * @property {() => void} opened
 * @property {(data: Buffer) => void} received
 * @property {() => void} roomy It takes more bytes again.
 * @property {(reason: string, cause: unknown) => void} lost
 */

/** One TCP or TLS connection. */
export class Connection {
  #socket;
  #told = true;

  /**
   * @param {{ host: string, port: number, tls: object | undefined }} place
   * @param {Listener} listener
   */
  constructor({ host, port, tls: options }, listener) {
    const servername = net.isIP(host) ? undefined : host;
    this.#socket = options ? tls.connect({ servername, ...options, host, port }) : net.connect({ host, port });
    this.#socket.setNoDelay(true);
    this.#socket.setKeepAlive(true, 30000);
    this.#socket.on(options ? "secureConnect" : "connect", this.#telling(listener.opened));
    this.#socket.on("data", this.#telling(listener.received));
    this.#socket.on("drain", this.#telling(listener.roomy));
    /**
     * @param {string} reason
     * @param {unknown} [cause]
     */
    const lose = (reason, cause) => {
      if (this.#told) listener.lost(reason, cause);
      this.close();
    };
    this.#socket.on("error", (error) => lose(reasonOf(error), error));
    this.#socket.on("end", () => lose("the server closed it"));
    this.#socket.on("close", () => lose("it was closed"));
  }

  /** Whether it takes more bytes now. */
  get hasRoom() {
    return !this.#socket.writableNeedDrain;
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.#socket.write(bytes);
  }

  close() {
    this.#told = false;
    this.#socket.destroy();
  }

  /**
   * Whether the process has to live for it.
   * @param {boolean} alive
   */
  keepAlive(alive) {
    if (alive) this.#socket.ref();
    else this.#socket.unref();
  }

  /**
   * @template {unknown[]} Given
   * @param {(...given: Given) => void} tell
   * @returns {(...given: Given) => void}
   */
  #telling(tell) {
    return (...given) => {
      if (this.#told) tell(...given);
    };
  }
}

/**
 * An error about several addresses has no message of its own.
 * @param {Error & { code?: string, errors?: Error[] }} error
 * @returns {string}
 */
function reasonOf({ message, code, errors }) {
  return message || (errors && errors.map((one) => one.message).join("; ")) || code || "it failed";
}
