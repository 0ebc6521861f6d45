/** The codes of the registry that this client acts upon. All others are told by their hundreds [CTL-49]. */
export const BAD_ACTION = 102;
export const AUTH_REQUIRED = 501;
export const AUTH_FAILED = 502;

/** After a `Failure` with one of these the server closes the connection [CTL-80], [CTL-132]. */
export const CLOSING = new Set([101, 108, 401, 402, 403, AUTH_FAILED]);
