/**
 * Where a page lives: all that the library asks of its surroundings is a property of it. Tests give a stand-in.
 * @typedef {typeof globalThis} World
 */

/** @type {World} */
export const here = typeof self === "object" ? self : globalThis;
