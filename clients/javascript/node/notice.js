/** @typedef {import("./key.js").ConnectionKey} ConnectionKey */

/**
 * A place in the sequence of sign-ons and sign-offs [CTL-136].
 * @typedef {{ epoch: string, sequence: number }} Position
 */

/**
 * The key has a session, as the watch begins [CTL-140].
 * @typedef {{ type: "present", key: ConnectionKey, epoch: string, sequence: number }} Present
 */

/**
 * The first browser of the key has connected.
 * @typedef {{ type: "signon", key: ConnectionKey, epoch: string, sequence: number }} Signon
 */

/**
 * The session of the key has ended. `reason` is `expired`, `closed`, `shutdown` or `overflow`, or another word of
 * a later server.
 * `missed` are the ids of the events that waited for it, and `unconfirmed` of those that its browser did not
 * acknowledge, of all publishers [CTL-144].
 * @typedef {{
 *   type: "signoff", key: ConnectionKey, epoch: string, sequence: number,
 *   reason: string, missed: string[], unconfirmed: string[],
 * }} Signoff
 */

/**
 * Notices are missing here, or may be: the connection was lost, and the server does not know the watch's place any more
 * [CTL-153]. The place is where the watch goes on.
 * @typedef {{ type: "gap", epoch: string, sequence: number }} Gap
 */

/** @typedef {Present | Signon | Signoff | Gap} Notice */

/**
 * Notices are missing before this place.
 * @param {Position} position
 * @returns {Gap}
 */
export function gap({ epoch, sequence }) {
  return { type: "gap", epoch, sequence };
}
