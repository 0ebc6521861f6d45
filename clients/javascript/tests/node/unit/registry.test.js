import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTH_FAILED, AUTH_REQUIRED, BAD_ACTION, CLOSING } from "../../../node/codes.js";
import * as errors from "../../../node/errors.js";
import * as index from "../../../node/index.js";
import { DEFAULT_LIMITS } from "../../../node/limits.js";
import { readOptions } from "../../../node/options.js";
import { REGISTRY } from "../support/vectors.js";

const value = (table, name) => REGISTRY[table].find((entry) => entry.name === name).value;

test("codes have the names that the registry gives them", () => {
  const names = Object.fromEntries(REGISTRY.codes.map(({ code, name }) => [code, name]));
  assert.deepEqual([names[BAD_ACTION], names[AUTH_REQUIRED], names[AUTH_FAILED]], [
    "bad_action",
    "auth_required",
    "auth_failed",
  ]);
});

test("the connection closes after the codes of which the registry says so, and a retry helps after those", () => {
  for (const { code, closes, retry } of REGISTRY.codes) {
    assert.equal(CLOSING.has(code), closes, `${code}`);
    assert.equal(new errors.RefusedError("m", code).retriable, retry, `${code}`);
  }
});

test("limits and defaults are those of the registry", () => {
  const names = { line: "line", recipients: "recipients", body: "body", head: "head" };
  for (const [name, registered] of Object.entries(names)) {
    assert.equal(DEFAULT_LIMITS[name], value("limits", `control.${registered}`), name);
  }
  assert.equal(readOptions({}).place.port, value("defaults", "op.port"));
});

test("less is in flight than that at which a server stops to read, so that it answers a Ping", () => {
  assert.ok(DEFAULT_LIMITS.inFlight < value("limits", "control.in_flight"));
  assert.ok(DEFAULT_LIMITS.inFlightBytes < value("limits", "control.in_flight_bytes"));
});

test("the ids of each client begin as those of no other, unless it is told how", () => {
  const [one, two] = [readOptions({}).idPrefix, readOptions({}).idPrefix];
  assert.match(one, /^[0-9a-f]{10}-$/);
  assert.notEqual(one, two);
  assert.equal(readOptions({ idPrefix: "" }).idPrefix, "");
});

test("each error has its name, and all are of one tree and exported", () => {
  for (const [name, Kind] of Object.entries(errors)) {
    if (name === "Aborted") continue;
    assert.equal(index[name], Kind, name);
    const error = new Kind("m");
    assert.equal(error.name, name);
    assert.ok(error instanceof errors.OrbitedError && error instanceof Error);
    assert.match(error.stack, /registry\.test/);
  }
});
