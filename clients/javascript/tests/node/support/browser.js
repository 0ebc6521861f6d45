import { once } from "node:events";
import http from "node:http";
import { within } from "./within.js";

/** The URL of a key's events, in the form with a query. */
function address({ httpPort }, key, fields) {
  const [, user, session, location] = /^(.*?), (.*?), (.*)$/.exec(key);
  return `http://127.0.0.1:${httpPort}${location}?${new URLSearchParams({ user, session, ...fields })}`;
}

/** What a browser's stream on `sse` looks like from below. */
export class Browser {
  #agent = new http.Agent();
  #parts = "";
  #server;
  #key;
  /** The cursor of the last event. */
  cursor = "";

  constructor(server, key) {
    this.#server = server;
    this.#key = key;
  }

  /** Connect; the server knows the session when the head of the answer is there. */
  static async open(server, key, transport = "sse") {
    const browser = new Browser(server, key);
    const request = http.get(address(server, browser.#key, { transport }), { agent: browser.#agent });
    [browser.response] = await within(once(request, "response"), "the head of the stream");
    if (browser.response.statusCode !== 200) throw new Error(`status ${browser.response.statusCode}`);
    browser.response.setEncoding("utf8");
    browser.chunks = browser.response[Symbol.asyncIterator]();
    return browser;
  }

  /** The data of the next event on `sse`; undefined: the stream has ended. */
  async next() {
    for (;;) {
      const end = this.#parts.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#parts.slice(0, end);
        this.#parts = this.#parts.slice(end + 2);
        const field = (name) => block.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        this.cursor = field("id") ?? this.cursor;
        if (field("data") !== undefined) return field("data");
      } else {
        const { value, done } = await within(this.chunks.next(), "the next event").catch(() => ({ done: true }));
        if (done) return undefined;
        this.#parts += value;
      }
    }
  }

  /** Say that the browser has all events so far. */
  async acknowledge() {
    const request = http.get(address(this.#server, this.#key, { ack: this.cursor }));
    const [response] = await within(once(request, "response"), "the answer to an ack");
    response.resume();
    if (response.statusCode !== 204) throw new Error(`status ${response.statusCode}`);
  }

  /** Go away. */
  close() {
    this.#agent.destroy();
    this.response.destroy();
  }
}

/** Ask once with `xhr`, a poll, and give the one event that answers it. */
export async function poll(server, key) {
  const agent = new http.Agent();
  const request = http.get(address(server, key, { transport: "xhr" }), { agent });
  const [response] = await within(once(request, "response"), "the answer to a poll");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  agent.destroy();
  return text;
}

/** Let a key have a session whose browser is away: events wait for it until the session's end. */
export async function away(server, orbit, key) {
  const polling = poll(server, key);
  while (!(await orbit.event(key, "first")).ok);
  await polling;
}
