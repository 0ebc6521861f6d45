/** @typedef {import("../message.js").Message} Message */
/** @typedef {import("../attempts.js").Failure} Failure */
/** @typedef {import("../world.js").World} World */

/**
 * One attempt to connect, as its transport sees it. When it is over nothing that it is told counts any more.
 * @typedef {object} Call
 * @property {World} _world
 * @property {() => string} _url The event URL, with the cursor of this moment.
 * @property {boolean} _credentials Whether cookies go to a foreign server too.
 * @property {string | undefined} _page The origin of the page, if the server is of another one.
 * @property {string} _origin The server's origin.
 * @property {(message: Message) => void} _take The server said something.
 * @property {(text: string) => void} _read The same, as JSON.
 * @property {(failure: Failure) => void} _end It is over.
 * @property {() => void} _ack Acknowledges with a request of its own.
 */

/**
 * @typedef {object} Handle
 * @property {() => void} _close Ends it, and tells nobody.
 * @property {(cursor: string) => void} [_ack] Tells the server what was seen; without it the next request does.
 * @property {boolean} [_quiet] Heartbeats can't be seen.
 */

/**
 * @typedef {object} Transport
 * @property {(world: World) => boolean} _usable Whether the page's surroundings have what it needs.
 * @property {boolean} [_poll] The answer comes with the first event: nothing can hold it back, and it may take long.
 * @property {boolean} [_socket] It is no HTTP response, which something may hold back.
 * @property {(call: Call) => Handle} _open
 */

export const ENDED = "The server ended the connection.";
export const UNREACHABLE = "The server can't be reached.";
