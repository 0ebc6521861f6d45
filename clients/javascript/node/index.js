/**
 * A publisher for Node: pushes events to browsers through Orbited.
 *
 *     import { Client } from "orbited/node";
 *
 *     const orbit = new Client();
 *     const receipt = await orbit.event("michael, 0, /chat", { hello: "world" });
 */
export { Client } from "./client.js";
export {
  Aborted,
  ConnectFailed,
  ConnectionLost,
  Disconnected,
  Dropped,
  InvalidBody,
  InvalidRecipient,
  InvalidValue,
  LimitExceeded,
  NoticesOverflow,
  OrbitedConnectionError,
  OrbitedError,
  ProtocolError,
  QueueFull,
  RefusedError,
  Timeout,
  UnsupportedVersion,
} from "./errors.js";
export { ConnectionKey, Pattern } from "./key.js";
export { Listing, Receipt, Unreached } from "./receipt.js";
export { Watch } from "./watch.js";
