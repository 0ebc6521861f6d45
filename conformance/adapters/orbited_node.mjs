#!/usr/bin/env node
// The adapter of orbited/node; README.md says how adapters speak.

import { readFileSync } from "node:fs";
import process from "node:process";
import { Client, OrbitedError } from "../../clients/javascript/node/index.js";

const FEATURES = [
  "orbit-1.0",
  "orbit-1.1",
  "auth",
  "watch",
  "retry",
  "queue",
  "reconnect",
  "heartbeat",
];
/** What each verb may be given. */
const MEMBERS = {
  hello: [],
  client: ["host", "port", "secret", "timeout", "heartbeat", "queue", "whenFull", "ca"],
  event: ["to", "body", "ack", "ttl", "retry"],
  list: ["of", "limit"],
  close: ["of", "reason"],
  ping: [],
  auth: ["secret"],
  watch: ["of", "state", "since"],
  unwatch: ["watch"],
  quit: [],
};
/** How long the calls that are under way at the end are waited for, in ms. */
const LAST = 5000;

class Unsupported extends Error {
  name = "Unsupported";
}

let orbit;
/** By the numbers of their calls. */
const watches = new Map();

const verbs = {
  hello() {
    const file = new URL("../../clients/javascript/package.json", import.meta.url);
    return { name: "orbited/node", version: JSON.parse(readFileSync(file, "utf8")).version, features: FEATURES };
  },
  client({ ca, ...options }) {
    for (const name of ["timeout", "heartbeat"]) if (name in options) options[name] *= 1000;
    orbit = new Client({ ...options, tls: ca === undefined ? undefined : { ca: readFileSync(ca) } });
  },
  async event({ to, body, ...options }) {
    const { id, reached, unreached } = await orbit.event(to.map(recipient), body, { json: false, ...options });
    return { id, reached, unreached };
  },
  async list({ of, limit }) {
    const { keys, more } = await orbit.list(of.map(recipient), { limit });
    return { keys, more };
  },
  close: async ({ of, reason }) => ({ closed: await orbit.close(of.map(recipient), { reason }) }),
  ping: () => orbit.ping(),
  auth: ({ secret }) => orbit.auth(secret),
  async watch({ of, ...options }, number) {
    if (of.length !== 1) throw new RangeError("a watch is of one recipient");
    const watch = orbit.watch(recipient(of[0]), options);
    watches.set(number, watch);
    await watch.ready;
  },
  async unwatch({ watch }) {
    await orbit.unwatch(watches.get(watch));
  },
  quit() {},
};

/** Begin a call at once, and tell what becomes of it. */
async function carryOut({ call, do: verb, ...members }) {
  try {
    if (!Object.hasOwn(MEMBERS, verb)) throw new Unsupported(`the adapter knows no verb ${verb}`);
    const unknown = Object.keys(members).filter((name) => !MEMBERS[verb].includes(name));
    if (unknown.length > 0) throw new Unsupported(`the adapter knows no ${unknown} of ${verb}`);
    tell({ call, returns: (await verbs[verb](members, call)) ?? {} });
  } catch (error) {
    return tell({ call, throws: described(error) });
  }
  if (verb === "watch") await follow(call, watches.get(call));
}

async function follow(call, watch) {
  try {
    for await (const { type, ...notice } of watch) {
      tell({ call, notice: type === "gap" ? { word: type } : { word: type, ...notice } });
    }
  } catch (error) {
    tell({ call, ended: described(error) });
  }
}

/** Write a recipient as the library has it. */
function recipient(given) {
  if (!Array.isArray(given)) return given;
  const [user, session, location] = given;
  return { user, session, location };
}

function described(error) {
  const { code, retriable, maybeDelivered } = error instanceof OrbitedError
    ? error
    : { code: null, retriable: false, maybeDelivered: false };
  return { name: error.name, message: error.message, code, retriable, maybeDelivered };
}

function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The lines of a stream. Those of node:readline end at U+2028 as well. */
async function* linesOf(stream) {
  let rest = "";
  for await (const part of stream.setEncoding("utf8")) {
    const lines = `${rest}${part}`.split("\n");
    rest = lines.pop();
    yield* lines;
  }
}

for await (const line of linesOf(process.stdin)) {
  const call = JSON.parse(line);
  carryOut(call);
  if (call.do === "quit") break;
}
await orbit?.disconnect({ timeout: LAST });
