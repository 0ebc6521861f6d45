import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";

const BUNDLE = fileURLToPath(new URL("../../bundle", import.meta.url));
const PUBLIC = ["Connection", "attach_iframe", "connect", "create_xhr"];
const FILES = ["orbited.js", "orbited.mjs"];
const MOST_BYTES = 8192;

beforeEach((context) => {
  context.place = mkdtempSync(join(tmpdir(), "orbited-bundle-"));
});

afterEach(({ place }) => rmSync(place, { recursive: true }));

const bundle = (...given) => execFileSync(BUNDLE, given, { cwd: "/", encoding: "utf8" });
const read = (...path) => readFileSync(join(...path), "utf8");

test("both builds are small, and the same each time", ({ place }) => {
  const said = bundle(join(place, "a"));
  bundle(join(place, "b"));
  assert.deepEqual(readdirSync(join(place, "a")).sort(), FILES);
  for (const file of FILES) {
    const text = read(place, "a", file);
    const size = gzipSync(text, { level: 9 }).length;
    assert.ok(size <= MOST_BYTES, `${file} has ${size} bytes`);
    assert.match(said, new RegExp(`^${file}: \\d+ bytes gzipped, of at most ${MOST_BYTES}$`, "m"));
    assert.equal(read(place, "b", file), text);
    assert.match(text, /^\/\* orbited\.js \d+\.\d+\.\d+, MIT License, .*\*\/\n/);
    assert.ok(!text.includes("\r"));
  }
});

test("the classic script sets the global Orbited", ({ place }) => {
  bundle(place);
  const page = vm.createContext({ EventTarget, Promise });
  page.self = page;
  vm.runInContext(read(place, "orbited.js"), page);
  assert.deepEqual(Object.keys(page.Orbited).sort(), PUBLIC);
  assert.deepEqual(Object.keys(page).sort(), ["EventTarget", "Orbited", "Promise", "self"]);
});

test("the module exports the same", async ({ place }) => {
  bundle(place);
  const module = await import(pathToFileURL(join(place, "orbited.mjs")));
  assert.deepEqual(Object.keys(module).sort(), PUBLIC);
});

test("the Swift file holds both, byte for byte", ({ place }) => {
  const swift = join(place, "JavaScriptFiles.swift");
  bundle(place);
  bundle("--swift", swift);
  const strings = [...read(swift).matchAll(/static let (\w+) = ###"""\n([^]*?)\n"""###\n/g)];
  assert.deepEqual(strings.map(([, name]) => name), ["classic", "module"]);
  strings.forEach(([, , text], at) => assert.equal(text, read(place, FILES[at])));
});

test("without esbuild it says what is missing", ({ place }) => {
  for (const tool of ["dirname", "mktemp", "rm"]) {
    symlinkSync(
      execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(),
      join(place, tool),
    );
  }
  const { status, stderr } = spawnSync("/bin/sh", [BUNDLE, join(place, "out")], {
    env: { PATH: place },
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^bundle: there is no esbuild on the path; .*\n$/);
});

test("it says how to call it", () => {
  for (const given of [[], ["--swift"], ["--other"], ["a", "b"]]) {
    const { status, stderr } = spawnSync(BUNDLE, given, { encoding: "utf8" });
    assert.equal(status, 1);
    assert.equal(stderr, "bundle: usage: bundle OUT_DIR | bundle --swift OUT.swift\n");
  }
});
