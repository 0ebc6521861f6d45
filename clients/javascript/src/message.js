/**
 * What a server says, in the words of `ndjson` and `poll`, whatever the transport.
 * @typedef {object} Message
 * @property {string} [cursor] How far the page is when it has this message; opaque.
 * @property {unknown} [data] The value of one event.
 * @property {unknown[]} [events] The values of several events.
 * @property {boolean} [batch] Whether the events are the whole answer to a poll.
 * @property {boolean} [gap] Something is missing before these events.
 * @property {string} [closed] Why the server ends the connection: "replaced", "closed" or "shutdown".
 * @property {string} [reason] What the application said when it closed the session.
 * @property {number} [retry] How long the server would have the page wait before it comes back, in ms.
 */

/**
 * The value of a body: what it says as JSON, or the text itself.
 * @param {string} text
 * @returns {unknown}
 */
export function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
