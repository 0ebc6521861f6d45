import { Client } from "../../../node/index.js";
import { ScriptedPeer } from "./peer.js";
import { within } from "./within.js";

/** Whom the tests send to. */
export const KEY = "u, 0, /x";

/** Run a client against a peer with these scripts. */
export function withPeer(scripts, body, options = {}) {
  return ScriptedPeer.run([scripts].flat(), async (peer) => {
    const orbit = new Client({ host: "127.0.0.1", port: peer.port, ...options });
    try {
      await within(body(orbit, peer), "the end of the test");
    } finally {
      await orbit.disconnect({ timeout: 0 });
    }
  });
}

/** A peer that says Success to each frame. */
export const answering = async (connection) => await connection.answerAll();

/** A peer that takes so many events after the greeting, and then does something. */
export const after = (count, then) => async (connection) => {
  await connection.greet();
  const frames = [];
  for (let at = 0; at < count; at++) frames.push(await connection.frame());
  await then(connection, frames);
};
