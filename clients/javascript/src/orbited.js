import { Connection } from "./connection.js";
import { attach_iframe, page } from "./transports/iframe.js";

export { attach_iframe, Connection };

/**
 * As in 2008: calls back with the value of each event.
 * @param {(data: any) => void} callback
 * @param {string} user
 * @param {string} location
 * @param {string} [session]
 * @param {import("../orbited.js").Transport} [transport] Without one the best is found.
 */
export function connect(callback, user, location, session, transport) {
  const connection = new Connection({
    user,
    location,
    session,
    transports: transport ? [transport] : undefined,
  });
  page._callback = callback;
  connection.addEventListener("event", (event) => callback(/** @type {any} */ (event).data));
  return connection;
}

/** As in 2008. */
export function create_xhr() {
  return new XMLHttpRequest();
}
