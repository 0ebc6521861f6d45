import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { within } from "./within.js";

const binary = process.env.ORBITED_BINARY;

/** Why tests with the real server are skipped; false: they are not. */
export const skip = binary ? false : "there is no server: name its binary in ORBITED_BINARY";

/** The real server, in a process of its own, on ports that the system chooses. */
export class Orbited {
  #folder;
  #process;
  #log = "";
  #output = "";

  /**
   * @param settings Settings of `[global]`.
   * @param sections Further sections, as they are.
   * @param secret What an `Auth` must show.
   */
  constructor({ settings = {}, sections = "", secret } = {}) {
    accessSync(binary, constants.X_OK);
    this.#folder = mkdtempSync(path.join(tmpdir(), "orbited-node-"));
    const config = path.join(this.#folder, "orbited.cfg");
    const lines = Object.entries({ "http.port": 0, "op.port": 0, ...settings });
    writeFileSync(config, `[global]\n${lines.map(([name, value]) => `${name} = ${value}\n`).join("")}\n${sections}`);
    const flags = ["serve", "--config", config];
    if (secret) {
      const file = path.join(this.#folder, "secret");
      writeFileSync(file, secret, { mode: 0o600 });
      flags.push("--op-secret-file", file);
    }
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("ORBITED_"));
    this.#process = spawn(binary, flags, { env: Object.fromEntries(environment), stdio: ["ignore", "pipe", "pipe"] });
    this.#process.stderr.on("data", (data) => this.#log += data);
    this.ended = once(this.#process, "exit");
  }

  /** Start a server, give it to a test, and end it. */
  static async run(options, test) {
    const server = new Orbited(options);
    try {
      await within(server.#listens(), "where the server listens");
      await test(server);
    } catch (error) {
      error.message += `\nThe server said:\n${server.#log}`;
      throw error;
    } finally {
      await server.kill();
      rmSync(server.#folder, { recursive: true });
    }
  }

  /** End it as an operator would, and give its exit status. */
  async terminate() {
    this.#process.kill("SIGTERM");
    const [status] = await within(this.ended, "the server's end");
    return status;
  }

  /** End it as a fault would. */
  async kill() {
    this.#process.kill("SIGKILL");
    await within(this.ended, "the server's end");
  }

  async #listens() {
    const ended = this.ended.then(([status]) => {
      throw new Error(`the server ended with status ${status}`);
    });
    ended.catch(() => {});
    while (!(this.httpPort && this.controlPort)) {
      this.#output += (await Promise.race([once(this.#process.stdout, "data"), ended]))[0];
      this.httpPort = portOf(/http listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(this.#output));
      this.controlPort = portOf(/control listening on 127\.0\.0\.1:(\d+)/.exec(this.#output));
    }
    this.#process.stdout.resume();
  }
}

function portOf(found) {
  return found ? Number(found[1]) : undefined;
}
