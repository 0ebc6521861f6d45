import { ndjsonDecoder } from "../decoders.js";
import { stream } from "./stream.js";

/** @type {import("./call.js").Transport} */
export const ndjson = {
  _usable: (world) => "fetch" in world && "ReadableStream" in world && "TextDecoder" in world,
  _open: (call) => stream(call, ndjsonDecoder(call._take)),
};
