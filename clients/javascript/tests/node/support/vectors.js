import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";

const REPOSITORY = new URL("../../../../../", import.meta.url);

/** The registry of codes, limits and defaults. */
export const REGISTRY = JSON.parse(readFileSync(new URL("protocol/registry.json", REPOSITORY), "utf8"));

/** All vectors of a folder of the conformance suite. */
export function vectorsOf(folder) {
  const place = new URL(`conformance/vectors/${folder}/`, REPOSITORY);
  const files = readdirSync(place).filter((name) => name.endsWith(".json")).sort();
  return files.flatMap((name) => JSON.parse(readFileSync(new URL(name, place), "utf8")));
}

/** The bytes of one piece. */
export function bytesOf(piece) {
  if ("base64" in piece) return Buffer.from(piece.base64, "base64");
  const { text, count } = piece.repeat ?? { text: piece.text, count: 1 };
  return Buffer.from(text.repeat(count));
}

/** The bytes of several pieces, one after the other. */
export function joined(pieces) {
  return Buffer.concat(pieces.map(bytesOf));
}

/** A sequence of numbers from 0 to below 1 that is the same in each run. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The ways to cut bytes: whole, byte by byte (odd steps if there are many), and at random. */
export function* cuttings(bytes, seed) {
  yield ["whole", [bytes]];
  const step = bytes.length < 2 ** 17 ? 1 : 977;
  yield [step === 1 ? "byte by byte" : `in steps of ${step}`, slices(bytes, () => step)];
  const random = seeded(seed);
  for (const most of [4, 40, 4000]) {
    yield [`at random, up to ${most}`, slices(bytes, () => 1 + Math.floor(random() * most))];
  }
}

function slices(bytes, next) {
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const size = next();
    found.push(bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}
